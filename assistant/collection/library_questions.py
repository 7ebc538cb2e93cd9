"""Answers what a question asks about the library as a whole, or about the record of one paper."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

from assistant.collection.about import about
from assistant.collection.comparing import compared, over_years
from assistant.collection.find import Finder
from assistant.collection.metadata import Metadata
from assistant.collection.overview import overview, what_is_new
from assistant.collection.paper_record import record_text
from assistant.collection.reply import EMPTY_LIBRARY, Reply
from assistant.collection.table import TableMaker
from assistant.injections.screening import screened
from assistant.library.library import Library
from assistant.library.topic_map import TopicMap
from assistant.listing import ListedPaper, Listing
from assistant.query.query import Query
from assistant.types import Heartbeat, Paper

_OF_LIBRARY = frozenset({"list", "count", "trend", "table", "overview", "metadata"})


@dataclass(frozen=True, slots=True)
class LibraryQuestions:
    """Answers questions that no search for passages answers."""

    library: Library
    topics: Callable[[], TopicMap]
    finder: Finder
    tables: TableMaker

    def answer(self, query: Query) -> Generator[Heartbeat, None, Reply | None]:
        """The answer; None where passages have to be searched for it."""
        store, asked = self.library.store, query.asked
        if query.intent in _OF_LIBRARY and not store.count():
            return Reply(EMPTY_LIBRARY, Listing("", 0, 0, 0, ()))
        if query.intent == "overview":
            return (
                what_is_new(store, query.filters) if asked else (yield from overview(store, query.filters, self.topics))
            )
        if query.intent == "about":
            return next((about(paper) for paper in screened(list(store.papers(query.about)))), None)
        if query.intent == "metadata" and asked is not None and asked.operation == "record":
            return of_record(list(store.papers(query.about)), asked.field)
        if query.intent == "table":
            return (yield from compared(self.finder, self.tables, query))
        if query.intent == "trend":
            return over_years(self.finder, query)
        of_all = asked if asked is not None and asked.operation != "record" else None
        lists = query.intent in ("list", "count") or (query.intent == "metadata" and of_all is not None)
        return Metadata(self.library).answer(of_all, query.filters) if lists and not query.topic else None


def of_record(papers: list[Paper], field: str) -> Reply | None:
    """What the records of these papers say about the field; None without a paper."""
    if not papers:
        return None
    listed = tuple(ListedPaper.titled(p.paper_id, p.title) for p in papers)
    text = " ".join(record_text(paper, field) for paper in papers)
    return Reply(text, Listing(field, len(papers), len(papers), len(papers), listed))
