"""Answers questions that lay papers side by side, and those about a topic over the years."""

from __future__ import annotations

from collections.abc import Generator

from assistant.collection.columns import checked_columns
from assistant.collection.find import Finder
from assistant.collection.reply import Reply, joined, papers
from assistant.collection.table import TableMaker
from assistant.collection.trend import trend
from assistant.extraction.kind_names import kind_named
from assistant.query.query import Query
from assistant.table import Row, Table
from assistant.types import Filters, Heartbeat

_MOST_ROWS = 100
"""Papers of a table in an answer; a table that is made by itself has no such limit."""
_AT_ONCE = 16
"""Papers between two reports of progress."""


def compared(finder: Finder, tables: TableMaker, query: Query) -> Generator[Heartbeat, None, Reply | None]:
    """The table of the papers that a question names, or of those that state its topic; None where there are none."""
    said, ids = "", query.about
    if not ids:
        listing = finder.find(query.topic, query.filters)
        said, ids = f"{listing.summary} ", tuple(p.paper_id for p in listing.papers)
    found = list(finder.library.store.papers(ids[:_MOST_ROWS]))
    if not found:
        return None
    named = tuple(dict.fromkeys(kind_named(column) or column for column in query.columns))
    columns, rows = checked_columns(named or None), list[Row]()
    for i in range(0, len(found), _AT_ONCE):
        yield Heartbeat(f"comparing papers, {len(rows)} of {len(found)} read")
        rows += tables.make(found[i : i + _AT_ONCE], columns).rows
    shown = f"The first {_MOST_ROWS} are" if len(ids) > _MOST_ROWS else f"{papers(len(found))} {_are(len(found))}"
    text = f"{said}{shown} compared by {joined(list(columns))}."
    return Reply(text, table=Table(columns, tuple(rows), len(ids)))


def over_years(finder: Finder, query: Query) -> Reply:
    """The shares of a topic over the years, with the papers that state it."""
    filters = query.filters or Filters()
    listing = finder.find(query.topic or query.standalone, filters)
    found = trend(finder.library, listing.criterion, listing, filters)
    return Reply(found.sentence, listing, trend=found)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
