"""Which model answers: views of a library, what is at hand, and what `auto` takes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from scripted_model import GOOD, KEY, QUESTION

from assistant import Assistant, MissingPackageError, Settings, SettingsError
from eval.fake_server import FakeServer, serve


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
