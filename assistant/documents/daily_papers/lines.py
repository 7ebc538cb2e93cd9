"""A text page's lines to its units: furniture dropped, small print read, wrapped lines joined.

Knows nothing about which unit is a title; see `pairing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from assistant.documents.clean import clean
from assistant.documents.daily_papers import site
from assistant.documents.daily_papers.blocks import units
from assistant.documents.daily_papers.pairing import prose_score
from assistant.documents.source import Source
from assistant.errors import DocumentError

_PAGE_LIMIT = 100_000_000
"""Characters of a page that is read at once; the streamed formats have no such limit."""
_LABEL = re.compile(r"(?:Title|Abstract):\s+(?=\S)")

Kind = Literal["text", "banner", "navigation", "small"]


class Row(NamedTuple):
    """A line that is not blank."""

    number: int
    text: str
    gap: bool
    """Does a blank line stand before it?"""
    banner: bool = False


@dataclass
class Unit:
    """A title or a paragraph, with the small print that follows it."""

    line: int
    text: str
    fresh: bool
    """Did a banner or the small print of another paper end before it?"""
    edge: bool
    """Is there nothing but furniture around it?"""
    meta: site.Meta = field(default_factory=site.Meta)


@dataclass
class Page:
    """What a file holds."""

    units: list[Unit] = field(default_factory=list)
    marked: bool = False
    """Is there something that only the site's pages have?"""
    long: list[int] = field(default_factory=list)
    """Lines that are too long."""


def parse(source: Source) -> Page:
    """The units of a file. Raises DocumentError when it is too large."""
    page = Page()
    rows = list(_rows(source, page))
    kinds = _kinds(rows)
    page.marked = any(row.banner and row.text != "new" for row in rows) or any(
        kind == "small" and (site.is_dot(row.text) or "author" in row.text)
        for row, kind in zip(rows, kinds, strict=True)
    )
    start, fresh = 0, True
    while start < len(rows):
        end = start + 1
        while end < len(rows) and kinds[end] == kinds[start] and not (kinds[start] == "text" and rows[end].gap):
            end += 1
        run, kind = rows[start:end], kinds[start]
        if kind == "text":
            edge = len(run) == 1 and _furniture(kinds, start - 1) and _furniture(kinds, end)
            page.units += _units(run, page.units, fresh, edge)
            fresh = False
        elif kind == "small" and page.units:
            page.units[-1].meta = site.read_small_print([row.text for row in run])
        fresh = fresh or kind in ("banner", "small")
        start = end
    return page


def _rows(source: Source, page: Page) -> Iterator[Row]:
    size, gap, banner = 0, True, True
    for number, line in source.lines():
        if line is None:
            page.long.append(number)
            gap = True
            continue
        size += len(line)
        if size > _PAGE_LIMIT:
            raise DocumentError(f"text over {_PAGE_LIMIT // 1_000_000} million characters; split it, or use JSON lines")
        text = clean(line)
        if not text:
            gap = True
            continue
        rest = site.unglue(text, banner)
        banner = rest is None
        if rest != text:
            yield Row(number, text, gap, True)
            gap = True
        for part in site.split_small_print(rest) if rest else ():
            yield Row(number, part, gap)
            gap = False


def _kinds(rows: list[Row]) -> list[Kind]:
    kinds: list[Kind] = []
    for i, row in enumerate(rows):
        before = kinds[-1] if kinds else "banner"
        after = rows[i + 1].text if i + 1 < len(rows) else ""
        if row.banner:
            kinds.append("banner")
        elif site.is_small_print(row.text) or (before == "small" and _goes_on(rows[i - 1].text, row.text, after)):
            kinds.append("small")
        elif site.is_dot(row.text) and site.may_follow_dot(after):
            if before == "text" and kinds[-2:-1] == ["text"] and site.may_be_organisation(rows[i - 1].text):
                kinds[-1] = "small"
            kinds.append("small")
        elif (row.gap or before != "text") and site.is_navigation(row.text):
            kinds.append("navigation")
        elif i and before == "navigation" and re.fullmatch("submitted by", rows[i - 1].text, re.I):
            kinds.append("navigation")  # a user's name
        else:
            kinds.append("text")
    return kinds


def _goes_on(before: str, text: str, after: str) -> bool:
    """Does the small print go on with this line?"""
    if site.may_follow_dot(text):
        return True
    return site.is_dot(before) and site.is_dot(after) and site.may_be_organisation(text)


def _furniture(kinds: list[Kind], i: int) -> bool:
    return not 0 <= i < len(kinds) or kinds[i] in ("banner", "navigation")


def _units(run: list[Row], before: list[Unit], fresh: bool, edge: bool) -> Iterator[Unit]:
    under_title = bool(before) and not fresh and prose_score(before[-1].text) < 0
    for line, text in units([(row.number, row.text) for row in run], under_title):
        yield Unit(line, _LABEL.sub("", text, count=1) if _LABEL.match(text) else text, fresh, edge)
        fresh = False
