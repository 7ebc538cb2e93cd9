"""Indexing much: a second run only compares, memory stays bounded, and what happened since is always noticed."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import write_papers
from test_library import LONG, CountingEmbedder, library, records

from assistant.ingestion import pipeline
from assistant.library.seen_ids import SeenIds
from assistant.library.store import Store

ROWS = records(*[(f"Paper number {i} on boats", f"{LONG} Boat {i} sank.") for i in range(10)])


def counts(report: object) -> tuple[int, ...]:
    return tuple(getattr(report, name) for name in ("added", "updated", "unchanged", "duplicates"))


def test_a_second_run_reads_no_stored_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, lib = write_papers(tmp_path / "p.jsonl", ROWS), library(tmp_path / "home")
    lib.add([source])
    revision, stored = lib.store.revision, list(lib.store.papers())
    monkeypatch.setattr(Store, "known", lambda *_: pytest.fail("a stored paper was read"))
    monkeypatch.setattr(Store, "describe", lambda *_: pytest.fail("something was written"))
    assert counts(lib.add([source])) == (0, 0, 10, 0)
    assert (lib.store.revision, list(lib.store.papers())) == (revision, stored)


def test_a_library_of_before_is_compared_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, lib = write_papers(tmp_path / "p.jsonl", ROWS), library(tmp_path / "home")
    lib.add([source])
    with lib.store._db.transaction():
        lib.store._db.execute("DELETE FROM merged")  # what the previous release did not write
    assert counts(lib.add([source])) == (0, 0, 10, 0)
    monkeypatch.setattr(Store, "known", lambda *_: pytest.fail("a stored paper was read"))
    assert counts(lib.add([source])) == (0, 0, 10, 0)


def test_an_edit_and_its_undoing_are_both_noticed(tmp_path: Path) -> None:
    source, lib = tmp_path / "p.jsonl", library(tmp_path / "home")
    lib.add([write_papers(source, records(("Harbour Drift", LONG)))])
    for text in (LONG.replace("two metres", "nine metres"), LONG):
        assert counts(lib.add([write_papers(source, records(("Harbour Drift", text)))])) == (0, 1, 0, 0)
        assert next(lib.store.papers()).abstract == text


def test_a_deleted_paper_comes_back_whole(tmp_path: Path) -> None:
    a = write_papers(tmp_path / "a.jsonl", [{"title": "Harbour Drift", "abstract": LONG, "year": 2020}])
    b = write_papers(tmp_path / "b.jsonl", records(("Harbour Drift", LONG)))
    lib = library(tmp_path / "home")
    lib.add([a])
    lib.delete([p.paper_id for p in lib.store.papers()])
    assert counts(lib.add([b])) == (1, 0, 0, 0)
    lib.add([a])
    paper = next(lib.store.papers())
    assert (paper.year, set(paper.sources)) == (2020, {"a.jsonl", "b.jsonl"})


@pytest.mark.parametrize("moment", ["before put", "after put", "before describe", "after describe", "before sync"])
def test_stopped_at_any_moment_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    embedder = CountingEmbedder()
    lib = library(tmp_path / "home", embedder)
    sources = [
        write_papers(tmp_path / "a.jsonl", ROWS[:3]),
        write_papers(tmp_path / "b.jsonl", [{**row, "year": 2021} for row in ROWS]),
    ]
    lib.add(sources[:1])
    monkeypatch.setattr(pipeline, "_BATCH", 3)
    monkeypatch.setattr(pipeline, "_DESCRIBED", 2)
    when, name = moment.split()
    owner = lib.indexes if name == "sync" else lib.store
    real = getattr(owner, name)

    def stopped(*args: object, **options: object) -> None:
        if when == "after":
            real(*args, **options)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, stopped)
        with pytest.raises(KeyboardInterrupt):
            lib.add(sources)
    report = lib.add(sources)
    assert report.papers == 10
    assert {p.year for p in lib.store.papers()} == {2021}
    assert {p.sources for p in lib.store.papers()} == {("a.jsonl", "b.jsonl"), ("b.jsonl",)}
    assert len(embedder.texts) <= 10 + 3, "one batch at most is embedded twice"
    assert lib.indexes.counts()[1] == 10
    assert counts(lib.add(sources)) == (0, 0, 10, 3)
    lib.close()


def test_copies_in_one_run_count_as_copies_every_time(tmp_path: Path) -> None:
    a, b = (write_papers(tmp_path / name, ROWS) for name in ("a.jsonl", "b.jsonl"))
    lib = library(tmp_path / "home")
    assert counts(lib.add([a, b])) == (10, 0, 0, 10)
    assert counts(lib.add([a, b])) == (0, 0, 10, 10)


def test_metadata_alone_is_committed_as_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = CountingEmbedder()
    lib = library(tmp_path / "home", embedder)
    lib.add([write_papers(tmp_path / "a.jsonl", ROWS)])
    embedder.texts.clear()
    monkeypatch.setattr(pipeline, "_DESCRIBED", 4)
    written: list[int] = []
    describe = Store.describe
    monkeypatch.setattr(Store, "describe", lambda self, known: (written.append(len(known)), describe(self, known))[1])
    dated = [{**row, "year": 2021} for row in ROWS]
    assert counts(lib.add([write_papers(tmp_path / "b.jsonl", dated)])) == (0, 0, 0, 10)
    assert written == [4, 4, 2]
    assert {p.year for p in lib.store.papers()} == {2021}
    assert not embedder.texts


def test_a_flood_of_failures_is_counted_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_LISTED", 5)
    source = write_papers(tmp_path / "p.jsonl", [*ROWS, *[{"title": f"Untold {i}"} for i in range(12)]])
    report = library(tmp_path / "home").add([source])
    assert (report.added, len(report.failed), report.omitted) == (10, 5, 7)


def test_seen_ids_are_a_set() -> None:
    seen = SeenIds()
    assert [seen.add(i) for i in "aba"] == [False, False, True]
    assert "a" in seen
    assert "c" not in seen
    seen.close()
