"""What is answered about the library as a whole, or about the record of one paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.listing import ListedPaper, Listing
from assistant.table import Table
from assistant.trend import Trend
from assistant.types import Citation, Sentence

EMPTY_LIBRARY = "Your library is empty; add papers with `assistant index PATH`."
MOST_LISTED = 10_000
"""Papers that a listing holds; its count counts all."""
_MOST_NAMED = 10
"""Titles that the text names; the listing holds the others."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The text, the papers behind it, and the quotes where abstracts are quoted."""

    text: str
    listing: Listing | None = None
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    table: Table | None = None
    trend: Trend | None = None


def listed(criterion: str, titles: Iterable[tuple[str, str]], count: int, of: int) -> Listing:
    """The papers, (id, title) each, that are listed for what their records say; every record was read."""
    papers = tuple(ListedPaper.titled(paper_id, title) for paper_id, title in titles)
    return Listing(criterion, count, of, of, papers[:MOST_LISTED])


def named(listing: Listing, details: dict[str, str] | None = None) -> str:
    """The first titles of a listing, one a line, each with the detail that is known of it."""
    known = details or {}
    lines = [
        f"- “{p.title}”" + (f" ({known[p.paper_id]})" if p.paper_id in known else "")
        for p in listing.papers[:_MOST_NAMED]
    ]
    if listing.count > _MOST_NAMED:
        lines.append(f"- and {listing.count - _MOST_NAMED:,} more")
    return "\n".join(lines)


def papers(count: int) -> str:
    """`1 paper` or `17 papers`."""
    return f"{count:,} paper{'s' * (count != 1)}"


def joined(words: list[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
