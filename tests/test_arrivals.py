"""When papers came into the library: noted once, kept by the paper through every change, gone with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import write_papers
from ingesting import LONG, library, records

from assistant import Assistant, Filters
from assistant.library.store import Store

BEFORE = "2024-03-09T10:00:00Z"
DRIFT, BELLS = ("Harbour Drift", LONG), ("On Bells", "Bells ring at noon. We count them for a year.")


def times(home: Path) -> dict[str, str]:
    """Title -> the time at which the paper came in."""
    with closing(Store(home / "library.sqlite3")) as store:
        titles = {p.paper_id: p.title for p in store.papers()}
        return {titles[i]: time for i, time in store.arrivals.of(list(titles)).items()}


def set_back(home: Path) -> None:
    """All papers that the library holds came in long ago."""
    with closing(sqlite3.connect(home / "library.sqlite3")) as db, db:
        db.execute("UPDATE arrivals SET added = ?", (BEFORE,))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A library whose two papers came in long ago."""
    with library(tmp_path / "home") as assistant:
        assistant.add([write_papers(tmp_path / "p.jsonl", records(DRIFT, BELLS))])
    set_back(tmp_path / "home")
    return tmp_path / "home"


def add(home: Path, name: str, *papers: dict[str, object]) -> Assistant:
    with library(home) as assistant:
        assistant.add([write_papers(home.parent / name, list(papers))])
    return assistant


def test_a_paper_comes_in_now(tmp_path: Path) -> None:
    began = datetime.now(UTC).isoformat(timespec="seconds")[:19]
    add(tmp_path / "home", "p.jsonl", *records(DRIFT))
    (time,) = times(tmp_path / "home").values()
    assert began <= time[:19] <= datetime.now(UTC).isoformat()
    assert time.endswith("Z")


def test_a_paper_that_changes_or_is_read_again_keeps_its_time(home: Path) -> None:
    add(home, "p.jsonl", *records(("Harbour Drift", LONG + " It rains."), BELLS))
    add(home, "other.jsonl", *records(BELLS))
    assert times(home) == {"Harbour Drift": BEFORE, "On Bells": BEFORE}


def test_a_paper_whose_id_becomes_known_keeps_its_time(home: Path) -> None:
    (known,) = records(DRIFT)
    add(home, "arxiv.jsonl", {**known, "arxiv_id": "2401.01234"})
    with closing(Store(home / "library.sqlite3")) as store:
        assert store.arrivals.of(["arxiv:2401.01234"]) == {"arxiv:2401.01234": BEFORE}
        assert len(store.arrivals.newest(10)) == 2, "nothing is left under the former id"


def test_a_deleted_paper_comes_in_anew(home: Path) -> None:
    with library(home) as assistant:
        (drift,) = (p.paper_id for p in assistant.papers() if p.title == "Harbour Drift")
        assistant.delete([drift])
        assert times(home) == {"On Bells": BEFORE}
    add(home, "p.jsonl", *records(DRIFT, BELLS))
    assert times(home)["Harbour Drift"] > BEFORE


def test_the_newest_come_first_and_days_filter_them(home: Path) -> None:
    add(home, "new.jsonl", *records(("Ropes", "Ropes are measured at night. They hold.")))
    with closing(Store(home / "library.sqlite3")) as store:
        (newest, _), *others = store.arrivals.newest(3)
        assert [p.title for p in store.papers([newest])] == ["Ropes"]
        assert [i for i, _ in others] == sorted(i for i, _ in others), (
            "of those that came together, in the order of ids"
        )
        assert store.select(Filters(added_from="2024-03-10")) == [newest]
        for day in ("2024", "2024-03", "2024-03-09", "2024-03-09T10:00"):
            assert store.select(Filters(added_from=day, added_to=day)) == [i for i, _ in sorted(others)]
        assert store.select(Filters(added_to="2024-03-08")) == []


def test_many_papers_are_looked_up_together(home: Path) -> None:
    many = records(*((f"Paper {n}", f"Finding {n} is new. It counts.") for n in range(1_100)))
    add(home, "many.jsonl", *many)
    assert len(times(home)) == 1_102


def test_papers_come_in_the_order_in_which_they_are_asked_for(home: Path) -> None:
    add(home, "many.jsonl", *records(*((f"Paper {n}", f"Finding {n} is new. It counts.") for n in range(1_100))))
    with closing(Store(home / "library.sqlite3")) as store:
        ids = store.select(Filters())[::-1]
        assert [p.paper_id for p in store.papers([*ids, "t:unknown"])] == ids
