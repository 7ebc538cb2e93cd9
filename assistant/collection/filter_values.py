"""Refuses values of filters that no paper can have: they would leave an empty library in place of a mistake."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise

from assistant.errors import SettingsError
from assistant.extraction.paper_kinds import KINDS
from assistant.types import Filters

_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:]+Z?")
_NAMES = (
    "authors", "venues", "categories", "organisations", "sources", "keywords", "collections", "languages",
    "publication_types",
)  # fmt: skip
_MOST = {"year": 9999, "authors": 1_000_000}
"""The highest number in each range; the database takes no number of any length."""


def checked_filters(filters: Filters) -> Filters:
    """The same filters. Raises SettingsError for a date, a number or a kind that is none, and for a range without end."""
    for name in ("date", "added"):
        _check_dates(name, getattr(filters, f"{name}_from"), getattr(filters, f"{name}_to"))
    for name, most in _MOST.items():
        _check_numbers(name, getattr(filters, f"{name}_from"), getattr(filters, f"{name}_to"), most)
    for name in _NAMES:
        for value in getattr(filters, name):
            if not _is_text(value):
                raise SettingsError(f"{name} {value!r}: this is no text; write it as UTF-8")
    for kind in filters.kinds:
        if kind not in KINDS:
            raise SettingsError(f"there is no kind of paper {kind!r}; use {', '.join(KINDS)}")
    return filters


def _check_numbers(name: str, low: int | None, high: int | None, most: int) -> None:
    for number in (low, high):
        if number is not None and not 0 <= number <= most:
            raise SettingsError(f"{name} {number}: use a number from 0 to {most}")
    if low is not None and high is not None and low > high:
        raise SettingsError(f"{name} {low}..{high}: the range ends before it begins")


def _check_dates(name: str, first: str | None, last: str | None) -> None:
    given = [text for text in (first, last) if text is not None]
    for text in given:
        if not _is_date(text, with_time=name == "added"):
            raise SettingsError(f"{name} {text!r}: use a date such as 2024, 2024-03 or 2024-03-15")
    for low, high in pairwise(given):
        if low[: len(high)] > high:  # `2024-03` ends with March
            raise SettingsError(f"{name} {low}..{high}: the range ends before it begins")


def _is_date(text: str, with_time: bool) -> bool:
    if not (_DATE.fullmatch(text) or (with_time and _TIME.fullmatch(text))):
        return False
    try:
        datetime.fromisoformat(text if "T" in text else f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def _is_text(value: str) -> bool:
    """False for bytes that a shell passed on although they are none of its encoding; the database takes no such text."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
