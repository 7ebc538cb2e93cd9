"""What happens to papers that came from Zotero when they change there, or are gone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from ingesting import library as open_library
from zotero_library import ZoteroLibrary, filled, held_open

from assistant import Assistant, IndexReport
from assistant.types import Paper

DRIFT = "Boats drift in the harbour at night. The error is two metres."
ROPES = "Ropes of hemp stretch by a tenth when they are wet. Nylon stretches more."
BELLS = "Bells on buoys ring less often in fog. We counted them for a year."


@pytest.fixture
def zotero(tmp_path: Path) -> ZoteroLibrary:
    return ZoteroLibrary(tmp_path / "Zotero")


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with open_library(tmp_path / "home") as opened:
        yield opened


def index(assistant: Assistant, *paths: Path) -> IndexReport:
    return assistant.add(list(paths))


def held(assistant: Assistant) -> dict[str, Paper]:
    return {paper.title: paper for paper in assistant.papers()}


def test_two_hundred_items_are_read_and_followed_while_zotero_runs(tmp_path: Path, assistant: Assistant) -> None:
    library, numbers = filled(tmp_path / "Zotero", 200)
    with held_open(library.path, "BEGIN EXCLUSIVE", "UPDATE items SET version = 9"):
        before = library.traces()
        first, again = index(assistant, library.folder), index(assistant, library.folder)
        assert library.traces() == before
    assert (first.added, first.papers, first.removed, first.failed) == (200, 200, 0, ())
    assert (again.unchanged, again.added, again.updated, again.removed) == (200, 0, 0, 0)
    assert [notice.text for notice in first.notices] == ["read from Zotero: 200 items"]

    library.execute("INSERT INTO deletedItems (itemID) VALUES (?)", numbers[0])
    changed = "We measure how boat 1 drifts in an estuary at night. The error is 9 metres in station 7."
    library.set(numbers[1], abstractNote=changed)
    with held_open(library.path):
        before = library.traces()
        report = index(assistant, library.folder)
        assert library.traces() == before
    assert (report.papers, report.removed, report.updated, report.added, report.unchanged) == (199, 1, 1, 0, 198)
    assert [notice.text for notice in report.notices] == ["read from Zotero: 199 items; 1 removed"]
    papers = held(assistant)
    assert "Drift of moored boats in harbour number 0" not in papers
    assert papers["Drift of moored boats in estuary number 1"].abstract == changed
    assert "9 metres" in assistant.search("9 metres in station 7")[0].quote
    assert index(assistant, library.folder).unchanged == 199


def test_items_that_are_erased_or_lose_their_abstract_are_removed(zotero: ZoteroLibrary, assistant: Assistant) -> None:
    drift = zotero.add(title="Drift", abstractNote=DRIFT)
    ropes = zotero.add(title="Ropes", abstractNote=ROPES)
    zotero.add(title="Bells", abstractNote=BELLS)
    index(assistant, zotero.folder)
    zotero.execute("DELETE FROM items WHERE itemID = ?", drift)
    zotero.set(ropes, abstractNote="")
    assert index(assistant, zotero.folder).removed == 2
    assert set(held(assistant)) == {"Bells"}
    zotero.set(ropes, abstractNote=ROPES)
    assert index(assistant, zotero.folder).added == 1


def test_a_paper_that_another_file_holds_stays(tmp_path: Path, zotero: ZoteroLibrary, assistant: Assistant) -> None:
    shelf = zotero.add_collection("Shelf")
    number = zotero.add(title="Drift", abstractNote=DRIFT, collections=[shelf])
    zotero.add(title="Ropes", abstractNote=ROPES)
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"title": "Drift", "abstract": DRIFT}) + "\n")
    index(assistant, other, zotero.folder)
    both = held(assistant)["Drift"]
    assert len(both.sources) == 2
    assert (both.zotero, both.collections) == (f"zotero://select/library/items/KEY{number:05}", ("Shelf",))
    zotero.execute("INSERT INTO deletedItems (itemID) VALUES (?)", number)
    # The other file is read in the same run: that it holds the paper says nothing about Zotero.
    assert index(assistant, other, zotero.folder).removed == 0
    left = held(assistant)["Drift"]
    assert (left.sources, left.zotero, left.collections) == (("other.jsonl",), None, ())


def test_new_metadata_of_an_item_replaces_the_old(zotero: ZoteroLibrary, assistant: Assistant) -> None:
    shelf = zotero.add_collection("Shelf")
    number = zotero.add(
        title="Drift", abstractNote=DRIFT, date="2019-00-00 2019", tags=["todo"], collections=[shelf], language="en"
    )
    index(assistant, zotero.folder)
    zotero.execute("UPDATE collections SET collectionName = 'Read'")
    zotero.execute("DELETE FROM itemTags")
    zotero.set(number, date="2020-05-00 May 2020", language="")
    assert index(assistant, zotero.folder).removed == 0
    paper = held(assistant)["Drift"]
    assert (paper.collections, paper.keywords, paper.date, paper.year) == (("Read",), (), "2020-05", 2020)
    assert paper.language is None


def test_a_changed_title_or_a_wholly_new_abstract_leaves_one_paper(zotero: ZoteroLibrary, assistant: Assistant) -> None:
    drift = zotero.add(title="Drift", abstractNote=DRIFT, DOI="10.1234/wrong")
    ropes = zotero.add(title="Ropes", abstractNote=ROPES)
    index(assistant, zotero.folder)
    zotero.set(drift, title="Of boats that nobody moored", DOI="10.1234/right")
    zotero.set(ropes, abstractNote=BELLS)
    report = index(assistant, zotero.folder)
    assert (report.added, report.updated, report.removed, report.conflicts) == (0, 2, 0, ())
    papers = held(assistant)
    assert set(papers) == {"Of boats that nobody moored", "Ropes"}
    assert "doi:10.1234/wrong" not in papers["Of boats that nobody moored"].aliases
    assert papers["Ropes"].abstract == BELLS


def test_copies_in_zotero_itself_are_one_paper_until_the_last_is_gone(
    zotero: ZoteroLibrary, assistant: Assistant
) -> None:
    group = zotero.add_group(77, "Lab")
    mine, shared = zotero.add_collection("Mine"), zotero.add_collection("Shared", library=group)
    first = zotero.add(title="Drift", abstractNote=DRIFT, collections=[mine])
    second = zotero.add(title="Drift", abstractNote=DRIFT, collections=[shared], library=group)
    index(assistant, zotero.folder)
    paper = held(assistant)["Drift"]
    assert (len(paper.sources), paper.collections) == (2, ("Mine", "Shared"))
    zotero.execute("INSERT INTO deletedItems (itemID) VALUES (?)", first)
    assert index(assistant, zotero.folder).removed == 0
    paper = held(assistant)["Drift"]
    assert (paper.collections, paper.zotero) == (("Shared",), f"zotero://select/groups/77/items/KEY{second:05}")
    assert [source.endswith(":Lab") for source in paper.sources] == [True]
    # The user leaves the group.
    zotero.execute("DELETE FROM items WHERE libraryID = ?", group)
    zotero.execute("DELETE FROM groups")
    zotero.add(title="Ropes", abstractNote=ROPES)
    assert index(assistant, zotero.folder).removed == 1
    assert set(held(assistant)) == {"Ropes"}


def test_a_renamed_group_keeps_its_papers(zotero: ZoteroLibrary, assistant: Assistant) -> None:
    zotero.add(title="Drift", abstractNote=DRIFT, library=zotero.add_group(77, "Lab"))
    index(assistant, zotero.folder)
    zotero.execute("UPDATE groups SET name = 'Harbour lab'")
    assert index(assistant, zotero.folder).removed == 0
    assert held(assistant)["Drift"].sources[0].endswith(":Harbour lab")
    assert len(held(assistant)["Drift"].sources) == 1


def test_two_zotero_libraries_do_not_remove_each_others_papers(
    tmp_path: Path, zotero: ZoteroLibrary, assistant: Assistant
) -> None:
    zotero.add(title="Drift", abstractNote=DRIFT)
    other = ZoteroLibrary(tmp_path / "other", prefix="OTH")
    other.add(title="Ropes", abstractNote=ROPES)
    for folder in (zotero.folder, other.folder, zotero.folder):
        assert index(assistant, folder).removed == 0
    assert set(held(assistant)) == {"Drift", "Ropes"}


def test_nothing_is_removed_because_zotero_could_not_be_read(
    zotero: ZoteroLibrary, assistant: Assistant, tmp_path: Path
) -> None:
    zotero.add(title="Drift", abstractNote=DRIFT)
    index(assistant, zotero.folder)
    kept = tmp_path / "kept.sqlite"
    shutil.copyfile(zotero.path, kept)
    for damage in (b"", b"no database at all", kept.read_bytes()[:8192]):
        zotero.path.write_bytes(damage)
        report = index(assistant, zotero.folder)
        assert (report.papers, report.removed, len(report.failed)) == (1, 0, 1)
    # A new installation begins with an empty library.
    zotero.path.unlink()
    shutil.rmtree(zotero.folder)
    report = index(assistant, ZoteroLibrary(zotero.folder).folder)
    assert (report.papers, report.removed, len(report.failed)) == (1, 0, 1)
    shutil.copyfile(kept, zotero.path)
    assert index(assistant, zotero.folder).unchanged == 1


def test_a_run_that_is_stopped_removes_nothing(tmp_path: Path, assistant: Assistant) -> None:
    library, numbers = filled(tmp_path / "Zotero", 150)
    index(assistant, library.folder)
    library.execute("DELETE FROM items WHERE itemID = ?", numbers[0])

    class Stop(Exception):
        pass

    def stop(progress: object) -> None:
        raise Stop

    with pytest.raises(Stop):
        assistant.add([library.folder], stop)
    assert len(assistant.papers()) == 150
    assert index(assistant, library.folder).removed == 1
