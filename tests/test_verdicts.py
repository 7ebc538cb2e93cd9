"""A sentence that is supported in part: marked in every form of an answer, with its quote, and never counted as verified."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser import ask, served
from invariants import check_answer
from mcp import Client
from openai import OpenAI
from partial import CONTRADICTED, PARTIAL, QUESTION, QUOTE, SUPPORTED, TALLY, is_carried, marked_once, partial_answers
from test_serve import serving

from assistant import COMPARE, Answer, Assistant, Removed, Sentence
from assistant.integrations.llama_index import VerifiedCitationQueryEngine
from assistant.servers.mcp import make_mcp_server
from assistant.ui import trust
from assistant.ui.render import render_turn
from assistant.ui.turn import Turn
from eval import chat_server, evaluate, invariants, judging, llm_judge, page, scoring
from eval.questions import Question
from eval.run import run

ASKED = Question("q-1", "dev", "figure", QUESTION, (), True, (), (("0.27",),), "")


@pytest.fixture(scope="module")
def view(assistant: Assistant) -> Iterator[Assistant]:
    """An assistant that answers `QUESTION` with a supported and a partial sentence, and removes a contradicted one."""
    with partial_answers() as settings:
        yield assistant.using(**settings)


@pytest.fixture(scope="module")
def answer(view: Assistant) -> Answer:
    answer = view.ask(QUESTION)
    check_answer(answer, view)
    assert [(s.text, s.verdict) for s in answer.sentences] == [(SUPPORTED, "supported"), (PARTIAL, "partial")]
    assert [(r.text, r.verdict) for r in answer.removed] == [(CONTRADICTED, "contradicted")]
    return answer


# -- the answer itself -----------------------------------------------------------------------------------------------------


def test_a_partial_sentence_is_marked_and_never_counted_as_verified(answer: Answer) -> None:
    assert answer.text == f"{SUPPORTED} [1] {PARTIAL} [1] ({COMPARE})"
    assert [s.verified for s in answer.sentences] == [True, False]
    assert answer.tally == TALLY
    assert [c.quote for c in answer.compare_with(answer.sentences[1])] == [QUOTE]
    assert answer.compare_with(answer.sentences[0]) == ()
    assert replace(answer, sentences=answer.sentences[:1]).tally == "", "nothing to tell apart"
    assert replace(answer, sentences=answer.sentences[1:]).tally == "0 of 1 sentence verified"


@pytest.mark.parametrize("verdict", ["partial", "unsupported", "contradicted"])
def test_only_supported_is_verified(verdict: Any) -> None:
    assert not Sentence("x", (1,), verdict).verified


def test_answers_that_were_stored_without_the_mark_are_printed_with_it(answer: Answer) -> None:
    stored = answer.to_dict()
    stored["text"] = f"{SUPPORTED} [1] {PARTIAL} [1]"
    for row in stored["sentences"]:
        del row["compare_with"]
    assert marked_once(str(Answer.from_dict(stored)).split("\n")[0])


# -- documents -------------------------------------------------------------------------------------------------------------


def test_json_carries_verdict_and_quote(answer: Answer) -> None:
    assert is_carried(json.loads(answer.to_json()))
    assert Answer.from_dict(json.loads(answer.to_json())) == answer


def test_exports_mark_it(view: Assistant, answer: Answer) -> None:
    markdown = view.export([answer], "markdown")
    assert f"\\[1\\] (**{COMPARE}**: “{QUOTE}”)" in markdown
    assert marked_once(markdown)
    assert TALLY in markdown
    assert f"Removed by the check (contradicted: {answer.removed[0].why}): {CONTRADICTED}" in markdown
    assert is_carried(json.loads(view.export([answer], "json"))["answers"][0])


def test_removed_text_is_never_markup(view: Assistant, answer: Answer) -> None:
    evil = "![x](http://evil.example/?q)"
    hostile = replace(
        answer, removed=(Removed(evil, "unsupported", evil),), sentences=(Sentence(evil, (1,), "partial"),)
    )
    assert not re.search(r"(?<!\\)[!\[\]]", view.export([hostile], "markdown"))


def test_http_carries_it_whole_and_streamed(view: Assistant) -> None:
    with serving(view) as address, OpenAI(base_url=f"{address}/v1", api_key="none") as client:
        asked: Any = {"model": "abstract-assistant", "messages": [{"role": "user", "content": QUESTION}]}
        message: Any = client.chat.completions.create(**asked).choices[0].message
        assert is_carried(message.answer)
        assert marked_once(message.content)
        assert TALLY in message.content
        assert f"Removed by the check (contradicted: {message.answer['removed'][0]['why']}): {CONTRADICTED}" in (
            message.content
        )
    with (
        partial_answers() as settings,
        serving(view.using(**settings)) as address,
        OpenAI(base_url=f"{address}/v1", api_key="none") as client,
    ):
        chunks: Any = list(client.chat.completions.create(**asked, stream=True))
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == message.content
    assert is_carried(chunks[-1].choices[0].delta.answer)


@pytest.mark.anyio
async def test_mcp_carries_it(assistant: Assistant) -> None:
    with partial_answers() as settings:
        async with Client(make_mcp_server(assistant.using(**settings))) as client:
            asked = await client.call_tool("ask", {"question": QUESTION})
    assert is_carried(asked.structured_content)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_llama_index_carries_it(assistant: Assistant) -> None:
    with partial_answers() as settings:
        response: Any = VerifiedCitationQueryEngine(assistant.using(**settings)).query(QUESTION)
    assert marked_once(str(response))
    assert is_carried(response.metadata["answer"])


# -- the page --------------------------------------------------------------------------------------------------------------


def test_the_page_opens_the_quote_below_the_sentence(answer: Answer) -> None:
    turn = Turn(1, QUESTION, "", 6, answer.model)
    turn.sentences, turn.citations = list(answer.sentences), list(answer.citations)
    running = render_turn(turn)
    assert running.count(f">{COMPARE}<") == 1, "while it streams"
    turn.answer, turn.removed = answer, list(answer.removed)
    shown = render_turn(turn)
    assert shown.count(f">{COMPARE}<") == 1
    assert f"<q>{QUOTE}</q>" in shown.split(f">{COMPARE}<")[1].split("</blockquote>")[0]
    assert TALLY in shown
    assert "contradicted: says 0.11" in shown
    turn.answer = replace(answer, sentences=answer.sentences[:1])
    turn.sentences = turn.sentences[:1]
    assert COMPARE not in render_turn(turn)
    assert " verified" not in render_turn(turn)


def test_the_trust_tab_says_what_the_mark_means() -> None:
    figure = {"value": 0.5, "n_scored": 4, "n_total": 8, "low": 0.25, "high": 0.75}
    shown = trust.render_figures({"summary": {"all": {"verified": figure}}})
    assert f"the others are marked “{COMPARE}”" in shown
    assert "never counted as verified" in shown


@pytest.mark.slow
@pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}])
def test_the_quote_is_in_sight_without_a_click(
    fresh_home: Path, open_page: Callable[..., Any], options: dict[str, Any]
) -> None:
    with partial_answers() as settings, served(fresh_home, **settings) as url:
        browser = open_page(url, **options)
        ask(browser, QUESTION)
        partial = browser.get_by_role("group", name=COMPARE)
        assert partial.count() == 1
        assert PARTIAL in partial.inner_text()
        quote = partial.locator("blockquote q")
        assert quote.inner_text().strip('“”"') == QUOTE
        assert quote.is_visible()
        assert browser.locator("#panel details.paper[open] mark").first.is_visible(), "and its place in the abstract"
        assert TALLY in browser.locator("#live .meta").inner_text()
        browser.locator("#live .removed summary").click()
        assert "contradicted: says 0.11" in browser.locator("#live .removed").inner_text()
        assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if folder := os.environ.get("SCREENSHOTS"):
            browser.evaluate("window.scrollTo(0, 0)")
            browser.screenshot(path=f"{folder}/partial-{'-'.join(map(str, options)) or 'light'}.png")


# -- the evaluation --------------------------------------------------------------------------------------------------------


def test_no_metric_counts_it_as_verified(answer: Answer, assistant: Assistant) -> None:
    abstracts = {p.paper_id: p.abstract for p in assistant.papers()}
    scores = scoring.score(ASKED, ["x"], None, answer, abstracts, lambda sentence, numbers: True)
    assert (scores["verified"], scores["citation_recall"], scores["citation_precision"]) == (0.5, 0.5, 0.5)
    assert invariants.broken(answer, ["x"], abstracts) == []
    unmarked = replace(answer, text=answer.text.replace(COMPARE, ""))
    assert invariants.broken(unmarked, ["x"], abstracts) == ["verdicts"]


def test_a_model_as_judge_votes_on_verified_sentences_alone(assistant: Assistant) -> None:
    with partial_answers() as settings:
        records = run(assistant.using(**settings), [ASKED], judging.VerifierJudge(assistant))
    with chat_server.serve(lambda body, key: chat_server.Reply('{"supported": true}')) as url:
        model = llm_judge.LanguageModelJudge(url, "m", f"{url}#m")
        found = llm_judge.judge(model, records, [], {})
    assert (found["support"]["n_scored"], found["marked"]) == (1, 1)


def test_the_report_marks_it(assistant: Assistant) -> None:
    with partial_answers() as settings:
        records = run(assistant.using(**settings), [ASKED], judging.VerifierJudge(assistant))
    (record,) = records
    assert record.scores["verified"] == 0.5
    judge = judging.VerifierJudge(assistant)
    document = json.loads(json.dumps(evaluate.document_of(evaluate.Options(), assistant, records, judge, None)))
    html = page.render(document, {"stages_ms": {"total": {"p50": 12.0, "p95": 40.0}}})
    before, after = html.split(f'<b class="compare">{COMPARE}</b>')
    assert before.rstrip().endswith("<sup>1</sup>")
    assert f"<q>{QUOTE}</q>" in after.split("</blockquote>")[0]
