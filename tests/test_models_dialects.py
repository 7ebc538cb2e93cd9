"""Every dialect of the OpenAI protocol ends in a cited answer or in one clear line, and is learned once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from invariants import check_answer

from assistant import Answer, Assistant, Settings
from eval.dialect_server import THOUGHT, Dialect, DialectServer, speak
from eval.dialects import ANSWERING, REFUSING, STRUCTURED

QUESTION = "How much does TideNet lower the speed error?"
TRUE = "TideNet lowers the mean speed error from 0.42 to 0.27 knots on the Leith and Esbjerg harbours"
FIRST_WORDS = THOUGHT.split(".")[0]


def ask(assistant: Assistant, server: DialectServer, **values: Any) -> Answer:
    answer = assistant.using(**{"llm": server.spec, "llm_citing": "inline", **values}).ask(QUESTION)
    check_answer(answer, assistant)
    assert FIRST_WORDS not in str(answer.to_dict()), "thinking is never shown"
    assert all("\n" not in note for note in answer.notes)
    return answer


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize("name", ANSWERING)
def test_a_dialect_ends_in_a_cited_answer(assistant: Assistant, name: str, size: int) -> None:
    with speak(ANSWERING[name], f"{TRUE} [1].", size=size) as server:
        answer = ask(assistant, server)
        first = len(server.requests)
        again = ask(assistant, server)
    assert [s.text for s in answer.sentences] == [f"{TRUE}."]
    assert answer.sentences == again.sentences
    assert (answer.notes, again.notes) == ((), ())
    assert first <= 4
    assert len(server.requests) == first + 1, "what it refuses is remembered"


@pytest.mark.parametrize("name", STRUCTURED)
def test_a_reply_in_a_schema(assistant: Assistant, name: str) -> None:
    with speak(STRUCTURED[name], f"{TRUE} [1].") as server:
        answer = ask(assistant, server, llm_citing="select")
    assert answer.status == "answered"
    assert answer.notes == ()
    assert len(server.requests) <= 5


@pytest.mark.parametrize("name", REFUSING)
def test_a_refusal_is_one_line(assistant: Assistant, name: str) -> None:
    dialect, line = REFUSING[name]
    with speak(dialect, f"{TRUE} [1].") as server:
        answer = ask(assistant, server)
    assert answer.sentences, "quotes, or what was said before"
    assert len(answer.notes) == 1
    assert line in answer.notes[0]
    assert "html" not in answer.notes[0], "no markup of a page"
    assert len(server.requests) <= 3


def test_what_was_refused_is_remembered_in_the_library(fresh_home: Path) -> None:
    with speak(ANSWERING["no temperature, no seed"], f"{TRUE} [1].") as server:
        with Assistant(Settings(home=fresh_home, llm=server.spec, cache=False)) as assistant:
            assistant.ask(QUESTION)
        stored = json.loads((fresh_home / "dialects.json").read_text())
    assert stored[server.spec]["refused"] == ["seed", "temperature"]


def test_a_paper_about_thinking_marks_can_be_quoted(assistant: Assistant) -> None:
    reply = f"{TRUE} [1]. It is said that <think> and </think> enclose a thought [1]."
    with speak(Dialect(), reply) as server:
        answer = ask(assistant, server)
    said = [*answer.sentences, *answer.removed]
    assert any("<think> and </think>" in sentence.text for sentence in said), "it is a sentence like every other"
