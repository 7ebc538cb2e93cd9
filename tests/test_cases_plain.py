"""The reported cases of text that no bibliography program wrote."""

from __future__ import annotations

from reading import CASES, needs_cases, papers

from assistant.documents import read


@needs_cases
def test_reported_mail() -> None:
    found = list(read([CASES / "F05.txt"]))
    assert [(p.paper_id, p.authors, p.date) for p in papers(found)] == [
        ("arxiv:2403.00004", ("Sock Son", "Bo Lind"), "2024-03-01"),
        ("arxiv:2403.00010", ("Shir Ting",), "2024-03-01"),
    ]
    assert len(found) == 2
