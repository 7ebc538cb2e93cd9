"""Takes the types out of MongoDB's extended JSON."""

from __future__ import annotations

from typing import Any

from assistant.documents.services.values import iso_date

_TYPES = ("$date", "$oid", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal")


def without_types(value: Any) -> Any:
    """The value with `"2024-10-11"` in place of `{"$date": "2024-10-11"}`, and so with the other types, at any depth."""
    if isinstance(value, list):
        return [without_types(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (name := next(iter(value))) in _TYPES:
        return _plain(name, without_types(value[name]))
    return {key: without_types(item) for key, item in value.items()}


def _plain(name: str, value: Any) -> Any:
    if name == "$date":
        number = int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value
        return iso_date(number) or value
    return int(value) if name in ("$numberLong", "$numberInt") and str(value).lstrip("-").isdigit() else value
