"""Tables of papers: a row per paper, a column per fact or question, an exact span behind every cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answerability.model import Answerability, AnswerabilityModel
from assistant.citations.sheets import csv_text, markdown_table
from assistant.collection.columns import fact_kind, question
from assistant.collection.facts import of_papers
from assistant.extraction.fact import Fact, Kind, Where
from assistant.library.library import Library
from assistant.text import sentences
from assistant.types import Paper, Step

NOT_STATED = "not stated"
_AT_ONCE = 16
"""Papers that are asked a free column's question together."""
_SHOWN = 5
"""Things that a cell lists by value; `all` has the others too."""
_LISTS: frozenset[Kind] = frozenset({"method", "data", "compared with", "sample size", "code", "limitation", "saving"})
"""Kinds of which a paper may state several; of the others the first is the main one."""


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
        row = {"value": self.value, "quote": self.quote, "start": self.start, "end": self.end}
        return {**row, "in": "title"} if self.where == "title" else row


@dataclass(frozen=True, slots=True)
class Cell:
    """What a paper states for a column; `spans` has the main one first."""

    value: str
    spans: tuple[CellSpan, ...]

    def to_dict(self) -> dict[str, Any]:
        """The main span under the cell's value; with `all`, where it lists several things."""
        row = {**self.spans[0].to_dict(), "value": self.value}
        return {**row, "all": [s.to_dict() for s in self.spans]} if len(self.spans) > 1 else row


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

    def to_dict(self) -> dict[str, Any]:
        """The document of `table --json`."""
        return {"columns": list(self.columns), "rows": [_row_dict(self.columns, row) for row in self.rows]}

    def to_csv(self) -> str:
        """The values, and behind each column the quote that states it."""
        header = ["paper", "title", *(h for column in self.columns for h in (column, f"{column} (quote)"))]
        return csv_text([header, *([r.paper_id, r.title, *_csv_cells(r)] for r in self.rows)])

    def to_markdown(self) -> str:
        """The values as a Markdown table."""
        rows = ([r.title, *(c.value if c else NOT_STATED for c in r.cells)] for r in self.rows)
        return markdown_table(["paper", *self.columns], rows)


class TableMaker:
    """Fills tables from the facts of a library, and free columns by asking the reading network."""

    def __init__(self, library: Library, answerability: AnswerabilityModel, min_confidence: float) -> None:
        """`min_confidence`: probability below which a paper is taken not to state what a free column asks."""
        self._library, self._answerability, self._min_confidence = library, answerability, min_confidence

    def make(self, papers: Sequence[Paper], columns: Sequence[str], step: Step | None = None) -> Table:
        """The table of these papers, in their order. `step` receives the cells of free columns filled and their total."""
        found = of_papers(self._library, papers)
        free = [column for column in columns if fact_kind(column) is None]
        total, filled = len(free) * len(papers), dict[str, list[Cell | None]]()
        for n, column in enumerate(free):
            filled[column] = []
            for i in range(0, len(papers), _AT_ONCE):
                filled[column] += self._asked(column, papers[i : i + _AT_ONCE])
                if step is not None:
                    step(n * len(papers) + len(filled[column]), total)
        rows = (
            Row(p.paper_id, p.title, tuple(_cell(c, facts.facts) if c not in filled else filled[c][i] for c in columns))
            for i, (p, facts) in enumerate(zip(papers, found, strict=True))
        )
        return Table(tuple(columns), tuple(rows))

    def _asked(self, column: str, papers: Sequence[Paper]) -> list[Cell | None]:
        readings = self._answerability.read(question(column), [(p.title, p.abstract) for p in papers])
        return [self._answer(p, reading) for p, reading in zip(papers, readings, strict=True)]

    def _answer(self, paper: Paper, reading: Answerability) -> Cell | None:
        """The sentence that states the answer most surely, where the abstract states it at all."""
        scores = reading.sentence_scores
        if reading.confidence < self._min_confidence or not scores:
            return None
        span = sentences.split(paper.abstract)[max(range(len(scores)), key=scores.__getitem__)]
        quote = paper.abstract[span.start : span.end]
        return Cell(quote, (CellSpan(quote, quote, span.start, span.end),))


def _cell(column: str, facts: Sequence[Fact]) -> Cell | None:
    kind = fact_kind(column)
    spans = [CellSpan(f.value, f.quote, f.start, f.end, f.where) for f in facts if f.kind == kind]
    if not spans:
        return None
    listed = [s.value for s in spans] if kind in _LISTS else [spans[0].value]
    more = f"; and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return Cell("; ".join(listed[:_SHOWN]) + more, tuple(spans))


def _row_dict(columns: Sequence[str], row: Row) -> dict[str, Any]:
    cells = {c: cell.to_dict() if cell else None for c, cell in zip(columns, row.cells, strict=True)}
    return {"paper_id": row.paper_id, "title": row.title, "cells": cells}


def _csv_cells(row: Row) -> list[str]:
    return [text for c in row.cells for text in ((c.value, c.spans[0].quote) if c else (NOT_STATED, ""))]
