"""Adds the facts of one paper that a language model finds, of the kinds of which the rules found none."""

from __future__ import annotations

from dataclasses import replace

from assistant.collection.by_model.reader import ModelReader
from assistant.collection.columns import ASKED_KINDS
from assistant.collection.facts import Fact, PaperFacts
from assistant.collection.table import TableMaker
from assistant.types import Paper


def facts_with_model(found: PaperFacts, paper: Paper, tables: TableMaker, reader: ModelReader) -> PaperFacts:
    """The facts with those of the model behind them, marked. Raises BudgetError."""
    table = reader.fill(tables.make([paper], ASKED_KINDS), [paper])
    added = [
        Fact(kind, cell.value, span.quote, span.start, span.end, span.where, found_by=cell.filled_by)
        for kind, cell in zip(ASKED_KINDS, table.rows[0].cells, strict=True)
        if cell is not None and cell.filled_by
        for span in cell.spans
    ]
    return replace(found, facts=(*found.facts, *added), model=table.model)
