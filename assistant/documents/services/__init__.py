"""Reads the JSON that services and tools give: one small module per family maps its records to the names of `fields.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from assistant.documents.fields import field_key
from assistant.documents.services import (
    biorxiv,
    catalogues,
    csl,
    datacite,
    europe_pmc,
    hub,
    openalex,
    openreview,
    publishers,
    pubmed,
    repositories,
    semantic_scholar,
    solr,
    zotero_api,
)  # fmt: skip
from assistant.documents.services.containers import ENVELOPES, LISTS, holds_title
from assistant.documents.services.tables import rows
from assistant.documents.services.values import Record, items, names

_DEPTH = 4
"""Levels of objects and arrays that an answer may have around its records."""


class _Family(NamedTuple):
    recognizes: Callable[[Record], bool]
    record: Callable[[Record], Record | None]


_MODULES = (
    zotero_api, openreview, openalex, hub, semantic_scholar, biorxiv, europe_pmc, pubmed, repositories, datacite, solr,
    publishers, catalogues, csl,
)  # fmt: skip
_FAMILIES = [_Family(module.recognizes, module.record) for module in _MODULES]
_MARKS = frozenset().union(*(module.MARKS for module in _MODULES))
_LISTED = ("keywords", "tags", "categories")


def records(value: Record) -> Iterable[Record]:
    """The records in a JSON object, under the names of `fields.py`: itself, or those that it holds.

    An object that is known to be no paper, such as a note in Zotero, gives none.
    """
    # Of the millions of plain records, this looks at the names alone.
    if isinstance(value.get("title"), str) and _MARKS.isdisjoint(value):
        return (_plain(value),)
    found = _records(value, 0)
    return (value,) if found is None else found


def _records(value: Record, depth: int) -> list[Record] | None:
    """The records in it, or None where it holds nothing that has a title."""
    if family := next((family for family in _FAMILIES if family.recognizes(value)), None):
        read = family.record(value)
        return [] if read is None else [read]
    if holds_title(value):
        table = rows(value)
        return [_plain(value)] if table is None else [record for row in table for record in records(row)]
    return _inside(value, depth) if depth < _DEPTH else None


def _inside(value: Record, depth: int) -> list[Record] | None:
    """The records in the objects and arrays of one that has no title itself."""
    if table := rows(value):
        return [record for row in table for record in records(row)]
    keyed = all(isinstance(child, Mapping) for child in value.values())
    found: list[Record] = []
    seen = False
    for name, child in value.items():
        key = field_key(name)
        if isinstance(child, Mapping) and (keyed or key in ENVELOPES):
            around = {k: v for k, v in value.items() if k != name} if len(value) > 1 and not keyed else {}
            inner = _records({**around, **child} if holds_title(child) else child, depth + 1)
        elif isinstance(child, list) and (key in LISTS or key in ENVELOPES):
            listed = [_records(item, depth + 1) for item in child if isinstance(item, Mapping)]
            inner = [record for part in listed for record in part or ()] if any(p is not None for p in listed) else None
        else:
            continue
        seen = seen or inner is not None
        found += inner or ()
    return found if seen else None


def _plain(record: Record) -> Record:
    """The record with keywords that are objects as the texts in them."""
    listed = {}
    for name in _LISTED:
        value = record.get(name)
        if value.__class__ is list and items(value) == value:
            listed[name] = names(value)
    return {**record, **listed} if listed else record
