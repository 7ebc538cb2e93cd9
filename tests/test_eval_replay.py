"""Model calls recorded once and replayed offline: with no model, with no key written down, and never with a guess."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from smollm import smollm_file

from assistant import Answer, Assistant, Settings
from eval import chat_server, replay
from eval.chat_server import Reply
from eval.fake_server import serve
from eval.llm_judge import LanguageModelJudge
from eval.replay import Cassette, ReplayError

QUESTION = "How much does TideNet lower the speed error?"
REPLY = "TideNet lowers the mean speed error from 0.42 to 0.27 knots on the Leith and Esbjerg harbours [1]."


def ask(home: Path, cassette: Cassette, spec: str, question: str = QUESTION) -> Answer:
    with replay.through(cassette, spec) as through:
        settings = Settings(home=home, llm=through, llm_api_key="canary-key")
        with Assistant(settings) as assistant:
            return assistant.ask(question)


def test_what_was_recorded_is_replayed_without_the_model(library_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    with plain_model(REPLY) as spec:
        recorded = ask(library_home, Cassette(path, recording=True), spec)
    replayed = ask(library_home, Cassette(path), spec)  # the model is gone
    assert replayed.text == recorded.text
    assert replayed.usage == recorded.usage
    assert replayed.usage.prompt_tokens == 700
    assert replayed.notes == ()
    assert "canary" not in path.read_text()
    assert "127.0.0.1" not in path.read_text()


@pytest.mark.llm
def test_a_model_file_is_recorded_once_and_not_needed_again(library_home: Path, tmp_path: Path) -> None:
    path, file = tmp_path / "calls.jsonl", tmp_path / "model.gguf"
    file.symlink_to(smollm_file())
    recorded = ask(library_home, Cassette(path, recording=True), f"gguf:{file}")
    file.unlink()
    replayed = ask(library_home, Cassette(path), f"gguf:{file}")
    assert replayed.text == recorded.text
    assert replayed.usage.prompt_tokens == recorded.usage.prompt_tokens > 0


def test_a_miss_fails_loudly_although_the_product_falls_back_to_quotes(library_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    with plain_model(REPLY) as spec:
        ask(library_home, Cassette(path, recording=True), spec)
    cassette = Cassette(path)
    assert ask(library_home, cassette, spec, "Which error rate does NoteHound reach?").notes
    with pytest.raises(ReplayError, match="NoteHound"):
        cassette.check()


def test_recording_goes_on_where_it_stopped(library_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    with plain_model(REPLY) as spec:
        ask(library_home, Cassette(path, recording=True), spec)
    lines = path.read_text().count("\n")
    ask(library_home, Cassette(path, recording=True), spec)  # nothing new is asked, so that no model is needed
    assert path.read_text().count("\n") == lines


def test_everything_that_matters_is_in_the_key() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "a"}], "temperature": 0.0, "stream": True}
    same = body | {"stream": False, "stream_options": {"include_usage": True}}
    assert replay.key_of(body) == replay.key_of(same)
    for change in ({"model": "n"}, {"temperature": 1.0}, {"seed": 1}, {"messages": []}):
        assert replay.key_of(body | change) != replay.key_of(body)


def test_a_failing_model_is_not_recorded(library_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    with serve(status=500) as server:
        assert ask(library_home, Cassette(path, recording=True), server.spec).notes
    assert not path.exists()


def test_the_votes_of_a_judge_are_recorded_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "votes.jsonl"
    with chat_server.serve(lambda body, key: Reply(f'{{"supported": {str(body["seed"] > 1).lower()}}}')) as url:
        spec = f"{url}#judge"
        with replay.through(Cassette(path, recording=True), spec) as through:
            recorded = LanguageModelJudge(*replay.address(through), spec).vote("passage", "claim")
    with replay.through(Cassette(path), spec) as through:
        assert LanguageModelJudge(*replay.address(through), spec).vote("passage", "claim") == recorded
    assert (recorded.supported, recorded.unanimous) == (True, False)
    assert path.read_text().count("\n") == 3


@pytest.mark.parametrize("spec", ["gguf:model", "quotes", "http://127.0.0.1:1/v1"])
def test_only_served_models_can_be_recorded(spec: str) -> None:
    with pytest.raises(ReplayError, match="#MODEL"):
        replay.address(spec)


def test_openai_and_ollama_are_reached_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert replay.address("openai:gpt-x") == ("https://api.openai.com/v1", "gpt-x")
    assert replay.address("ollama:llama3.1:8b") == ("http://127.0.0.1:11434/v1", "llama3.1:8b")
    monkeypatch.setenv("OPENAI_API_KEY", "canary-key")
    assert replay.key_for("openai:gpt-x") == "canary-key"
    assert replay.key_for("http://127.0.0.1:1/v1#m") is None, "OpenAI's key goes to OpenAI alone"


def test_missing_and_damaged_cassettes(tmp_path: Path) -> None:
    with pytest.raises(ReplayError, match="--record"):
        Cassette(tmp_path / "none.jsonl")
    (tmp_path / "bad.jsonl").write_text('{"key": "a", "colour": "red"}\n')
    with pytest.raises(ReplayError, match=r"bad\.jsonl:1"):
        Cassette(tmp_path / "bad.jsonl")


@contextmanager
def plain_model(text: str) -> Iterator[str]:
    """The spec of a model that answers whole documents, as most servers do when no stream is asked for."""
    with chat_server.serve(lambda body, key: Reply(text, 700, 5)) as url:
        yield f"{url}#plain"
