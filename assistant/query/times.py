"""Reads years, dates and ranges of them off a phrase: "from 2019 to 2021", "since March 2024", "last month"."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.query.vocabulary import QUANTITY, number

_YEAR = r"(?:1[6-9]|20)\d\d"
_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_PARTS = {
    "spring": (3, 5),
    "summer": (6, 8),
    "autumn": (9, 11),
    "fall": (9, 11),
    **{f"q{i}": (3 * i - 2, 3 * i) for i in range(1, 5)},
    **{f"{name} quarter": (3 * i + 1, 3 * i + 3) for i, name in enumerate(("first", "second", "third", "fourth"))},
    **{f"{name} half": (6 * i + 1, 6 * i + 6) for i, name in enumerate(("first", "second"))},
}
"""Parts of a year, with their first and last month."""
_POINT = rf"(?:{_YEAR}-\d\d(?:-\d\d)?|(?:(?:\d{{1,2}}\s+)?(?:{_MONTH})\.?(?:\s+\d{{1,2}},?)?\s+)?{_YEAR})(?![\w%]|[.,]\d|-\w)"
_UNIT = r"(?P<unit>day|week|month|year)s?"
_COUNT = rf"(?P<count>{QUANTITY}|an?|couple of|few)"
_OPEN_END = r"(?:on(?:wards?)?\b|and (?:later|after|newer)\b|or (?:later|after|newer)\b|and up\b|till now\b|until (?:now|today)\b)"

_FORMS: tuple[tuple[str, str], ...] = (
    ("range", rf"(?:from|between|in|of|for|during|dated|over|within)?\s*(?:the\s+years?\s+)?(?P<a>{_POINT})\s*(?:to|through|until|till|up to|and|-|–|—|\.\.)\s*(?P<b>{_POINT})"),
    ("range", rf"(?:from|since)\s+(?P<a>{_POINT})\s+{_OPEN_END}"),
    ("range", rf"(?:in\s+)?(?P<a>{_POINT})\s+{_OPEN_END}"),
    ("range", rf"(?:in|during|of|from)\s+or\s+after\s+(?P<a>{_POINT})|(?:since|as of|not before|no earlier than|starting (?:in|from))\s+(?P<a2>{_POINT})"),
    ("after", rf"(?:from\s+)?(?:after|later than|newer than|more recent than|younger than)\s+(?P<a>{_POINT})"),
    ("before", rf"(?:from\s+)?(?:before|earlier than|older than|prior to)\s+(?P<a>{_POINT})"),
    ("range", rf"(?:until|till|up to|through|no later than|not after|in or before|by the end of)\s+(?P<b>{_POINT})|(?:from|in)\s+(?P<b2>{_POINT})\s+(?:or|and)\s+(?:earlier|before|older)\b"),
    ("one", rf"(?:in|of|from|for|during|dated(?:\s+(?:to|in))?|out of|within)\s+(?:the\s+year\s+|the\s+)?(?P<a>{_POINT})"),
    ("part", rf"(?:in|of|from|during|for|dated)?\s*(?:the\s+)?(?P<part>{'|'.join(_PARTS)})\s+(?:(?:of|in)\s+)?(?P<year>{_YEAR})\b"),
    ("decade", r"(?:in|of|from|during)\s+the\s+(?P<decade>(?:1[6-9]|20)\d0)['’]?s\b"),
    ("recent", rf"(?:in|of|from|during|within|over|for)?\s*(?:the\s+)?(?:last|past|previous|recent)\s+{_COUNT}\s+{_UNIT}\b"),
    ("ago", rf"(?:since|from|after|not older than|no older than|younger than|newer than)\s+{_COUNT}\s+{_UNIT}(?:\s+ago\b|(?=\W*$))"),
    ("past", rf"(?:in|of|from|during|within|over|for)?\s*the\s+(?:last|past)\s+{_UNIT}\b"),
    ("calendar", rf"(?:in|of|from|during|for)?\s*(?P<which>last|this|previous|current|the previous|the current)\s+{_UNIT}\b"),
    ("from calendar", rf"since\s+(?:the\s+)?(?P<which>last|this)\s+{_UNIT}\b|since\s+(?P<which_day>yesterday|today)\b"),
    ("day", r"(?:from\s+|of\s+)?(?P<which>today|yesterday)\b"),
)  # fmt: skip
TIME = [(form, re.compile(pattern, re.IGNORECASE)) for form, pattern in _FORMS]
BARE_YEARS = re.compile(rf"(?P<a>{_YEAR})(?:\s*(?:-|–|—|to)\s*(?P<b>{_YEAR}))?$", re.IGNORECASE)
"""Years before a noun: "2024 papers"."""
YEAR = re.compile(rf"\b{_YEAR}\b")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day; years alone where the words name no more than years."""

    first: str | None = None
    """`2024`, `2024-03` or `2024-03-01`."""
    last: str | None = None
    relative: bool = False
    """Whether it depends on the day on which it is said."""

    @property
    def years(self) -> tuple[int | None, int | None] | None:
        """The first and last year, where only years are named."""
        if any(end and len(end) > 4 for end in (self.first, self.last)):
            return None
        return self.first and int(self.first), self.last and int(self.last)  # type: ignore[return-value]


