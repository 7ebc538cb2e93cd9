"""Indexing many papers: a second run only compares, memory stays bounded, and what happened since is always noticed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from conftest import write_papers
from ingesting import LONG, CountingEmbedder, library, opened, records

from assistant.library.seen_ids import SeenIds

ROWS = records(*[(f"Paper number {i} on boats", f"{LONG} Boat {i} sank.") for i in range(10)])


def counts(report: object) -> tuple[int, ...]:
    return tuple(getattr(report, name) for name in ("added", "updated", "unchanged", "duplicates"))


def sql(home: Path, statement: str) -> list[tuple[object, ...]]:
    """Runs a statement on the library's file behind its back."""
    with closing(sqlite3.connect(home / "library.sqlite3")) as db, db:
        return db.execute(statement).fetchall()


def make_unreadable(home: Path) -> None:
    """From here on, whoever reads a stored paper gets a LibraryError."""
    sql(home, "UPDATE papers SET record = 'unreadable'")


def test_a_second_run_reads_no_stored_paper(tmp_path: Path) -> None:
    home = tmp_path / "home"
    source, lib = write_papers(tmp_path / "p.jsonl", ROWS), library(home)
    lib.add([source])
    make_unreadable(home)
    before = sql(home, "SELECT * FROM papers JOIN merged USING (paper_id)")
    assert counts(lib.add([source])) == (0, 0, 10, 0)
    assert sql(home, "SELECT * FROM papers JOIN merged USING (paper_id)") == before, "nothing is written"


def test_a_library_of_an_earlier_release_is_compared_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    source, lib = write_papers(tmp_path / "p.jsonl", ROWS), library(home)
    lib.add([source])
    sql(home, "DELETE FROM merged")  # what the previous release did not write
    assert counts(lib.add([source])) == (0, 0, 10, 0)
    make_unreadable(home)
    assert counts(lib.add([source])) == (0, 0, 10, 0)


def test_an_edit_and_its_undoing_are_both_noticed(tmp_path: Path) -> None:
    source, lib = tmp_path / "p.jsonl", library(tmp_path / "home")
    lib.add([write_papers(source, records(("Harbour Drift", LONG)))])
    for text in (LONG.replace("two metres", "nine metres"), LONG):
        assert counts(lib.add([write_papers(source, records(("Harbour Drift", text)))])) == (0, 1, 0, 0)
        assert lib.papers()[0].abstract == text


def test_a_deleted_paper_comes_back_whole(tmp_path: Path) -> None:
    a = write_papers(tmp_path / "a.jsonl", [{"title": "Harbour Drift", "abstract": LONG, "year": 2020}])
    b = write_papers(tmp_path / "b.jsonl", records(("Harbour Drift", LONG)))
    lib = library(tmp_path / "home")
    lib.add([a])
    lib.delete([p.paper_id for p in lib.papers()])
    assert counts(lib.add([b])) == (1, 0, 0, 0)
    lib.add([a])
    paper = lib.papers()[0]
    assert (paper.year, set(paper.sources)) == (2020, {"a.jsonl", "b.jsonl"})


@pytest.mark.parametrize(
    "moment", ["before put", "after put", "before update_metadata", "after update_metadata", "before sync"]
)
def test_stopped_at_any_moment_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    embedder, (when, name) = CountingEmbedder(), moment.split()
    sources = [
        write_papers(tmp_path / "a.jsonl", ROWS[:3]),
        write_papers(tmp_path / "b.jsonl", [{**row, "year": 2021} for row in ROWS]),
    ]
    with opened(tmp_path / "home", embedder, batch=3, metadata_batch=2) as lib:
        lib.pipeline.add(sources[:1])
        owner = lib.indexes if name == "sync" else lib.library.store
        real = getattr(owner, name)

        def stopped(*args: object, **options: object) -> None:
            if when == "after":
                real(*args, **options)
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(owner, name, stopped)
            with pytest.raises(KeyboardInterrupt):
                lib.pipeline.add(sources)
        report = lib.pipeline.add(sources)
        assert report.papers == 10
        papers = list(lib.library.store.papers())
        assert {p.year for p in papers} == {2021}
        assert {p.sources for p in papers} == {("a.jsonl", "b.jsonl"), ("b.jsonl",)}
        assert len(embedder.texts) <= 10 + 3, "one batch at most is embedded twice"
        assert lib.indexes.counts()[1] == 10
        assert counts(lib.pipeline.add(sources)) == (0, 0, 10, 3)


def test_copies_in_one_run_count_as_copies_every_time(tmp_path: Path) -> None:
    a, b = (write_papers(tmp_path / name, ROWS) for name in ("a.jsonl", "b.jsonl"))
    lib = library(tmp_path / "home")
    assert counts(lib.add([a, b])) == (10, 0, 0, 10)
    assert counts(lib.add([a, b])) == (0, 0, 10, 10)


def test_metadata_alone_is_committed_in_batches(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    with opened(tmp_path / "home", embedder, metadata_batch=4) as lib:
        lib.pipeline.add([write_papers(tmp_path / "a.jsonl", ROWS)])
        embedder.texts.clear()
        revision = lib.library.store.revision
        dated = write_papers(tmp_path / "b.jsonl", [{**row, "year": 2021} for row in ROWS])
        assert counts(lib.pipeline.add([dated])) == (0, 0, 0, 10)
        assert lib.library.store.revision == revision + 3, "commits of four, four and two papers"
        assert {p.year for p in lib.library.store.papers()} == {2021}
        assert not embedder.texts


def test_of_many_failures_only_the_first_are_listed(tmp_path: Path) -> None:
    source = write_papers(tmp_path / "p.jsonl", [*ROWS, *[{"title": f"Untold {i}"} for i in range(12)]])
    with opened(tmp_path / "home", CountingEmbedder(), listed=5) as lib:
        report = lib.pipeline.add([source])
    assert (report.added, len(report.failed), report.omitted) == (10, 5, 7)


def test_seen_ids_are_a_set() -> None:
    seen = SeenIds()
    assert [seen.add(i) for i in "aba"] == [False, False, True]
    assert "a" in seen
    assert "c" not in seen
    seen.close()
