"""Models too small to cite: found out once, then bound to choose sentences; what they word passes the same gate."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from invariants import check_answer

from assistant import Answer, Assistant, Settings
from eval.fake_server import FakeServer, serve

QUESTION = "How much does TideNet lower the speed error?"
ANSWER = "lowers the mean speed error from 0.42 to 0.27 knots"
GOOD = "TideNet lowers the mean speed error from 0.42 to 0.27 knots [1]."
WORDED = "With TideNet the mean speed error falls from 0.42 to 0.27 knots."
OTHER = "It trains in 40 minutes on a single laptop and needs no bathymetry."
LLAMA = {"/props": {"default_generation_settings": {"n_ctx": 8192}}}
CITES = "In fog the lantern can be seen from 41 metres [2]."


def ask(assistant: Assistant, server: FakeServer, **values: Any) -> Answer:
    answer = assistant.using(llm=server.spec, **values).ask(QUESTION)
    check_answer(answer, assistant)
    return answer


def rows(*sentences: str, source: int = 1) -> str:
    return json.dumps({"sentences": [{"source": source, "sentence": text} for text in sentences]})


def selected(assistant: Assistant, reply: str, question: str = QUESTION) -> Answer:
    with serve(reply, size=3) as server:
        answer = assistant.using(llm=server.spec, llm_citing="select").ask(question)
        check_answer(answer, assistant)
        assert len(server.requests) == 1
        return answer


def test_one_request_bound_to_numbers_of_abstracts_gives_the_answer(assistant: Assistant) -> None:
    with serve(rows(WORDED, OTHER)) as server:
        answer = ask(assistant, server, llm_citing="select")
    assert [s.text for s in answer.sentences] == [WORDED, OTHER]
    assert ANSWER in answer.citations[0].quote
    assert len(server.requests) == 1
    schema = server.requests[0]["response_format"]["json_schema"]["schema"]["properties"]["sentences"]
    assert 1 in schema["items"]["properties"]["source"]["enum"]
    assert list(schema["items"]["properties"]) == ["source", "sentence"], "the source is named before the sentence"


def test_both_forms_ask_with_the_same_words_up_to_the_instruction_and_tell_what_the_reader_found(
    assistant: Assistant,
) -> None:
    prompts = []
    for form in ("inline", "select"):
        with serve(rows(WORDED)) as server:
            ask(assistant, server, llm_citing=form)
        prompts.append(server.requests[0]["messages"])
    (system, inline), (other_system, select) = prompts
    shared = select["content"].partition("Answer the question")[0]
    assert inline["content"].startswith(shared)
    assert system == other_system
    assert QUESTION in shared
    assert f"[1] TideNet {ANSWER}" in shared.partition(QUESTION)[2], "the sentence that states the answer"


def test_the_first_sentence_is_shown_while_the_rest_is_written(assistant: Assistant) -> None:
    with serve(rows(WORDED, OTHER), hang="middle") as server:
        events = assistant.using(llm=server.spec, llm_citing="select").stream(QUESTION)
        for event in events:
            if event.sentence is not None:
                break
        events.close()  # type: ignore[attr-defined]  # it is a generator
    assert event.sentence is not None
    assert event.sentence.text == WORDED


def test_a_wrong_wording_gives_way_to_the_sentence_that_states_the_answer(assistant: Assistant) -> None:
    answer = selected(assistant, rows("TideNet lowers the error to 0.11 knots."))
    assert ANSWER in answer.sentences[0].text
    assert answer.sentences[0].text == answer.citations[0].quote
    assert [r.text for r in answer.removed] == ["TideNet lowers the error to 0.11 knots."]


@pytest.mark.parametrize("form", ["inline", "select"])
def test_nothing_stands_in_for_a_wrong_guess_where_no_abstract_states_the_answer(
    assistant: Assistant, form: str
) -> None:
    question, guess = "Which optimizer trains TideNet?", "TideNet is trained with the Adam optimizer"
    reply = rows(f"{guess}.") if form == "select" else f"{guess} [1]."
    with serve(reply) as server:
        answer = assistant.using(llm=server.spec, llm_citing=form, min_confidence=0.0).ask(question)
    check_answer(answer, assistant)
    assert (answer.status, answer.reason) == ("abstained", "related_but_not_stated")
    assert [r.text for r in answer.removed] == [f"{guess}."]
    assert "no abstract surely states the answer" in answer.notes[0]


def test_a_sentence_that_says_nothing_gives_way_too(assistant: Assistant) -> None:
    answer = selected(assistant, rows("TideNet lowers the speed error."))
    assert ANSWER in answer.sentences[0].text
    assert len(answer.removed) == 1


@pytest.mark.parametrize("reply", ['{"sentences": []}', rows("NOT STATED."), rows("", source=1)])
def test_a_model_may_say_that_nothing_states_it(assistant: Assistant, reply: str) -> None:
    answer = selected(assistant, reply)
    assert answer.notes == ("the model found no answer; quoted is what seems to state it",)
    assert answer.removed == ()


def test_a_server_that_ignores_the_schema_gets_the_free_form(fresh_home: Path) -> None:
    with serve("Sure! Here is your answer.", GOOD, pages=LLAMA) as server:
        with Assistant(Settings(home=fresh_home, llm=server.spec, cache=False)) as assistant:
            answer = assistant.ask(QUESTION)
        assert len(server.requests) == 3, "tried, chosen in vain, and free"
        assert ANSWER in answer.sentences[0].text
        with Assistant(Settings(home=fresh_home, llm=server.spec, cache=False)) as assistant:
            assistant.ask(QUESTION)
        assert len(server.requests) == 4, "remembered"


@pytest.mark.parametrize(
    ("reply", "form"), [(CITES, "inline"), (CITES.replace("2", "1"), "select"), ("41 metres", "select")]
)
def test_a_small_model_is_tried_once(fresh_home: Path, reply: str, form: str) -> None:
    with serve(reply, "{}" if form == "select" else GOOD, GOOD, pages=LLAMA) as server:
        for _ in range(2):
            with Assistant(Settings(home=fresh_home, llm=server.spec, cache=False)) as assistant:
                assistant.ask(QUESTION)
        prompts = [r["messages"][1]["content"] for r in server.requests]
    assert sum("paper lantern" in p for p in prompts) == 1
    assert ("response_format" in server.requests[1]) == (form == "select")


def test_a_hosted_model_is_not_tried(assistant: Assistant) -> None:
    with serve(GOOD) as server:
        ask(assistant, server)
    assert len(server.requests) == 1


def test_who_waits_is_told_how_much_is_left_to_read_and_how_long_it_took_before(fresh_home: Path) -> None:
    said: list[list[str]] = []
    with serve(rows(WORDED), pages=LLAMA, delay=1.5) as server:
        for _ in range(2):
            with Assistant(Settings(home=fresh_home, llm=server.spec, llm_citing="select", cache=False)) as assistant:
                said.append([e.progress for e in assistant.stream(QUESTION) if e.progress.startswith("reading")])
    assert re.fullmatch(r"reading \d,?\d+ tokens", said[0][0])
    assert said[1][0] == f"{said[0][0]}, about 1 s left"


@pytest.mark.parametrize("small", [True, False])
def test_what_a_small_model_leaves_out_is_quoted_beside_its_sentences(fresh_home: Path, small: bool) -> None:
    question = "Which errors do TideNet and NoteHound reach?"
    with (
        serve(GOOD, pages=LLAMA if small else {}) as server,
        Assistant(Settings(home=fresh_home, llm=server.spec, llm_citing="inline", cache=False)) as assistant,
    ):
        answer = assistant.ask(question)
        check_answer(answer, assistant)
    assert answer.sentences[0].text == GOOD.removesuffix(" [1].") + "."
    quoted = [s.text for s in answer.sentences[1:]]
    assert any("NoteHound" in text for text in quoted) == small
    assert not any("TideNet lowers" in text for text in quoted), "the model's sentence cites it"


def test_a_quote_that_a_small_model_tells_a_part_of_is_quoted_too(fresh_home: Path) -> None:
    with (
        serve("TideNet is about speed error [1].", pages=LLAMA) as server,
        Assistant(Settings(home=fresh_home, llm=server.spec, llm_citing="inline", cache=False)) as assistant,
    ):
        answer = assistant.ask(QUESTION)
    assert any(ANSWER in s.text for s in answer.sentences[1:])
