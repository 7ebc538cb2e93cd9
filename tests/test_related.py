"""Papers near others, by the vectors that the library holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import Assistant, NotFoundError, QuestionError
from assistant.cli import app


def ids(assistant: Assistant) -> dict[str, str]:
    return {p.title.partition(":")[0].split()[0]: p.paper_id for p in assistant.papers()}


def test_near_papers_come_first_and_each_has_its_sentence(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = ids(assistant)
    found = assistant.related(known["TideNet"], k=3)
    assert len(found.papers) == 3
    assert found.read == len(known) - 1
    assert [p.score for p in found.papers] == sorted((p.score for p in found.papers), reverse=True)
    for p in found.papers:
        assert p.paper_id != known["TideNet"]
        assert assistant.paper(p.paper_id).abstract[p.start : p.end] == p.quote
        assert all(word in p.quote.lower() for word in p.shared)
    assert assistant.related(known["TideNet"], k=3) == found


def test_papers_nearer_to_what_to_avoid_are_left_out(assistant: Assistant) -> None:
    known = ids(assistant)
    nearest = assistant.related(known["Quill"]).papers[0]
    without = assistant.related([known["Quill"]], away_from=[nearest.paper_id])
    assert nearest.paper_id not in {p.paper_id for p in without.papers}
    assert len(without.papers) < len(known) - 2 or without.papers[0].score < nearest.score


def test_unknown_papers_are_said(assistant: Assistant) -> None:
    with pytest.raises(NotFoundError, match="t:nothing"):
        assistant.related("t:nothing")
    with pytest.raises(QuestionError):
        assistant.related([])


def test_the_command_gives_data(assistant: Assistant, library_home: Path) -> None:
    seed = ids(assistant)["TideNet"]
    result = CliRunner().invoke(app, ["related", seed, "-k", "2", "--json", "--home", str(library_home)])
    document = json.loads(result.stdout)
    assert (document["seeds"], len(document["papers"])) == ([seed], 2)
