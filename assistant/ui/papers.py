"""The papers of the library as a table, searched, sorted and a page at a time. Gives out HTML.

Knows nothing about Gradio. Which part of the table a visitor sees is a `TableView`, held by the visitor's browser tab.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant import Paper
from assistant.ui.text import esc, link, plural

_PAGE = 50
_COLUMNS = {"title": "Title", "year": "Year", "source": "Source"}


@dataclass(frozen=True, slots=True)
class TableView:
    """What one visitor looks at."""

    query: str = ""
    by: str = "title"
    descending: bool = False
    page: int = 0

    def sorted_by(self, column: str) -> TableView:
        """Sorted by this column; the other way round when it was already."""
        if column not in _COLUMNS:
            return self
        return replace(self, by=column, descending=self.by == column and not self.descending, page=0)


def found(papers: Sequence[Paper], view: TableView) -> list[Paper]:
    """The papers that hold every word of the query in title, authors, year or source, in the view's order."""
    words = view.query.casefold().split()
    hits = [p for p in papers if not words or all(word in _searched(p) for word in words)]
    return sorted(hits, key=lambda p: _key(p, view.by), reverse=view.descending)


def _searched(paper: Paper) -> str:
    parts = [paper.title, *paper.authors, str(paper.year or ""), *paper.sources, *paper.categories]
    return " ".join(parts).casefold()


def _key(paper: Paper, column: str) -> tuple[object, ...]:
    title = paper.title.casefold()
    if column == "year":
        return (paper.year or 0, title)
    return (paper.sources[:1], title) if column == "source" else (title,)


def table(papers: Sequence[Paper], view: TableView) -> str:
    """Heading, rows and pager."""
    hits = found(papers, view)
    last = max(0, (len(hits) - 1) // _PAGE)
    page = min(view.page, last)
    shown = hits[page * _PAGE : (page + 1) * _PAGE]
    if not papers:
        return '<p class="quiet">No papers yet. Drop files above.</p>'
    words = f"{plural(len(hits), 'paper')}{' found' if view.query else ''}"
    head = "".join(_heading(name, words, view) for name, words in _COLUMNS.items())
    rows = "".join(_row(p) for p in shown)
    return (
        f'<div class="table-tools"><p class="quiet" role="status">{words}</p><button type="button" class="plain" '
        "data-remove disabled>Delete selected…</button></div>"
        '<div class="table-scroll" role="region" tabindex="0" aria-label="Table of papers"><table class="papers">'
        f'<thead><tr><th scope="col"><span class="unseen">Select</span></th>{head}'
        f'<th scope="col"><span class="unseen">Ask</span></th></tr></thead><tbody>{rows}</tbody></table></div>'
        f"{_pager(page, last)}{_CONFIRM}"
    )


_CONFIRM = (
    '<dialog class="confirm" aria-labelledby="confirm-words"><p id="confirm-words"></p><ul></ul>'
    '<div class="confirm-do">'
    '<button type="button" class="plain" data-keep>Keep</button>'
    '<button type="button" class="danger" data-do="delete">Delete</button></div></dialog>'
)


def _heading(name: str, words: str, view: TableView) -> str:
    state, arrow = ("none", "")
    if view.by == name:
        state, arrow = ("descending", " ↓") if view.descending else ("ascending", " ↑")
    return (
        f'<th scope="col" aria-sort="{state}"><button type="button" data-do="sort" data-by="{name}">{words}'
        f'<span aria-hidden="true">{arrow}</span></button></th>'
    )


def _row(paper: Paper) -> str:
    url, title = link(paper.paper_id, paper.doi), esc(paper.title)
    read = f'<a href="{esc(url)}" target="_blank" rel="noopener noreferrer">{esc(url)}</a>' if url else ""
    authors = f'<p class="quiet">{esc(", ".join(paper.authors[:6]))}</p>' if paper.authors else ""
    more = f", +{len(paper.sources) - 1}" if len(paper.sources) > 1 else ""
    return (
        f'<tr><td><input type="checkbox" data-paper="{esc(paper.paper_id)}" aria-label="Select {title}"></td>'
        f"<td><details><summary>{title}</summary>{authors}<p>{esc(paper.abstract)}</p>{read}</details></td>"
        f'<td>{esc(paper.year or "—")}</td><td class="source" title="{esc(", ".join(paper.sources))}">'
        f"{esc(paper.sources[0] if paper.sources else '')}{more}</td>"
        f'<td><button type="button" class="plain" data-do="ask" data-paper="{esc(paper.paper_id)}" '
        f'aria-label="Ask about {title}">Ask</button></td></tr>'
    )


def _pager(page: int, last: int) -> str:
    if not last:
        return ""
    before, after = _leaf("Back", page - 1, page > 0), _leaf("Next", page + 1, page < last)
    where = f"<span>Page {page + 1} of {last + 1}</span>"
    return f'<nav class="pager" aria-label="Pages of the table">{before}{where}{after}</nav>'


def _leaf(words: str, page: int, possible: bool) -> str:
    off = "" if possible else " disabled"
    return f'<button type="button" class="plain" data-do="page" data-page="{page}"{off}>{words}</button>'
