"""Turns the lines of a text page into units: titles and paragraphs, each with the metadata that follows it.

Lines of the page's banner and navigation are dropped, and wrapped lines are joined. `roles` finds the titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from assistant.documents.clean import clean
from assistant.documents.daily_papers import furniture
from assistant.documents.daily_papers.details import Details, below_title, continued, dated, details, is_institution
from assistant.documents.daily_papers.paragraphs import join_wrapped
from assistant.documents.daily_papers.roles import prose_score
from assistant.documents.source import Source
from assistant.errors import DocumentError

_PAGE_LIMIT = 100_000_000
"""Characters of a page, which is read as a whole; the streamed formats have no such limit."""
_LABEL = re.compile(r"(?:Title|Abstract|Zusammenfassung|Résumé|Resumen|Riassunto):\s+(?=\S)|摘\s?要\s?[:：]\s*")
_SECTION = re.compile(
    r"(?:background|introduction|aims?|objectives?|purpose|(?:materials and )?methods?|design|setting|results?|findings"
    r"|discussion|conclusions?|interpretation|significance|hintergrund|ziele?|methoden|ergebnisse|schlussfolgerung(?:en)?)\s*:\s+\S",
    re.I,
)
"""A section of an abstract that stands in a paragraph of its own."""

Kind = Literal["text", "banner", "navigation", "metadata", "detail"]
"""`detail` is a line about a paper, such as its authors, in a list that is no page of the site."""


class Row(NamedTuple):
    """A line that is not blank."""

    number: int
    text: str
    after_blank: bool
    """Whether a blank line stands before it."""
    banner: bool = False


@dataclass
class Unit:
    """A title or a paragraph, with the metadata that follows it."""

    line: int
    text: str
    after_break: bool
    """Whether a banner or the metadata of another paper ends before it."""
    isolated: bool
    """Whether it stands between lines of the banner or of navigation only."""
    metadata: furniture.Metadata = field(default_factory=furniture.Metadata)
    details: Details = field(default_factory=dict)
    """What the lines about the paper below it tell."""


@dataclass
class Page:
    """The units of a file."""

    units: list[Unit] = field(default_factory=list)
    is_site_page: bool = False
    """Whether it has something that only pages of the site have."""
    too_long: list[int] = field(default_factory=list)
    """The numbers of the lines that are too long."""


def parse(source: Source) -> Page:
    """The units of a file. Raises DocumentError when it is too large."""
    page = Page()
    rows = list(_rows(source, page))
    kinds = _kinds(rows)
    page.is_site_page = any(row.banner and row.text != "new" for row in rows) or any(
        kind == "metadata" and (furniture.is_separator(row.text) or "author" in row.text)
        for row, kind in zip(rows, kinds, strict=True)
    )
    found = {} if page.is_site_page else _details(rows, kinds)
    pending: Details = {}
    start, after_break = 0, True
    while start < len(rows):
        end = start + 1
        while end < len(rows) and kinds[end] == kinds[start] and not (kinds[start] == "text" and rows[end].after_blank):
            end += 1
        run, kind = rows[start:end], kinds[start]
        if kind == "text":
            isolated = len(run) == 1 and _is_furniture(kinds, start - 1) and _is_furniture(kinds, end)
            new = list(_units(run, page, after_break, isolated))
            if new and pending:
                new[0].details, pending = pending, {}
            page.units += new
            after_break = False
        elif kind == "metadata" and page.units:
            page.units[-1].metadata = furniture.read_metadata([row.text for row in run])
        elif kind == "detail":
            told = _merged([found[i] for i in range(start, end)])
            # Where a link begins the file, each link stands above its title.
            above = "url" in found.get(0, {}) or "doi" in found.get(0, {}) or "arxivid" in found.get(0, {})
            if above:
                pending |= told
            elif page.units:
                page.units[-1].details = told | page.units[-1].details
        after_break = after_break or kind in ("banner", "metadata")
        start = end
    return page


def _merged(details: list[Details]) -> Details:
    """The fields of neighbouring lines: the first of each, but all the keywords."""
    merged: Details = {}
    for item in details:
        merged |= {name: value for name, value in item.items() if value and (name == "keywords" or name not in merged)}
    return merged


def _details(rows: list[Row], kinds: list[Kind]) -> dict[int, Details]:
    """Marks the lines about a paper in `kinds`, and gives the fields of each under its index."""
    found: dict[int, Details] = {}
    for i, row in enumerate(rows):
        if kinds[i] != "text":
            continue
        above = rows[i - 1].text if i and not row.after_blank else ""
        known = continued(above, found.get(i - 1, {}), row.text) or details(row.text, above)
        if known is None and i and kinds[i - 1] == "text" and i + 1 < len(rows):
            known = below_title(rows[i - 1].text, row.text, row.after_blank)
        elif known is None and i and "authors" in found.get(i - 1, {}):
            known = dated(row.text)
            if known is None and is_institution(row.text):
                known = {"authors": []}  # so that the next line may name another one
        if known is not None:
            found[i], kinds[i] = known, "detail"
    return found


def _rows(source: Source, page: Page) -> Iterator[Row]:
    size, after_blank, banner = 0, True, True
    for number, line in source.lines():
        if line is None:
            page.too_long.append(number)
            after_blank = True
            continue
        size += len(line)
        if size > _PAGE_LIMIT:
            raise DocumentError(f"text over {_PAGE_LIMIT // 1_000_000} million characters; split it, or use JSON lines")
        text = clean(line)
        if not text:
            after_blank = True
            continue
        rest = furniture.strip_banner(text, banner)
        banner = rest is None
        if rest != text:
            yield Row(number, text, after_blank, True)
            after_blank = True
        for part in furniture.split_metadata(rest) if rest else ():
            yield Row(number, part, after_blank)
            after_blank = False


def _kinds(rows: list[Row]) -> list[Kind]:
    kinds: list[Kind] = []
    for i, row in enumerate(rows):
        before = kinds[-1] if kinds else "banner"
        after = rows[i + 1].text if i + 1 < len(rows) else ""
        if row.banner:
            kinds.append("banner")
        elif furniture.is_metadata(row.text) or (
            before == "metadata" and _is_metadata_after(rows[i - 1].text, row.text, after)
        ):
            kinds.append("metadata")
        elif furniture.is_separator(row.text) and furniture.may_follow_separator(after):
            if before == "text" and kinds[-2:-1] == ["text"] and furniture.may_be_organisation(rows[i - 1].text):
                kinds[-1] = "metadata"
            kinds.append("metadata")
        elif (row.after_blank or before != "text") and furniture.is_navigation(row.text):
            kinds.append("navigation")
        elif i and before == "navigation" and re.fullmatch("submitted by", rows[i - 1].text, re.I):
            kinds.append("navigation")  # the name of a user
        else:
            kinds.append("text")
    return kinds


def _is_metadata_after(before: str, text: str, after: str) -> bool:
    """Whether the line continues the metadata of the line before."""
    if furniture.may_follow_separator(text):
        return True
    return furniture.is_separator(before) and furniture.is_separator(after) and furniture.may_be_organisation(text)


def _is_furniture(kinds: list[Kind], i: int) -> bool:
    return not 0 <= i < len(kinds) or kinds[i] in ("banner", "navigation")


def _units(run: list[Row], page: Page, after_break: bool, isolated: bool) -> Iterator[Unit]:
    before = page.units
    under_title = bool(before) and not after_break and prose_score(before[-1].text) < 0
    if not page.is_site_page and before and prose_score(before[-1].text) > 0 and _SECTION.match(run[0].text):
        before[-1].text += " " + " ".join(row.text for row in run)
        return
    for line, text in join_wrapped([(row.number, row.text) for row in run], under_title):
        yield Unit(line, _LABEL.sub("", text, count=1) if _LABEL.match(text) else text, after_break, isolated)
        after_break = False
