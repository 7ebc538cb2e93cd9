"""The commands for logged answers: list, show, replay, export, and a chat that is resumed."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from assistant import Assistant, Settings, SettingsError
from assistant.cli import app
from eval.fake_server import serve

OWL = "What does OwlRoute do for night buses?"
_SETTINGS = {"llm": "quotes"}


def invoke(home: Path, *arguments: str, status: int = 0, keyboard: str | None = None) -> str:
    result = CliRunner().invoke(app, [*arguments, "--home", str(home)], input=keyboard)
    assert result.exit_code == status, result.output
    return result.stdout


def test_answers_on_the_command_line(fresh_home: Path) -> None:
    asked = json.loads(invoke(fresh_home, "ask", OWL, "--json", "--llm", "quotes"))
    [listed] = json.loads(invoke(fresh_home, "answers", "list", "--json"))["answers"]
    assert (listed["record_id"], listed["question"]) == (asked["record_id"], OWL)
    assert json.loads(invoke(fresh_home, "answers", "show", asked["record_id"], "--json")) == asked
    assert asked["text"] in " ".join(invoke(fresh_home, "answers", "show", asked["record_id"]).split())
    replayed = json.loads(invoke(fresh_home, "answers", "replay", asked["record_id"], "--llm", "quotes", "--json"))
    assert replayed["changes"] == []
    assert replayed["now"]["text"] == asked["text"]
    assert len(json.loads(invoke(fresh_home, "answers", "list", "--json"))["answers"]) == 1, "a replay is not logged"
    assert "@misc{" in invoke(fresh_home, "answers", "export", "--form", "bibtex")
    assert json.loads(invoke(fresh_home, "answers", "export", "--form", "json"))["answers"] == [asked]
    assert f"## {OWL}" in invoke(fresh_home, "answers", "export")


def test_a_replay_says_what_has_changed(fresh_home: Path) -> None:
    asked = json.loads(invoke(fresh_home, "ask", OWL, "--json", "--llm", "quotes"))
    with Assistant(Settings(home=fresh_home, **_SETTINGS)) as assistant:
        assistant.delete([asked["citations"][0]["paper_id"]])
    changes = json.loads(invoke(fresh_home, "answers", "replay", asked["record_id"], "--llm", "quotes", "--json"))[
        "changes"
    ]
    assert "the library has changed since the stored answer" in changes
    assert any(change.startswith("no longer quoted") for change in changes)
    assert "no longer in the library" in invoke(fresh_home, "answers", "export", "--form", "bibtex")


def test_a_replay_names_the_stored_model_and_the_new_one_in_the_right_order(fresh_home: Path) -> None:
    with serve("The fleet shrinks to 9 vehicles [1].") as server:
        asked = json.loads(invoke(fresh_home, "ask", OWL, "--json", "--llm", server.spec))
    replayed = json.loads(invoke(fresh_home, "answers", "replay", asked["record_id"], "--llm", "quotes", "--json"))
    assert f"now answered by quotes; the stored answer is by {asked['model']}" in replayed["changes"]


def test_one_conversation_or_one_answer_is_exported(fresh_home: Path) -> None:
    result = CliRunner().invoke(app, ["answers", "export", "--conversation", "a", "--record", "b"])
    assert isinstance(result.exception, SettingsError)
    assert "not both" in str(result.exception)


def test_a_chat_on_the_command_line_is_resumed(fresh_home: Path) -> None:
    invoke(fresh_home, "chat", "--llm", "quotes", keyboard=f"{OWL}\n")
    assert "Turku" in invoke(
        fresh_home,
        "chat",
        "--llm",
        "quotes",
        "--resume",
        "last",
        keyboard="And where does it transfer without retraining?\n",
    )
    with Assistant(Settings(home=fresh_home, **_SETTINGS)) as assistant:
        assert [c.turns for c in assistant.conversations()] == [2]
