"""A model that fails: bounded in time, said in one line, and the reader still gets what the abstracts state."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from invariants import check_answer

from assistant import Answer, Assistant, MissingPackageError, ModelError, Settings, SettingsError
from assistant.llm import LanguageModel, parse_spec
from eval.durability.faults import FAULTS
from eval.fake_server import CHARACTERS_A_TOKEN, FakeServer, serve

QUESTION = "How much does TideNet lower the speed error?"
TRUE = "TideNet lowers the mean speed error from 0.42 to 0.27 knots on the Leith and Esbjerg harbours"
GOOD = f"{TRUE} [1]. It trains in 40 minutes on a single laptop [1]."
KEY = "canary-key-4711"
QUICK = {"llm_first_token": 0.3, "llm_silence": 0.3}

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


@pytest.fixture(scope="module")
def quoted(assistant: Assistant) -> Answer:
    return assistant.ask(QUESTION)


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


def ask(assistant: Assistant, server: FakeServer, **values: Any) -> Answer:
    answer = assistant.using(**{"llm": server.spec, **QUICK, **values}).ask(QUESTION)
    check_answer(answer, assistant)
    return answer


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


# -- context -----------------------------------------------------------------------------------------------------------


def test_whole_abstracts_are_left_out_from_the_end(assistant: Assistant) -> None:
    with serve(GOOD) as server:
        ask(assistant, server, llm_context=1000, llm_max_tokens=256)
        prompt = server.requests[0]["messages"][1]["content"]
    assert "[1] TideNet" in prompt
    assert "matter more than the wind." in prompt, "abstracts are never cut"
    assert "[2]" in prompt
    assert "[6]" not in prompt, "what does not fit is left out whole"


@pytest.mark.parametrize(
    "pages",
    [
        {"/props": {"default_generation_settings": {"n_ctx": 1000}}},
        {"/v1/models": {"data": [{"id": "scripted", "max_model_len": 1000}]}},
    ],
)
def test_the_server_is_asked_how_much_it_reads(assistant: Assistant, pages: dict[str, Any]) -> None:
    with serve(GOOD, pages=pages) as server:
        ask(assistant, server, llm_max_tokens=256)
        prompt = server.requests[0]["messages"][1]["content"]
    assert "[2]" in prompt
    assert "[6]" not in prompt


def test_a_context_too_small_for_one_abstract(assistant: Assistant, quoted: Answer) -> None:
    with serve(GOOD, pages={"/props": {"default_generation_settings": {"n_ctx": 128}}}) as server:
        answer = ask(assistant, server)
    assert answer.sentences == quoted.sentences
    assert "ASSISTANT_LLM_CONTEXT" in answer.notes[0]
    assert server.requests == []


def test_a_prompt_that_the_server_cut_is_noticed(assistant: Assistant) -> None:
    with serve(GOOD, reads=256) as server:
        view = assistant.using(llm=server.spec)
        first, second = view.ask(QUESTION), view.ask(QUESTION)
        sizes = [len(r["messages"][1]["content"]) for r in server.requests]
    assert "read 256 of about" in first.notes[0]
    assert "ASSISTANT_LLM_CONTEXT" in first.notes[0]
    assert len(first.sentences) == 2, "what is shown is proven all the same"
    assert second.notes
    assert len(sizes) < 2 or sizes[1] < sizes[0], "the next prompt keeps to it"


# -- Ollama ------------------------------------------------------------------------------------------------------------

SHOWN = {"model_info": {"general.architecture": "llama", "llama.context_length": 131072}, "parameters": 'stop "x"'}


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    pages = {
        "/api/version": {"version": "0.12.0"},
        "/api/show": SHOWN,
        "/api/tags": {"models": [{"name": "scripted:latest"}]},
        "/api/ps": {"models": [{"name": "scripted:latest", "context_length": 4096}]},
    }
    with serve(GOOD, pages=pages) as server:
        monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{server.server_port}")
        yield server


@pytest.mark.parametrize("named_by_url", [False, True])
def test_ollama_is_told_how_much_to_read(assistant: Assistant, ollama: FakeServer, named_by_url: bool) -> None:
    spec = ollama.spec if named_by_url else "ollama:scripted"
    answer = assistant.using(llm=spec).ask(QUESTION)
    assert len(answer.sentences) == 2
    assert answer.notes == ()
    assert answer.usage.completion_tokens > 0
    request = ollama.requests[0]
    assert request["options"]["num_ctx"] == 8192, "not the 4096 that it has loaded, nor the 131072 of the model"
    assert request["truncate"] is False


@pytest.mark.parametrize(
    ("pages", "wanted", "context"),
    [
        ({"/api/ps": {"models": [{"name": "scripted:latest", "context_length": 32768}]}}, None, 32768),
        ({"/api/show": {**SHOWN, "parameters": "num_ctx    16384"}}, None, 16384),
        ({"/api/show": {"model_info": {"x.context_length": 2048}}}, None, 2048),
        ({}, 4000, 4000),
    ],
)
def test_which_context_ollama_gets(
    assistant: Assistant, ollama: FakeServer, pages: dict[str, Any], wanted: int | None, context: int
) -> None:
    ollama.pages.update(pages)
    assistant.using(llm="ollama:scripted", llm_context=wanted).ask(QUESTION)
    assert ollama.requests[0]["options"]["num_ctx"] == context


def test_ollama_is_asked_not_to_think_and_what_it_thinks_is_not_shown(assistant: Assistant, ollama: FakeServer) -> None:
    ollama.replies = [f"<think>\nIt lowers the error to 0.11 knots [1].\n</think>\n\n{GOOD}"]
    answer = assistant.using(llm="ollama:scripted").ask(QUESTION)
    assert ollama.requests[0]["think"] is False
    assert answer.sentences[0].text == f"{TRUE}."
    assert "0.11" not in str(answer.to_dict())


def test_ollama_without_the_model(assistant: Assistant, ollama: FakeServer) -> None:
    ollama.pages.pop("/api/show")
    answer = assistant.using(llm="ollama:gone").ask(QUESTION)
    assert "`ollama pull gone`" in answer.notes[0]
    assert answer.sentences


# -- views and choices -------------------------------------------------------------------------------------------------


def test_another_view_of_the_same_library(assistant: Assistant) -> None:
    with serve(GOOD) as server:
        with assistant.using(llm=server.spec, k=2) as view:
            assert view.ask(QUESTION).model == server.spec
            assert "[3]" not in server.requests[0]["messages"][1]["content"]
        assert assistant.ask(QUESTION).model == "quotes", "closing a view leaves the library open"
    for wrong in ({"home": Path()}, {"nonsense": 1}, {"k": 99}):
        with pytest.raises(SettingsError):
            assistant.using(**wrong)


def test_what_could_answer(
    assistant: Assistant, ollama: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    (tmp_path / "some-model.gguf").write_bytes(b"GGUF")
    models = assistant.using(models_home=tmp_path).models()
    assert [m.spec for m in models] == ["quotes", "gguf:some-model", "ollama:scripted:latest", "openai:gpt-4.1-mini"]
    assert KEY not in str(models)
    assert ollama.requests == []


def test_auto_takes_a_pulled_file_and_says_so(library_home: Path, tmp_path: Path) -> None:
    (tmp_path / "some-model.gguf").write_bytes(b"GGUF")
    (tmp_path / "SmolLM2-135M-Instruct.Q4_1.gguf").write_bytes(b"GGUF")
    with Assistant(Settings(home=library_home, models_home=tmp_path)) as assistant:
        assert assistant.model == "gguf:some-model", "never the test model"
        assert "pulled" in assistant.model_reason
        assert any("gguf:some-model" in c.detail for c in assistant.doctor())


def test_llama_cpp_that_is_not_installed(library_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(MissingPackageError, match=r"\[local\]"):
        Assistant(Settings(home=library_home, models_home=tmp_path, llm="gguf:m"))
    with Assistant(Settings(home=library_home, models_home=tmp_path)) as assistant:
        assert assistant.model == "quotes"
        assert "[local]" in assistant.model_reason


def test_a_sentence_cut_by_the_limit_of_tokens_is_not_shown(assistant: Assistant) -> None:
    reply = f"{TRUE} [1]. It trains in 40 minutes on a single laptop and"
    with serve(reply) as server:
        answer = ask(assistant, server, llm_max_tokens=len(reply) // CHARACTERS_A_TOKEN)
    assert [s.text for s in answer.sentences] == [f"{TRUE}."]
    assert answer.removed == ()
