"""A sentence that is supported in part, on the command line: marked, with the quote to compare it with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from partial import CONTRADICTED, PARTIAL, QUESTION, QUOTE, SUPPORTED, TALLY, is_carried, marked_once, partial_answers
from typer.testing import CliRunner

from assistant import COMPARE
from assistant.cli import app


@pytest.fixture
def invoke(fresh_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Runs a command over a library whose model writes the partial sentence."""
    with partial_answers() as settings:
        for name, value in settings.items():
            monkeypatch.setenv(f"ASSISTANT_{name.upper()}", str(value))
        yield lambda *arguments, **options: CliRunner().invoke(
            app, [*arguments, "--home", str(fresh_home)], catch_exceptions=False, **options
        )


def is_printed(result: Any) -> bool:
    """Whether the quote follows the marked sentence, and stderr has the count and what was removed, with its reason."""
    lines = result.stdout.splitlines()
    at = lines.index(f"{PARTIAL} [1] ({COMPARE})")
    return (
        marked_once(result.stdout)
        and lines[at - 1] == f"{SUPPORTED} [1]"
        and lines[at + 1] == f"  [1] “{QUOTE}”"
        and TALLY in result.stderr
        and f"Removed (contradicted: says 0.11, the abstract says 0.27): {CONTRADICTED}" in result.stderr
    )


def test_ask_show_and_resume_print_the_quote_under_it(invoke: Callable[..., Any]) -> None:
    assert is_printed(invoke("ask", QUESTION))
    stored = json.loads(invoke("answers", "list", "--json").stdout)["answers"][0]
    assert is_printed(invoke("answers", "show", stored["record_id"]))
    assert is_printed(invoke("answers", "replay", stored["record_id"]))


def test_chat_prints_it_and_again_when_it_is_resumed(invoke: Callable[..., Any]) -> None:
    assert is_printed(invoke("chat", input=f"{QUESTION}\nexit\n"))
    resumed = invoke("chat", "--resume", "last", input="exit\n").stderr
    assert f"{PARTIAL} [1] ({COMPARE})\n  [1] “{QUOTE}”\n" in resumed
    assert TALLY in resumed
    assert f": {CONTRADICTED}" in resumed


def test_ask_json_carries_it(invoke: Callable[..., Any]) -> None:
    assert is_carried(json.loads(invoke("ask", QUESTION, "--json").stdout))


def test_a_replay_reports_another_verdict(
    invoke: Callable[..., Any], fresh_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoke("ask", QUESTION)
    stored = json.loads(invoke("answers", "list", "--json").stdout)["answers"][0]
    with partial_answers(word="supported") as settings:
        monkeypatch.setenv("ASSISTANT_LLM", settings["llm"])
        replayed = invoke("answers", "replay", stored["record_id"])
    assert f"now supported; the stored answer has it as partial: {PARTIAL}" in replayed.stderr
    assert COMPARE not in replayed.stdout


# It joins what two sentences of the abstract say, of which the verifier is not sure.
HALF = "Quill learns from 9,200 transcribed charters and is released with its lexicon of 1,150 signs."


def test_check_marks_a_partial_claim(fresh_home: Path) -> None:
    result = CliRunner().invoke(app, ["check", HALF, "--home", str(fresh_home)], catch_exceptions=False)
    verdict = json.loads(CliRunner().invoke(app, ["check", HALF, "--home", str(fresh_home), "--json"]).stdout)
    first = result.stdout.splitlines()[0]
    assert verdict["verdict"] == "partial", "else this test needs another claim"
    assert first.startswith(f"partial ({COMPARE}): ")
    assert all(f"“{e['quote']}”" in result.stdout for e in verdict["evidence"])


def test_narrow_ascii_terminals(fresh_home: Path) -> None:
    with partial_answers() as settings:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", "ask", QUESTION, "--home", str(fresh_home)],
            capture_output=True,
            env={
                **os.environ,
                **{f"ASSISTANT_{name.upper()}": str(value) for name, value in settings.items()},
                "PYTHONIOENCODING": "ascii",
                "COLUMNS": "40",
            },
            timeout=120,
            check=True,
        )
    shown = done.stdout.decode("ascii").splitlines()
    assert shown[1:3] == [f"{PARTIAL} [1] ({COMPARE})", f'  [1] "{QUOTE}"']
