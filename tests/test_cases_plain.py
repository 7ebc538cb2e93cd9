"""The reported cases of text that no bibliography program wrote."""

from __future__ import annotations

import pytest
from reading import CASES, needs_cases, papers, remarks

from assistant.documents import read
from assistant.types import Paper


@needs_cases
def test_reported_mail() -> None:
    found = list(read([CASES / "F05.txt"]))
    assert [(p.paper_id, p.authors, p.date) for p in papers(found)] == [
        ("arxiv:2403.00004", ("Sock Son", "Bo Lind"), "2024-03-01"),
        ("arxiv:2403.00010", ("Shir Ting",), "2024-03-01"),
    ]
    assert len(found) == 2


@needs_cases
def test_licence_and_package_beside_papers() -> None:
    assert remarks(list(read([CASES / "F08"]))) == [
        "skipped: a licence, not papers",
        "skipped: a project's settings, not papers",
    ]


@needs_cases
@pytest.mark.parametrize("name", ["F01.txt", "F03.txt"])
def test_labelled_and_tagged_text_is_no_plain_pairs(name: str) -> None:
    found = list(read([CASES / name]))
    assert not any("plain title" in remark for remark in remarks(found))
    assert len(papers(found)) in (0, 2)


@needs_cases
def test_reading_list_and_note() -> None:
    socks, lost = papers(list(read([CASES / "F07-list.txt"])))
    assert (socks.title, socks.abstract) == (
        "Sorting socks with a robot",
        "A robot sorts 31 pairs of socks in 8 minutes.",
    )
    assert (socks.paper_id, socks.year) == ("arxiv:2403.00004", 2024)
    assert (lost.title, lost.abstract, lost.authors) == ("Socks lost", "One sock in 9 is lost.", ("Ann Lee",))
    (note,) = list(read([CASES / "F07-note.txt"]))
    assert isinstance(note, Paper)
    assert (note.abstract, note.authors) == (socks.abstract, ("Sock Son", "Bo Lind"))
    assert (note.year, note.doi, note.keywords) == (2024, "10.0000/socks", ("paper", "robots"))
