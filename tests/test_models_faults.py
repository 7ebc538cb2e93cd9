"""A model that fails: bounded in time, said in one line, and the reader still gets what the abstracts state."""

from __future__ import annotations

import asyncio
import io
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scripted_model import GOOD, KEY, QUESTION, TRUE, ask

from assistant import Answer, Assistant, ModelError, Settings
from assistant.llm import LanguageModel, parse_spec
from eval.durability.faults import FAULTS
from eval.fake_server import CHARACTERS_A_TOKEN, FakeServer, serve

LINES = {
    "too many requests": "too many requests",
    "too many requests for long": "too many requests",
    "server error": "status 500",
    "hang before the first token": "said nothing for 0.3 s",
    "cut before anything": "broke off",
    "broken JSON": "not a model's answer",
    "not the protocol": "not a model's answer",
    "error in the stream": "out of memory",
    "error as plain text in the stream": "out of memory",
    "error in place of a chunk": ({"raw": b'data: {"message": "out of memory"}\n\n'}, "out of memory"),
    "end mark without a reason to finish": "broke off",
    "error in place of a stream": "out of memory",
    "web page in place of a stream": "not a model's answer",
    "empty answer": "empty answer",
    "wrong key": "refused the key; check ASSISTANT_LLM_API_KEY",
    "unknown model": "does not have the model “scripted”",
    "prompt too long": "ASSISTANT_LLM_CONTEXT",
}
"""What the note of each fault says."""


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any library writes at DEBUG."""
    stream = io.StringIO()
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_model_leaves_the_quotes_and_one_line(
    assistant: Assistant, quoted: Answer, log: io.StringIO, capfd: pytest.CaptureFixture[str], fault: str
) -> None:
    line = LINES[fault]
    with serve(**FAULTS[fault]) as server:
        answer = ask(assistant, server, llm_api_key=KEY)
    assert answer.sentences == quoted.sentences
    assert len(answer.notes) == 1
    assert line in answer.notes[0]
    assert "\n" not in answer.notes[0]
    assert "HTTP Re" in log.getvalue(), "the libraries' own logs were on"
    assert KEY not in log.getvalue() + str(answer.to_dict()) + "".join(capfd.readouterr())


@pytest.mark.parametrize("status", [401, 500])
def test_the_key_is_in_no_traceback(status: int) -> None:
    with serve(status=status, retry_after="0") as server:
        settings = Settings(llm_api_key=KEY)
        model = LanguageModel(parse_spec(server.spec, Path()), settings)
        with pytest.raises(ModelError) as caught:
            list(model.stream("s", "p"))
    assert KEY not in "".join(traceback.format_exception(caught.value)) + repr(settings) + repr(
        vars(model.spec.__class__)
    )


def test_what_passes_is_tried_again(assistant: Assistant) -> None:
    with serve(GOOD, status=(429, 500, 200), retry_after="0") as server:
        answer = ask(assistant, server)
    assert len(server.requests) == 3
    assert answer.notes == ()
    assert len(answer.sentences) == 2


@pytest.mark.parametrize(
    ("fault", "requests"), [("server error", 3), ("wrong key", 1), ("too many requests for long", 1)]
)
def test_how_often_is_tried(assistant: Assistant, fault: str, requests: int) -> None:
    with serve(**FAULTS[fault]) as server:
        ask(assistant, server)
    assert len(server.requests) == requests


def test_no_server_at_all(assistant: Assistant, quoted: Answer) -> None:
    answer = assistant.using(llm="http://127.0.0.1:9/v1#gone").ask(QUESTION)
    assert answer.sentences == quoted.sentences
    assert "check that the server runs" in answer.notes[0]


@pytest.mark.parametrize("fault", [{"cut_after": len(TRUE) + 60}, {"hang": "middle"}])
def test_what_was_proven_before_the_fault_stands(assistant: Assistant, fault: dict[str, Any]) -> None:
    with serve(f"{GOOD} Third is a sentence that never ends and never", **fault) as server:
        answer = ask(assistant, server)
    assert [s.text for s in answer.sentences][:1] == [f"{TRUE}."]
    assert len(server.requests) == 1, "after the first token nothing is tried again"
    assert "incomplete" in answer.notes[0]
    assert "never" not in str(answer.removed), "half a sentence is no draft"


def test_an_answer_has_one_deadline(assistant: Assistant) -> None:
    with serve(hang="start") as server:
        answer = ask(assistant, server, llm_timeout=0.3, llm_first_token=30.0)
    assert "took longer than 0.3 s" in answer.notes[0]


@pytest.mark.parametrize("hang", ["start", "middle"])
def test_stopping_frees_the_server(assistant: Assistant, hang: str) -> None:
    with serve(GOOD, hang=hang) as server:
        events = assistant.using(llm=server.spec).stream(QUESTION)
        for event in events:
            if event.waiting is not None and server.silent.is_set():
                break
        events.close()  # type: ignore[attr-defined]  # it is a generator
        assert server.left.wait(1.0), "within a second"


def test_a_cancelled_task_frees_the_server(assistant: Assistant) -> None:
    async def cancelled(assistant: Assistant, server: FakeServer) -> None:
        task = asyncio.create_task(_collect(assistant))
        await asyncio.to_thread(server.silent.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with serve(GOOD, hang="start") as server:
        asyncio.run(cancelled(assistant.using(llm=server.spec), server))
        assert server.left.wait(1.0)


async def _collect(assistant: Assistant) -> None:
    async for _ in assistant.astream(QUESTION):
        pass


def test_a_sentence_cut_by_the_limit_of_tokens_is_not_shown(assistant: Assistant) -> None:
    reply = f"{TRUE} [1]. It trains in 40 minutes on a single laptop and"
    with serve(reply) as server:
        answer = ask(assistant, server, llm_max_tokens=len(reply) // CHARACTERS_A_TOKEN)
    assert [s.text for s in answer.sentences] == [f"{TRUE}."]
    assert answer.removed == ()
