"""Everything that the product shows about a paper: the ways of asking for it, each with the texts that come back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant import Answer, Assistant
from assistant.listing import Listing
from assistant.table import Table

Shown = Iterator[tuple[str, str]]
"""What a text is, and the text."""


def of_answer(answer: Answer) -> Shown:
    """What an answer shows, on any surface."""
    yield "answer", answer.text
    for sentence in answer.sentences:
        yield "sentence", sentence.text
    for title, quote in quotes(answer):
        yield "quote", quote
        yield "title", title
    for note in (*answer.notes, *answer.remarks):
        yield "note", note
    for removed in answer.removed:
        yield "removed", removed.text
        yield "removed", removed.why
    if answer.listing is not None:
        yield from of_listing(answer.listing)
    if answer.table is not None:
        yield from of_table(answer.table)


def quotes(answer: Answer) -> Iterator[tuple[str, str]]:
    """The title and the words of each quote: those that are cited, or those that come nearest."""
    yield from ((c.title, c.quote) for c in answer.citations)
    yield from ((e.title, e.quote) for e in answer.nearest)


def of_listing(listing: Listing) -> Shown:
    """What a list of papers shows."""
    for paper in (*listing.papers, *listing.unclear):
        yield "list", paper.quote
        yield "title", paper.title


def of_table(table: Table) -> Shown:
    """What a table shows."""
    for row in table.rows:
        yield "title", row.title
        for cell in row.cells:
            if cell is not None:
                yield "cell", cell.value
                yield from (("cell", span.quote) for span in cell.spans)


def of_search(assistant: Assistant, question: str) -> Shown:
    """What a search shows."""
    for hit in assistant.search(question):
        yield "hit", hit.quote
        yield "title", hit.title


def of_check(assistant: Assistant, claim: str) -> Shown:
    """What the check of a claim shows, beside the words of the claim that it quotes."""
    found = assistant.check(claim)
    yield "check", re.sub(r"“[^”]*”", "", found.why)
    for quote in found.evidence:
        yield "check", quote.quote
        yield "title", quote.title


def of_related(assistant: Assistant, paper_id: str) -> Shown:
    """What is shown of papers near one."""
    for paper in assistant.related(paper_id, k=5).papers:
        yield "related", paper.quote
        yield "title", paper.title
