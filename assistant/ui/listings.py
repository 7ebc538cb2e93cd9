"""Prepares the papers that an answer lists: rows of a table that is sorted and paged on the server, each with its span.

Gradio's Dataframe is not used, for the reasons given in `papers`: a listing may have thousands of rows, and each opens a
paper at its span.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from assistant import ListedPaper, Listing, Paper
from assistant.ui.papers import TableView

T = TypeVar("T")
Pile = Literal["papers", "unclear", "table"]
PILES: tuple[Pile, ...] = ("papers", "unclear")
"""The piles of a listing; the rows of a table of papers are a pile of their own."""
COLUMNS = {"order": "#", "title": "Title", "year": "Year"}
"""What the table is sorted by; `order` is the listing's own, best first."""
EXPORTS = {"csv": "CSV", "markdown": "Markdown", "bibtex": "BibTeX", "ris": "RIS", "csl": "CSL-JSON", "json": "JSON"}
"""The forms in which a whole listing can be exported, each with its name."""
_PAGE = 25
_MOST_COLUMNS = 20
_LABELS = {"papers": "p", "unclear": "u"}


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row: a listed paper, and the label of what opens it at its span."""

    number: int
    label: str
    listed: ListedPaper
    year: int | None


@dataclass(frozen=True, slots=True)
class ListedPage:
    """The rows of one page of a pile."""

    pile: Pile
    view: TableView
    rows: Sequence[ListedRow]
    page: int
    last: int
    count: int
    open: bool
    """Whether the visitor has sorted or paged the pile, so that it must not fold again."""


@dataclass
class ListingViews:
    """What one visitor sees of each pile of a listing."""

    views: dict[Pile, TableView] = field(
        default_factory=lambda: {pile: TableView(by="order") for pile in (*PILES, "table")}
    )
    touched: set[Pile] = field(default_factory=set)

    def sort(self, pile: str, column: str) -> None:
        """Sorts a pile by a column, which `table` names by its number; in the opposite order if it already was."""
        if pile == "table":
            known = ("order", "title", *map(str, range(_MOST_COLUMNS)))
            self._set("table", self.views["table"].sorted_by(column, known))
        elif pile in PILES:
            self._set(pile, self.views[pile].sorted_by(column, COLUMNS))

    def turn_to(self, pile: str, page: str) -> None:
        """Shows a page of a pile."""
        known = next((p for p in self.views if p == pile), None)
        if known is not None and page.isdecimal():
            self._set(known, self.views[known].at_page(int(page[:6])))

    def page(self, listing: Listing, pile: Pile, papers: Mapping[str, Paper]) -> ListedPage:
        """The page of the pile that is seen; `papers` are those of the library."""
        listed = listing.papers if pile == "papers" else listing.unclear
        view = self.views[pile]
        rows = [
            ListedRow(i, f"{_LABELS[pile]}{i}", p, papers[p.paper_id].year if p.paper_id in papers else None)
            for i, p in enumerate(listed, 1)
        ]
        rows.sort(key=lambda row: _key(row, view.by), reverse=view.descending)
        shown, page, last = paged(rows, view)
        return ListedPage(pile, view, shown, page, last, len(rows), pile in self.touched)

    def _set(self, pile: Pile, view: TableView) -> None:
        self.views[pile] = view
        self.touched.add(pile)


def paged(rows: Sequence[T], view: TableView) -> tuple[Sequence[T], int, int]:
    """The rows of the page that is seen, its number, and that of the last page."""
    last = max(0, (len(rows) - 1) // _PAGE)
    page = min(view.page, last)
    return rows[page * _PAGE : (page + 1) * _PAGE], page, last


def _key(row: ListedRow, column: str) -> tuple[object, ...]:
    if column == "title":
        return (row.listed.title.casefold(), row.number)
    return (row.year or 0, row.number) if column == "year" else (row.number,)
