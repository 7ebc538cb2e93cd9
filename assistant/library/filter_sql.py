"""Translates filters into SQL: which papers may be used for an answer."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.library.database import marks
from assistant.types import Filters


def selection(filters: Filters, among: Sequence[str] | None) -> tuple[str, list[object]]:
    """The statement, with its parameters, that selects the sorted ids of the papers of these years and sources.

    `among` limits it to these papers. Excluded papers are left to the caller: there may be more of them than one
    statement can take.
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
