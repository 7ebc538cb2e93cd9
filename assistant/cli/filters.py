"""Turns the options that choose papers into filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant import Filters, SettingsError, checked_filters

_LISTS = {
    "author": "authors",
    "venue": "venues",
    "category": "categories",
    "organisation": "organisations",
    "source": "sources",
    "kind": "kinds",
    "keyword": "keywords",
    "collection": "collections",
    "language": "languages",
    "type": "publication_types",
}
_RANGES = {"date": "date", "added": "added", "authors": "authors"}


def filters_of(year: str | None, only: Sequence[str] | None = None, no_retracted: bool = False) -> Filters | None:
    """The filters that the options name; `only` holds texts such as `author=Beek`. Raises SettingsError."""
    if year is None and not only and not no_retracted:
        return None
    found = replace(_years(year) if year is not None else Filters(), no_retracted=no_retracted)
    for text in only or ():
        name, equals, value = text.partition("=")
        if not equals or not value or name not in _LISTS | _RANGES:
            raise SettingsError(
                f"--only {_on_a_line(text)}: use NAME=VALUE, with the name {', '.join([*_LISTS, *_RANGES])}"
            )
        found = replace(found, **_given(found, name, value, text))
    return checked_filters(found)


def spelled(filters: Filters) -> str:
    """The filters that are set, such as `year_from 2020, kinds survey or trial`."""
    values = filters.given().items()
    return ", ".join(f"{n} {' or '.join(v) if isinstance(v, list) else v}" for n, v in values)


def _given(found: Filters, name: str, value: str, text: str) -> dict[str, Any]:
    if name in _LISTS:
        return {_LISTS[name]: (*getattr(found, _LISTS[name]), value)}
    first, dots, last = value.partition("..")
    ends: list[Any] = [first or None, last or (None if dots else first)]
    if ends == [None, None]:
        raise SettingsError(f"--only {_on_a_line(text)}: name one end of the range, or both")
    if name == "authors":
        try:
            ends = [None if end is None else int(end) for end in ends]
        except ValueError:
            raise SettingsError(f"--only {_on_a_line(text)}: use a number, or a range such as 2..5") from None
    return dict(zip((f"{_RANGES[name]}_from", f"{_RANGES[name]}_to"), ends, strict=True))


def _years(year: str) -> Filters:
    first, dots, last = year.partition("..")
    try:
        low = int(first) if first else None
        high = int(last) if last else (None if dots else low)
    except ValueError:
        low = high = None
    if low is None and high is None:
        raise SettingsError(f"--year {_on_a_line(year)}: use 2020, 2020..2024, 2020.. or ..2024")
    return Filters(year_from=low, year_to=high)


def _on_a_line(text: str) -> str:
    """The text as it is shown in a message."""
    return text if text.isprintable() else repr(text)
