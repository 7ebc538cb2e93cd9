"""Filters as SQL: which papers may answer. Knows nothing about how rows are read."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.library.database import marks
from assistant.types import Filters


def selection(filters: Filters, among: Sequence[str] | None) -> tuple[str, list[object]]:
    """The statement, and what is bound in it, that gives the ids of the papers of these years and sources, sorted.

    `among`: only of these papers. What the filters exclude is left to the caller: it may be longer than a statement.
    """
    conditions: list[str] = ["1"]
    values: list[object] = []
    if among is not None:
        conditions.append(f"paper_id IN ({marks(among)})")
        values += among
    if filters.year_from is not None:
        conditions.append("year >= ?")
        values.append(filters.year_from)
    if filters.year_to is not None:
        conditions.append("year <= ?")
        values.append(filters.year_to)
    if filters.sources:
        listed = marks(filters.sources)
        conditions.append(f"EXISTS (SELECT 1 FROM json_each(record, '$.sources') WHERE value IN ({listed}))")  # noqa: S608 - only question marks are formatted in
        values += filters.sources
    return f"SELECT paper_id FROM papers WHERE {' AND '.join(conditions)} ORDER BY paper_id", values  # noqa: S608 - as above
