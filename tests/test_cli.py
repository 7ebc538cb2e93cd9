"""The contract of the command line: JSON documents, exit statuses, messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import write_papers
from invariants import check_answer
from typer.testing import CliRunner

from assistant import Answer, Assistant
from assistant.cli import app, main

QUESTION = "How much does TideNet lower the speed error?"


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit status, stdout, stderr of the installed command, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout, done.stderr


def invoke(home: Path, *arguments: str) -> dict[str, object]:
    result = CliRunner().invoke(app, [*arguments, "--home", str(home), "--json"])
    assert result.exit_code == 0, result.output
    document: dict[str, object] = json.loads(result.stdout)
    return document


def test_a_question_can_come_from_standard_input(library_home: Path) -> None:
    arguments = ["ask", "-", "--llm", "quotes", "--home", str(library_home), "--json"]
    result = CliRunner().invoke(app, arguments, input=f"{QUESTION}\n")
    document = json.loads(result.stdout)
    assert document["question"] == document["standalone_question"] == QUESTION


def test_a_conversation_ends_with_exit_and_names_its_id(fresh_home: Path) -> None:
    arguments = ["chat", "--llm", "quotes", "--home", str(fresh_home)]
    result = CliRunner().invoke(app, arguments, input=f"{QUESTION}\nexit\n")
    assert result.exit_code == 0
    assert "--resume" in result.output


@pytest.mark.parametrize("arguments", [["-h"], ["ask", "-h"], ["watch", "add", "-h"]])
def test_help_has_a_short_option_everywhere(arguments: list[str]) -> None:
    found = CliRunner().invoke(app, arguments)
    assert (found.exit_code, found.stdout.startswith("Usage:")) == (0, True)


def test_the_version_is_printed() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout.strip().startswith("abstract-assistant ")


def test_ask_json_is_the_documented_document(library_home: Path, assistant: Assistant) -> None:
    document = invoke(library_home, "ask", QUESTION, "--llm", "quotes")
    assert set(document) >= {
        "question",
        "standalone_question",
        "status",
        "reason",
        "text",
        "sentences",
        "citations",
        "removed",
        "nearest",
        "confidence",
        "model",
        "usage",
        "timings_ms",
        "corpus",
    }
    check_answer(Answer.from_dict(document), assistant)


def test_search_papers_stats_check_doctor_json(library_home: Path) -> None:
    hits = invoke(library_home, "search", "medieval charters", "-k", "2")["hits"]
    assert isinstance(hits, list)
    assert len(hits) == 2
    assert set(hits[0]) == {"paper_id", "title", "score", "quote"}
    papers = invoke(library_home, "papers")["papers"]
    assert isinstance(papers, list)
    assert {"paper_id", "title", "abstract", "year", "date", "authors", "sources"} <= set(papers[0])
    assert invoke(library_home, "stats")["papers"] == 6
    assert set(invoke(library_home, "check", "Quill has 1,150 signs.")) == {"claim", "verdict", "why", "evidence"}
    assert invoke(library_home, "doctor")["ok"] is True


def test_a_claim_is_checked_against_the_papers_that_are_named(library_home: Path, assistant: Assistant) -> None:
    ids = {
        word: next(p.paper_id for p in assistant.papers() if word in p.title) for word in ("Quill", "Barley", "Buses")
    }
    claim = "Quill is released with its lexicon of 1,150 signs."
    both = invoke(library_home, "check", claim, "--paper", ids["Barley"], "--paper", ids["Quill"])
    assert both["verdict"] == "supported"
    assert {e["paper_id"] for e in both["evidence"]} == {ids["Quill"]}  # type: ignore[attr-defined]  # a JSON list
    neither = invoke(library_home, "check", claim, "--paper", ids["Barley"], "--paper", ids["Buses"])
    assert neither["verdict"] == "unsupported"


def test_index_json_and_years(tmp_path: Path) -> None:
    source = write_papers(tmp_path / "p.jsonl")
    bad = tmp_path / "bad.csv"
    bad.write_text("name;colour\nx;red\n")
    document = invoke(tmp_path / "home", "index", str(source), str(bad))
    assert document["papers"] == 6
    assert len(document["failed"]) == 1  # type: ignore[arg-type]  # a JSON list
    old = invoke(tmp_path / "home", "ask", "How are barley ears counted?", "--year", "..2019", "--llm", "quotes")
    assert {c["title"] for c in old["citations"]} == {"Counting Barley Ears with Kite Photographs"}  # type: ignore[attr-defined]  # a document of JSON


@pytest.mark.parametrize(
    "arguments",
    [
        ["index", "/no/such/file"],
        ["ask", " "],
        ["ask", "x", "--year", "20x"],
        ["ask", "x", "--llm", "nonsense:"],
        ["check", "x", "--paper", "t:nothing"],
    ],
)
def test_user_errors_are_one_line_and_status_1(
    fresh_home: Path, arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["assistant", *arguments, "--home", str(fresh_home)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    error = capsys.readouterr().err
    assert error.count("error:") == 1
    assert "Traceback" not in error


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_output_survives_a_terminal_that_is_not_unicode(library_home: Path, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "check", "Quill has 1,150 signs → 漢字.", "--home", str(library_home)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "1,150 signs" in done.stdout.decode(encoding)


def test_a_file_of_which_nothing_can_be_read_is_status_1(tmp_path: Path) -> None:
    junk = tmp_path / "junk.txt"
    junk.write_bytes(bytes(range(256)) * 40)
    result = CliRunner().invoke(app, ["index", str(junk), "--home", str(tmp_path / "home"), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["failed"][0]["source"].endswith("junk.txt")


def test_usage_errors_are_status_2() -> None:
    assert CliRunner().invoke(app, ["ask"]).exit_code == 2
    assert CliRunner().invoke(app, ["nonsense"]).exit_code == 2


@pytest.mark.slow
def test_first_question_on_an_empty_library_indexes_the_sample(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    status, out, err = run(
        "ask", "How does Matryoshka Representation Learning cut the cost of retrieval?", "--home", home
    )
    assert status == 0, err
    assert "bundled sample" in err
    assert "14x" in out
    status, out, _ = run("ask", "Who won the cup?", "--json", "--home", home)
    assert json.loads(out)["status"] == "abstained"


def test_damaged_library_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "library.sqlite3").write_bytes(b"this is not a database, " * 100)
    monkeypatch.setattr(sys, "argv", ["assistant", "stats", "--home", str(tmp_path)])
    with pytest.raises(SystemExit, match="1"):
        main()
    assert "move it away" in capsys.readouterr().err
