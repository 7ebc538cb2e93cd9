"""Models too small to cite: found out once, then bound to choose sentences; what they word passes the same gate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from invariants import check_answer

from assistant import Answer, Assistant, Settings
from eval.fake_server import FakeServer, serve

QUESTION = "How much does TideNet lower the speed error?"
ANSWER = "lowers the mean speed error from 0.42 to 0.27 knots"
GOOD = "TideNet lowers the mean speed error from 0.42 to 0.27 knots [1]."
LLAMA = {"/props": {"default_generation_settings": {"n_ctx": 8192}}}
CITES = "In fog the lantern can be seen from 41 metres [2]."


def ask(assistant: Assistant, server: FakeServer, **values: Any) -> Answer:
    answer = assistant.using(llm=server.spec, **values).ask(QUESTION)
    check_answer(answer, assistant)
    return answer


def place(server: FakeServer) -> int:
    """Number of the sentence that answers, in the choice that the server was given."""
    listed = server.requests[0]["messages"][1]["content"].splitlines()
    return next(int(line.split(".")[0]) for line in listed if ANSWER in line)


def chosen(assistant: Assistant, *numbers: int, then: str) -> tuple[Answer, FakeServer]:
    with serve(json.dumps({"sentences": list(numbers)}), then) as server:
        return ask(assistant, server, llm_citing="select"), server


def number_of_the_answer(assistant: Assistant) -> int:
    return place(chosen(assistant, 1, then="x")[1])


def test_the_wording_of_a_chosen_sentence_cites_it(assistant: Assistant) -> None:
    n = number_of_the_answer(assistant)
    answer, server = chosen(assistant, n, then="With TideNet the mean speed error falls from 0.42 to 0.27 knots.")
    assert [s.text for s in answer.sentences] == ["With TideNet the mean speed error falls from 0.42 to 0.27 knots."]
    assert ANSWER in answer.citations[0].quote
    schema = server.requests[0]["response_format"]["json_schema"]["schema"]
    assert n in schema["properties"]["sentences"]["items"]["enum"]
    assert "response_format" not in server.requests[1]


def test_a_wrong_wording_gives_way_to_the_sentence_itself(assistant: Assistant) -> None:
    answer, _ = chosen(assistant, number_of_the_answer(assistant), then="TideNet lowers the error to 0.11 knots.")
    assert ANSWER in answer.sentences[0].text
    assert answer.sentences[0].text == answer.citations[0].quote
    assert [r.text for r in answer.removed] == ["TideNet lowers the error to 0.11 knots."]


def test_a_wording_that_says_nothing_gives_way_too(assistant: Assistant) -> None:
    answer, _ = chosen(
        assistant, number_of_the_answer(assistant), then="This sentence is about the speed error of TideNet."
    )
    assert ANSWER in answer.sentences[0].text
    assert len(answer.removed) == 1


@pytest.mark.parametrize("numbers", [[], [99], [0, -1]])
def test_nothing_chosen_is_a_refusal(assistant: Assistant, numbers: list[int]) -> None:
    answer, server = chosen(assistant, *numbers, then="Nothing to word.")
    assert len(server.requests) == 1
    assert answer.notes or answer.status == "abstained"


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
