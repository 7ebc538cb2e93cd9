"""Standing questions: what they say after papers come, change and go, their files, and what a kill leaves of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from conftest import ROOT, write_papers
from typer.testing import CliRunner

from assistant import Assistant, Filters, NotFoundError, QuestionError, Settings
from assistant.cli import app

NEW = {
    "title": "Ferries That Learn Their Timetable",
    "year": 2024,
    "abstract": "We plan ferry departures with reinforcement learning on two fjords. Queues shrink by 12%.",
}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def library(fresh_home: Path) -> Iterator[Assistant]:
    with Assistant(Settings(home=fresh_home, llm="quotes", log_answers=False, cache=False)) as opened:
        yield opened


def add(library: Assistant, tmp_path: Path, *papers: dict[str, object]) -> None:
    library.add([write_papers(tmp_path / "more.jsonl", list(papers))])


def test_a_watch_says_what_came_changed_and_went_and_is_silent_otherwise(library: Assistant, tmp_path: Path) -> None:
    watches = library.watches
    watch = watches.add("reinforcement learning")
    assert [f.title for f in watch.found] == ["Learning to Route Night Buses under Sparse Demand"]
    assert watches.run() == [], "nothing changed"
    add(library, tmp_path, {"title": "Salt", "abstract": "Salt is weighed by hand in three old harbours."})
    assert watches.run() == [], "what came does not state it"

    add(library, tmp_path, NEW)
    [came] = watches.run()
    assert [f.quote for f in came.added] == ["We plan ferry departures with reinforcement learning on two fjords."]
    assert came.removed == ()
    assert [what for _, what in came.because] == ["new"]
    assert came.summary == "the answer changed because of 1 new paper: 1 span more"

    add(library, tmp_path, {**NEW, "abstract": "We plan ferry departures by hand on two fjords. Queues shrink by 12%."})
    [changed] = watches.run()
    assert ([f.title for f in changed.removed], changed.added) == ([NEW["title"]], ())
    assert [what for _, what in changed.because] == ["changed"]

    library.delete([watch.found[0].paper_id])
    [gone] = watches.run()
    assert [what for _, what in gone.because] == ["deleted"]
    assert watches.all()[0].found == ()
    assert watches.run() == []
    assert [c.number for c in watches.changes()] == sorted((c.number for c in watches.changes()), reverse=True)


def test_only_new_and_changed_papers_are_read(library: Assistant, tmp_path: Path) -> None:
    library.watches.add("reinforcement learning")
    add(library, tmp_path, NEW)
    read: list[list[str]] = []
    watches = library.watches
    find = watches.find

    def noting(question: str, filters: Filters, papers: object) -> object:
        read.append(list(papers))  # type: ignore[call-overload]  # a sequence of ids
        return find(question, filters, papers)  # type: ignore[arg-type]  # as above

    type(watches)(watches.library, noting, watches.ask, watches.touches).run()  # type: ignore[arg-type]  # as above
    assert [len(papers) for papers in read] == [1]


def test_a_question_is_answered_again_only_when_its_papers_are_touched(library: Assistant, tmp_path: Path) -> None:
    add(library, tmp_path, NEW)
    watches = library.watches
    watch = watches.add("By how much do the queues of ferries shrink?", "answer")
    assert any("12%" in f.quote for f in watch.found)
    add(library, tmp_path, {"title": "Salt", "abstract": "Salt is weighed by hand in three old harbours."})
    assert watches.run() == []
    add(library, tmp_path, {**NEW, "abstract": str(NEW["abstract"]).replace("12%", "31%")})
    [change] = watches.run()
    assert any("31%" in f.quote for f in change.added)
    assert any("12%" in f.quote for f in change.removed)


def test_filters_hold_and_a_question_is_stored_once(library: Assistant, tmp_path: Path) -> None:
    watch = library.watches.add("  reinforcement   learning ", filters=Filters(year_to=2023))
    assert library.watches.add("reinforcement learning", filters=Filters(year_to=2023)) == watch
    add(library, tmp_path, NEW)
    assert library.watches.run() == [], "the new paper is of 2024"
    library.watches.remove(watch.watch_id)
    assert library.watches.all() == []
    with pytest.raises(NotFoundError, match="assistant watch list"):
        library.watches.remove(watch.watch_id)
    with pytest.raises(QuestionError):
        library.watches.add("  ")


def test_files_are_valid_and_the_same_each_time(library: Assistant, tmp_path: Path) -> None:
    library.watches.add("reinforcement learning")
    hostile = {"title": "<b>Ferries</b> & *more* ]]>\x0b", "abstract": "Ferries use reinforcement learning & <scribe>."}
    add(library, tmp_path, hostile)
    library.watches.run()
    folder = library.watches.write(tmp_path / "out")
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    library.watches.write(folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == files
    assert sorted(files) == ["watches.atom", "watches.json", "watches.md"]
    feed = ET.fromstring(files["watches.atom"])  # noqa: S314 - our own file
    assert [feed.find(ATOM + name) is not None for name in ("id", "title", "updated", "author")] == [True] * 4
    [entry] = feed.findall(ATOM + "entry")
    assert entry.findtext(ATOM + "updated", "").endswith("Z")
    assert "<scribe>" in entry.findtext(ATOM + "content", "")
    assert len(json.loads(files["watches.json"])["changes"]) == 1
    assert b"<scribe>" not in files["watches.md"].replace(rb"\<scribe\>", b"")


@pytest.mark.parametrize("point", ["store-before-commit", "store-after-commit"])
def test_a_kill_loses_no_watch_and_no_change(fresh_home: Path, tmp_path: Path, point: str) -> None:
    with Assistant(Settings(home=fresh_home, llm="quotes")) as library:
        for topic in ("reinforcement learning", "ferry departures", "bass buttons"):
            library.watches.add(topic)
        before = {w.watch_id for w in library.watches.all()}
        add(library, tmp_path, NEW)
    command = [sys.executable, "-m", "assistant", "watch", "run", "--home", str(fresh_home)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "ASSISTANT_FAILPOINT": f"{point}:2"}
    assert subprocess.run(command, env=env, check=False, cwd=ROOT).returncode == -signal.SIGKILL
    with Assistant(Settings(home=fresh_home, llm="quotes")) as library:
        library.watches.run()
        assert {w.watch_id for w in library.watches.all()} == before
        assert sorted(c.question for c in library.watches.changes()) == ["ferry departures", "reinforcement learning"]


def test_the_commands_and_index_tell_what_changed(fresh_home: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, [*arguments, "--home", str(fresh_home)])
        assert result.exit_code == 0, result.output
        return result.stdout

    watch_id = run("watch", "add", "reinforcement learning").partition(":")[0]
    assert watch_id in run("watch", "list")
    assert run("watch", "run") == ""
    told = run("index", str(write_papers(tmp_path / "more.jsonl", [NEW])))
    assert "the answer changed because of 1 new paper" in told
    assert "ferry departures" in told
    assert (fresh_home / "watches" / "watches.atom").exists()
    assert run("watch", "run", "--out", str(tmp_path / "out")) == "", "said once"
    assert "ferry departures" in (tmp_path / "out" / "watches.md").read_text()
    run("watch", "remove", watch_id)
    assert json.loads(run("watch", "list", "--json")) == {"watches": []}
