"""Reads the values that the services' records are made of."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

Record = Mapping[str, object]

_NAMES = (
    "name", "display_name", "full_name", "fullName", "title", "value", "term", "tag", "keyword", "subject", "category",
    "text", "label", "code",
)  # fmt: skip
"""The keys under which an object in a list says what it is."""


def dig(value: object, path: str) -> object:
    """What lies under a path such as `primary_location.source`; in a list, what lies in its first item."""
    for name in path.split("."):
        value = value[0] if isinstance(value, list) and value else value
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def items(value: object) -> list[Record]:
    """The objects in a list, or the one object that stands in place of a list."""
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, Mapping)]


def names(value: object, *keys: str) -> list[str]:
    """The texts of a list of texts or of objects that have a name under one of the keys."""
    return list(_names(value, keys or _NAMES))


def first(value: object, *keys: str) -> str | None:
    """The first of `names`, or None."""
    return next(_names(value, keys or _NAMES), None)


def identifier(value: object, kind: str, kind_key: str = "type", value_key: str = "value") -> str | None:
    """The identifier of a kind, such as `doi`, in a list of objects that name kind and value."""
    for item in items(value):
        if str(item.get(kind_key, "")).lower() == kind:
            return first([item.get(value_key), item.get("id"), item.get("identifier")])
    return None


def iso_date(value: object) -> str | None:
    """The date in CSL's `{"date-parts": [[2021, 10, 4]]}` or in milliseconds since 1970; other values are left out."""
    if isinstance(value, Mapping):
        parts = value.get("date-parts")
        found = parts[0] if isinstance(parts, list) and parts else None
        if isinstance(found, list) and found and found[0]:
            return "-".join(str(part).zfill(2) for part in found[:3] if part)
        return first([value.get("raw"), value.get("literal"), value.get("date-time")])
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 1e11 < value < 1e13:
        return datetime.fromtimestamp(value / 1000, UTC).date().isoformat()
    return None


def _names(value: object, keys: tuple[str, ...], depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        if text := value.strip():
            yield text
    elif isinstance(value, Mapping):
        found = (named for key in keys if isinstance(named := value.get(key), str) and named.strip())
        yield from itertools.islice(found, 1)
    elif isinstance(value, list) and depth < 3:
        for item in value:
            yield from _names(item, keys, depth + 1)
