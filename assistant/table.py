"""Tables of papers: a row per paper, a column per fact or question, an exact span behind every cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.listing import Where, span_dict
from assistant.model_use import ModelUse
from assistant.sheets import csv_text, markdown_table

NOT_STATED = "not stated"
BY_MODEL = "†"
"""Stands behind a value that a language model chose."""


@dataclass(frozen=True, slots=True)
class CellSpan:
    """One thing that a cell says, with its span."""

    value: str
    quote: str
    start: int
    end: int
    where: Where = "abstract"

    def to_dict(self) -> dict[str, Any]:
        """As in `table --json`; a span in the title carries `"in": "title"`."""
        return span_dict(asdict(self))

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> CellSpan:
        """The inverse of `to_dict`."""
        return cls(row["value"], row["quote"], row["start"], row["end"], row.get("in", "abstract"))


@dataclass(frozen=True, slots=True)
class Cell:
    """What a paper states for a column; `spans` has the main one first."""

    value: str
    spans: tuple[CellSpan, ...]
    filled_by: str = ""
    """The language model that filled it; empty where the rules did."""

    @property
    def marked(self) -> str:
        """The value, with a sign where a language model chose it."""
        return f"{self.value} {BY_MODEL}" if self.filled_by else self.value

    def to_dict(self) -> dict[str, Any]:
        """The main span under the cell's value; with `all` where it lists several things, `filled_by` where a model did."""
        row = {**self.spans[0].to_dict(), "value": self.value}
        if self.filled_by:
            row["filled_by"] = self.filled_by
        return {**row, "all": [s.to_dict() for s in self.spans]} if len(self.spans) > 1 else row

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Cell:
        """The inverse of `to_dict`."""
        spans = tuple(CellSpan.from_dict(span) for span in row.get("all", [row]))
        return cls(row["value"], spans, row.get("filled_by", ""))


@dataclass(frozen=True, slots=True)
class Row:
    """One paper; its cells are in the order of the columns, None where it states nothing."""

    paper_id: str
    title: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Papers by columns."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    of: int
    """How many papers there were to choose from; more than rows where only the first were asked for."""
    model: ModelUse | None = None
    """What a language model was asked about cells that the rules left empty."""

    @property
    def note(self) -> str:
        """What the sign behind values means; empty where no language model was asked."""
        return f"{BY_MODEL} filled by a language model. {self.model.summary}" if self.model else ""

    def to_dict(self) -> dict[str, Any]:
        """The document of `table --json`."""
        rows = [_row_dict(self.columns, row) for row in self.rows]
        document = {"columns": list(self.columns), "rows": rows, "of": self.of}
        return document | ({"model": self.model.to_dict()} if self.model else {})

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Table:
        """The inverse of `to_dict`, also after a round trip through JSON."""
        columns = tuple(document["columns"])
        rows = tuple(_row(columns, row) for row in document["rows"])
        model = ModelUse(**document["model"]) if document.get("model") else None
        return cls(columns, rows, document.get("of", len(rows)), model)

    def to_csv(self) -> str:
        """The values, and behind each column the quote that states it."""
        header = ["paper", "title", *(h for column in self.columns for h in (column, f"{column} (quote)"))]
        return csv_text([header, *([r.paper_id, r.title, *_csv_cells(r)] for r in self.rows)])

    def to_markdown(self) -> str:
        """The values as a Markdown table."""
        rows = ([r.title, *(c.marked if c else NOT_STATED for c in r.cells)] for r in self.rows)
        table = markdown_table(["paper", *self.columns], rows)
        return f"{table}\n{self.note}\n" if self.note else table


def _row_dict(columns: Sequence[str], row: Row) -> dict[str, Any]:
    cells = {c: cell.to_dict() if cell else None for c, cell in zip(columns, row.cells, strict=True)}
    return {"paper_id": row.paper_id, "title": row.title, "cells": cells}


def _row(columns: Sequence[str], row: dict[str, Any]) -> Row:
    cells = (row["cells"][column] for column in columns)
    return Row(row["paper_id"], row["title"], tuple(cell and Cell.from_dict(cell) for cell in cells))


def _csv_cells(row: Row) -> list[str]:
    return [text for c in row.cells for text in ((c.marked, c.spans[0].quote) if c else (NOT_STATED, ""))]
