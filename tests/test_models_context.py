"""How much a model is given to read, on every server and on Ollama, which has to be told."""

from __future__ import annotations

from typing import Any

import pytest
from scripted_model import GOOD, QUESTION, SHOWN, TRUE, ask

from assistant import Answer, Assistant
from eval.fake_server import FakeServer, serve


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