def period_at(text: str, at: int, today: date) -> tuple[Period, int] | None:
    """The period that the text names from this offset on, and the offset behind its words; None where it names none."""
    for form, pattern in TIME:
        if match := pattern.match(text, at):
            found = _read(form, match, today)
            if found is not None:
                return found, match.end()
    return None


def bare_years(words: str) -> Period | None:
    """The years that stand before a noun."""
    match = BARE_YEARS.search(words)
    return Period(match["a"], match["b"] or match["a"]) if match else None


def _read(form: str, match: re.Match[str], today: date) -> Period | None:
    named = match.groupdict()
    first, last = (_iso(named.get(k) or named.get(f"{k}2")) for k in ("a", "b"))
    if form == "range":
        return None if first and last and first > last else Period(first, last)
    if form == "one":
        return Period(first, first)
    if form == "after" and first:
        return Period(_next(first), None)
    if form == "before" and first:
        return Period(None, _before(first))
    if form == "part":
        low, high = _PARTS[(named["part"] or "").lower()]
        return Period(f"{named['year']}-{low:02}", f"{named['year']}-{high:02}")
    if form == "decade":
        start = int(named["decade"])
        return Period(str(start), str(start + 9))
    return _relative(form, named, today)


def _relative(form: str, named: dict[str, str | None], today: date) -> Period | None:
    which = (named.get("which") or named.get("which_day") or "").lower()
    if form == "day" or which in ("today", "yesterday"):
        day = today - timedelta(days=which == "yesterday")
        return Period(day.isoformat(), None if form == "from calendar" else day.isoformat(), True)
    unit = (named.get("unit") or "").lower()
    if form in ("recent", "ago", "past"):
        return Period(_back(today, _count(named.get("count")), unit).isoformat(), None, True)
    first, last = _whole(_back(today, int("this" not in which and "current" not in which), unit), unit)
    return Period(first, None if form == "from calendar" else last, True)


def _count(words: str | None) -> int:
    words = (words or "one").lower()
    known = {"couple of": 2, "few": 3}
    return known.get(words) or number(words)


def _back(day: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return day - timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 - count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _whole(day: date, unit: str) -> tuple[str, str]:
    """The first and last day of the calendar unit that the day is in."""
    if unit == "year":
        return str(day.year), str(day.year)
    if unit == "month":
        return day.isoformat()[:7], day.isoformat()[:7]
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return monday.isoformat(), (monday + timedelta(days=6)).isoformat()
    return day.isoformat(), day.isoformat()


def _iso(words: str | None) -> str | None:
    """`2024`, `2024-03` or `2024-03-01` from the words of a date."""
    if words is None or re.fullmatch(r"\d{4}(?:-\d\d){0,2}", words):
        return words
    month = next(_MONTHS[w] for w in re.findall(r"[a-z]+", words.lower()) if w in _MONTHS)
    year = YEAR.findall(words)[-1]
    day = next((int(d) for d in re.findall(r"\b\d{1,2}\b", words)), None)
    return f"{year}-{month:02}" + (f"-{day:02}" if day else "")


def _next(point: str) -> str:
    """The point of time behind a year, a month or a day."""
    parts = [int(p) for p in point.split("-")]
    if len(parts) == 1:
        return str(parts[0] + 1)
    if len(parts) == 2:
        return f"{parts[0] + parts[1] // 12}-{parts[1] % 12 + 1:02}"
    return (date(*parts) + timedelta(days=1)).isoformat()


def _before(point: str) -> str:
    """The point of time before a year, a month or a day."""
    parts = [int(p) for p in point.split("-")]
    if len(parts) == 1:
        return str(parts[0] - 1)
    if len(parts) == 2:
        months = parts[0] * 12 + parts[1] - 2
        return f"{months // 12}-{months % 12 + 1:02}"
    return (date(*parts) - timedelta(days=1)).isoformat()
