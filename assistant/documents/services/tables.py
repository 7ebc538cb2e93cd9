"""The ways in which pandas writes a table as one JSON object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.documents.services.containers import holds_title
from assistant.documents.services.values import Record


def rows(value: Record) -> Iterator[Record] | None:
    """The rows of a table that is stored by its columns, or apart from their names; None if it is no table."""
    columns, data = value.get("columns"), value.get("data")
    if isinstance(columns, list) and isinstance(data, list) and holds_title(columns):
        return ({str(k): v for k, v in zip(columns, row, strict=False)} for row in data if isinstance(row, list))
    cells = list(value.values())
    if len(cells) < 2 or not holds_title(value):
        return None
    if all(isinstance(column, Mapping) for column in cells):
        return _by_label({name: column for name, column in value.items() if isinstance(column, Mapping)})
    if all(isinstance(column, list) for column in cells):
        return _by_place({name: column for name, column in value.items() if isinstance(column, list)})
    return None


def _by_label(columns: dict[str, Record]) -> Iterator[Record] | None:
    """`{"title": {"0": …, "1": …}, "abstract": {"0": …, "1": …}}`."""
    labels = next(iter(columns.values())).keys()
    if not labels or any(column.keys() != labels for column in columns.values()):
        return None
    return ({name: column[label] for name, column in columns.items()} for label in labels)


def _by_place(columns: dict[str, list[object]]) -> Iterator[Record] | None:
    """`{"title": […, …], "abstract": […, …]}`."""
    if len({len(column) for column in columns.values()}) > 1:
        return None
    return (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
