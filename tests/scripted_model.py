"""A scripted language model that answers one question about the papers of conftest.py, and an Ollama that runs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from invariants import check_answer

from assistant import Answer, Assistant
from eval.fake_server import FakeServer, serve

QUESTION = "How much does TideNet lower the speed error?"
TRUE = "TideNet lowers the mean speed error from 0.42 to 0.27 knots on the Leith and Esbjerg harbours"
GOOD = f"{TRUE} [1]. It trains in 40 minutes on a single laptop [1]."
KEY = "canary-key-4711"
QUICK = {"llm_first_token": 0.3, "llm_silence": 0.3}
SHOWN = {"model_info": {"general.architecture": "llama", "llama.context_length": 131072}, "parameters": 'stop "x"'}
"""What Ollama tells about the model."""


def ask(assistant: Assistant, server: FakeServer, **values: Any) -> Answer:
    answer = assistant.using(**{"llm": server.spec, **QUICK, **values}).ask(QUESTION)
    check_answer(answer, assistant)
    return answer


@pytest.fixture(scope="module")
def quoted(assistant: Assistant) -> Answer:
    return assistant.ask(QUESTION)


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
