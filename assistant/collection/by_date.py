"""Orders papers by what their records say: when they were written or added, or how many authors they have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.collection.conditions import not_recorded
from assistant.collection.reply import joined
from assistant.library.store import Store
from assistant.listing import Listing
from assistant.query.metadata import EVERY, Asked
from assistant.types import Paper

_MOST_NAMED = 5


def author_count(paper: Paper) -> int | None:
    """How many authors the record of a paper gives."""
    return paper.author_count or len(paper.authors) or None


def date_of(paper: Paper) -> str | None:
    """The date, as far as it is known with its year."""
    date = paper.date or (str(paper.year) if paper.year else None)
    return date if date and not date.startswith("-") else None


def ranked(papers: Iterable[Paper], asked: Asked, store: Store) -> tuple[list[tuple[str | int, Paper]], list[Paper]]:
    """The papers with the value that they are ordered by, the wanted end first; and those without one, by title."""
    found = sorted(papers, key=lambda p: p.title)
    added = store.arrivals.of([p.paper_id for p in found]) if asked.field == "added" else {}
    valued: list[tuple[str | int, Paper]] = []
    for paper in found:
        read = {"added": added.get(paper.paper_id), "date": date_of(paper), "author count": author_count(paper)}
        if (value := read[asked.field]) is not None:
            valued.append((value, paper))
    known = {paper.paper_id for _, paper in valued}
    valued.sort(key=lambda row: row[0], reverse=asked.operation == "highest")
    return valued, [p for p in found if p.paper_id not in known]


def shown(value: str | int, field: str) -> str:
    """The value as it stands behind a title."""
    if isinstance(value, int):
        return f"{value} author{'s' * (value != 1)}"
    return f"added {value[:10]}" if field == "added" else value


def in_order(listing: Listing, asked: Asked, store: Store) -> Listing:
    """The listing with the newest or oldest papers first, those without a date last; its note names the first ones."""
    listed = {p.paper_id: p for p in listing.papers}
    valued, undated = ranked(store.papers(list(listed)), asked, store)
    papers = tuple(listed[p.paper_id] for p in [*(p for _, p in valued), *undated])
    end = "newest" if asked.operation == "highest" else "oldest"
    first = [f"“{p.title}” ({shown(value, asked.field)})" for value, p in valued[: min(asked.count, _MOST_NAMED)]]
    notes = [f"The {end}: {joined(first)}." if asked.count < EVERY else f"The {end} first."] if first else []
    if undated:
        notes.append(not_recorded(asked.field, len(undated), len(papers)))
    return replace(listing, papers=papers, note=" ".join(notes))
