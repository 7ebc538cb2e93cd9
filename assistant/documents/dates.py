"""Converts the dates that people and programs write to ISO 8601."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_MONTHS = tuple("january february march april may june july august september october november december".split())
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?![\d])")
_DAY_FIRST = re.compile(r"(?:[A-Za-z]{3}, )?(\d{1,2}) ([A-Za-z]{3,9}) ([12]\d{3})\b")
"""The form of arXiv's dumps, which hold millions of dates: it is tried first."""
_MIXED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")


def parse_date(value: object) -> str | None:
    """`2023-07-13`, `2023-07`, `2023`, or `--07-13` without a year; None where no date is recognised.

    Reads ISO dates, `Jul 13, 2023`, `13 July 2023`, `Mon, 2 Apr 2007 19:18:42 GMT`, `2023 Jul`, years as numbers.
    """
    text = str(value).strip().removesuffix(".0")  # as spreadsheets write a year
    if len(text) == 8 and text.isdecimal() and text[:2] in ("19", "20"):  # EBSCO's `20190304`
        return _iso(int(text[:4]), int(text[4:6]), int(text[6:]))
    if (match := _DAY_FIRST.match(text)) and (month := _month(match[2])):
        return _iso(int(match[3]), month, int(match[1]))
    if match := re.fullmatch(r"--(\d\d)-(\d\d)", text):
        return _iso(None, int(match[1]), int(match[2]))
    if match := _MIXED.match(text):
        return _day_or_month_first(int(match[1]), int(match[2]), int(match[3]))
    words = re.findall(r"[A-Za-z]+|\d+", text)
    month = next((number for word in words if (number := _month(word))), None)
    if month is None:
        match = _ISO.match(text)
        return _iso(*(int(part) if part else None for part in match.groups())) if match else None
    year = next((int(word) for word in words if re.fullmatch(r"[12]\d{3}", word)), None)
    day = next((int(word) for word in words if re.fullmatch(r"\d{1,2}", word)), None)
    return _iso(year, month, day)


def year_of(iso: str | None) -> int | None:
    """The year of an ISO date, or None for a date without one, such as `--04-09`."""
    return int(iso[:4]) if iso and iso[0] != "-" else None


@lru_cache(1_024)
def _month(word: str) -> int | None:
    folded = word.lower()
    if len(folded) < 3:
        return None
    if folded == "sept":
        return 9
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(folded)), None)


def _day_or_month_first(first: int, second: int, year: int) -> str | None:
    """`7/13/2023` and `13.7.2023` can only be read in one way; in `7/8/2023` only the year is certain."""
    if first > 12:
        return _iso(year, second, first)
    return _iso(year, first, second) if second > 12 or first == second else _iso(year, None, None)


def _iso(year: int | None, month: int | None, day: int | None) -> str | None:
    if year is not None and not 1500 <= year <= 2100:
        return None
    try:
        if month and day:
            whole = date(year or 2000, month, day)
            return whole.isoformat() if year else f"--{month:02}-{day:02}"
        if month and year:
            return date(year, month, 1).isoformat()[:7]
    except ValueError:
        # The year of an impossible date such as 2023-02-31 is still worth having.
        pass
    return f"{year:04}" if year else None
