"""Prepares the table of papers of an answer: rows that are sorted and paged on the server, cells that open a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant import Table
from assistant.table import Cell, Row
from assistant.ui.listings import paged
from assistant.ui.papers import TableView


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """One cell, and the label of what opens its paper at its spans; None where the paper states nothing."""

    column: str
    label: str
    cell: Cell | None


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One paper."""

    number: int
    paper_id: str
    title: str
    label: str
    """Opens the paper at the first thing that it states, or else at its title."""
    cells: Sequence[ComparedCell]

    @property
    def opens_title(self) -> bool:
        """Whether it states nothing that the table shows."""
        return all(cell.cell is None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """The rows of one page of a table."""

    view: TableView
    columns: Sequence[str]
    rows: Sequence[ComparedRow]
    page: int
    last: int


def compared_page(table: Table, view: TableView) -> ComparedPage:
    """The page that is seen; sorted by a column, papers that state nothing of it come last."""
    rows = [_row(number, row, table.columns) for number, row in enumerate(table.rows, 1)]
    if view.by == "title":
        rows.sort(key=lambda row: row.title.casefold(), reverse=view.descending)
    elif view.by.isdecimal() and int(view.by) < len(table.columns):
        rows = _by_column(rows, int(view.by), view.descending)
    elif view.descending:
        rows.reverse()
    shown, page, last = paged(rows, view)
    return ComparedPage(view, table.columns, shown, page, last)


def _row(number: int, row: Row, columns: Sequence[str]) -> ComparedRow:
    named = enumerate(zip(columns, row.cells, strict=True))
    cells = [ComparedCell(column, f"t{number}c{i}", cell) for i, (column, cell) in named]
    label = next((cell.label for cell in cells if cell.cell is not None), f"t{number}")
    return ComparedRow(number, row.paper_id, row.title, label, cells)


def _by_column(rows: list[ComparedRow], column: int, descending: bool) -> list[ComparedRow]:
    def value(row: ComparedRow) -> str:
        cell = row.cells[column].cell
        return cell.value.casefold() if cell else ""

    stated = sorted((r for r in rows if r.cells[column].cell), key=value, reverse=descending)
    return [*stated, *(r for r in rows if not r.cells[column].cell)]
