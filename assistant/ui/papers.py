"""Renders the papers of the library as a table that is searched, sorted and paged on the server.

Gradio's Dataframe is not used: it sends every row to the browser, where a library may have 100,000, and has neither
abstracts that unfold nor a button in each row. Each visitor's `TableView` is in the state of the browser tab.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from assistant import Paper
from assistant.citations import details
from assistant.ui.facets import Spans
from assistant.ui.templates import render
from assistant.ui.text import links

_PAGE = 50
_COLUMNS = {"title": "Title", "year": "Year", "source": "Source"}


@dataclass(frozen=True, slots=True)
class TableView:
    """The page of the table that one visitor sees."""

    query: str = ""
    by: str = "title"
    descending: bool = False
    page: int = 0
    facet: tuple[str, str] | None = None
    """The facet and the value to which the table is limited."""

    def sorted_by(self, column: str, columns: Container[str] = _COLUMNS) -> TableView:
        """Sorted by this column; in the opposite order if it already was."""
        if column not in columns:
            return self
        return replace(self, by=column, descending=self.by == column and not self.descending, page=0)

    def at_page(self, page: int) -> TableView:
        """The same table at another page."""
        return replace(self, page=page)


def find(papers: Sequence[Paper], view: TableView) -> list[Paper]:
    """The papers with every word of the query in title, authors, year, venue, source or another name of the record, in order."""
    words = view.query.casefold().split()
    hits = [p for p in papers if not words or all(word in _searched(p) for word in words)]
    return sorted(hits, key=lambda p: _key(p, view.by), reverse=view.descending)


def _searched(paper: Paper) -> str:
    lists = (paper.authors, paper.sources, paper.categories, paper.keywords, paper.collections)
    single = (paper.title, str(paper.year or ""), paper.venue, paper.citekey, paper.doi, paper.pmid)
    return " ".join([*filter(None, single), *chain.from_iterable(lists)]).casefold()


def _key(paper: Paper, column: str) -> tuple[object, ...]:
    title = paper.title.casefold()
    if column == "year":
        return (paper.year or 0, title)
    return (paper.sources[:1], title) if column == "source" else (title,)


def render_table(papers: Sequence[Paper], view: TableView, spans: Spans | None = None) -> str:
    """Heading, the rows of one page, and the pager; `spans` are marked, and only their papers are listed."""
    total = len(papers)
    papers = papers if spans is None else [p for p in papers if p.paper_id in spans]
    hits = find(papers, view)
    last = max(0, (len(hits) - 1) // _PAGE)
    page = min(view.page, last)
    return render(
        "papers",
        total=total,
        found=len(hits),
        view=view,
        columns=_COLUMNS,
        rows=[
            (p, details(p), links(p), _cut(p.abstract, spans, p.paper_id))
            for p in hits[page * _PAGE : (page + 1) * _PAGE]
        ],
        page=page,
        last=last,
    )


def _cut(abstract: str, spans: Spans | None, paper_id: str) -> tuple[str, str, str]:
    """The abstract before, in and after the span; the span is empty where there is none."""
    start, end = (spans or {}).get(paper_id, (0, 0))
    return abstract[:start], abstract[start:end], abstract[end:]
