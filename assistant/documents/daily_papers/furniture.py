"""Recognizes the lines of a "Daily Papers" page that are neither title nor abstract: banners, navigation, metadata.

The metadata of a paper stands under its abstract: the number of authors or an organisation, and a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_COUNT = r"[\d.,]+\s?[kKmM]?"
_BANNER = (
    r"Get trending papers in your email inbox[^!A-Z]*!",
    r"by\s?AK and the research community",
    r"Daily Papers",
    r"Subscribe(?! to\b)(?!(?:rs?|d|s)\b)",
)
_LEADING_BANNER = re.compile(rf"(?:new(?=Get trending))?(?:{'|'.join(_BANNER)})")
_BANNER_LINE = re.compile(rf"(?:new|{'|'.join(_BANNER)}|Trending Papers|by\s?AK)\s*", re.I)
_LEADING_DATE = re.compile(rf"{_MONTH} \d{{1,2}}(?=[A-Z]|$)")
_NAVIGATION = re.compile(
    rf"""(?:
    [+-]?{_COUNT}(?:\s(?:views?|upvotes?|comments?|likes?|votes?))? | [-–—•·↑▲…] | upvotes? | submitted\ by(?:\ .{{1,60}})?
    | (?:published|submitted)\ (?:on|at)\ .{{1,40}}
    | {_MONTH}\ \d{{1,2}}(?:\s?[-–]\s?(?:{_MONTH}\ )?\d{{1,2}})?
    | abstract | authors?:? | AI-generated\ summary | (?:view|read|open)\ (?:arxiv\ page|pdf|paper|all|more)
    | (?:arxiv|project|paper)\ page | github(?:\s{_COUNT})?
    | add\ to\ collection | load(?:ing)?\ more | show\ more
    | sign\ up | log\ in | sign\ in | search(?:\ papers)? | sort(?:\ by\b.{{0,20}})?
    | previous | next | today | yesterday
    | daily | weekly | monthly | trending | latest | papers | models | datasets | spaces | community | docs | pricing
    | enterprise | solutions | hugging\ face | company | tos | privacy | about | careers | website | home | menu
    | (?:©|copyright).{{0,40}} | subscribe\ to\ .{{1,60}} | .{{0,30}}\binbox!?
    )""",
    re.X | re.I,
)
_AUTHORS = re.compile(r"[•·*-]?\s*(\d+)\s+authors?", re.I)
_DATE = re.compile(rf"({_MONTH} \d{{1,2}}(?:, ?\d{{4}})?)(?:\s+{_COUNT})?")
_BULLETED = re.compile(r"•\s*(\S.{0,99})")
_SEPARATOR = re.compile(r"[·∙•]")


@dataclass
class Metadata:
    """The metadata of one paper."""

    author_count: int | None = None
    organisation: str | None = None
    date: str | None = None
    """The date as the page has it, without votes."""


def strip_banner(line: str, after_banner: bool) -> str | None:
    """The line without the parts of the banner that run into it, or None when it is nothing but the banner.

    `after_banner` says that the line before belongs to the banner, so that `Subscribe Some Title` is split.
    """
    if _BANNER_LINE.fullmatch(line):
        return None
    rest, found = line, False
    while match := _LEADING_BANNER.match(rest):
        # "Subscribe and Save: ..." may be a title, but right below the banner "Subscribe" is the button.
        spaced = rest[match.end() : match.end() + 1] == " "
        if spaced and not (found or after_banner or not match[0].startswith("Subscribe")):
            break
        if spaced and match[0] == "Daily Papers":
            break
        rest, found = rest[match.end() :].strip(), True
    if found and (match := _LEADING_DATE.match(rest)):
        rest = rest[match.end() :].strip()
    return rest or None


def is_navigation(line: str) -> bool:
    """Whether the line is a button, a counter or the date of the page; none of them proves that it is such a page."""
    return _NAVIGATION.fullmatch(line) is not None


def split_metadata(line: str) -> list[str]:
    """`• 6 authors · Jul 13, 2023` as the three lines that other layouts have; every other line unchanged."""
    parts = [part.strip() for part in re.split(r"·", line)]
    if len(parts) < 2 or len(line) > 150 or not any(parts):
        return [line]
    if any(_AUTHORS.fullmatch(part) for part in parts) or _DATE.fullmatch(parts[-1]):
        return [item for part in parts for item in ("·", part) if item][1:]
    return [line]


def read_metadata(lines: list[str]) -> Metadata:
    """The number of authors, the organisation and the date in consecutive lines of metadata."""
    found = Metadata()
    for line in lines:
        if match := _AUTHORS.fullmatch(line):
            found.author_count = int(match[1]) if len(match[1]) < 7 else None
        elif match := _DATE.fullmatch(line):
            found.date = found.date or match[1]
        elif not is_separator(line) and not is_navigation(line) and found.organisation is None:
            match = _BULLETED.fullmatch(line)
            found.organisation = match[1] if match else line
    return found


def is_separator(line: str) -> bool:
    """Whether the line is the dot between the parts of the metadata."""
    return _SEPARATOR.fullmatch(line) is not None


def is_metadata(line: str) -> bool:
    """Whether the line is a number of authors, or a date with its year."""
    return _AUTHORS.fullmatch(line) is not None or (_DATE.fullmatch(line) is not None and ", " in line)


def may_follow_separator(line: str) -> bool:
    """Whether the line can stand after a separator, as a date, a number of authors or another separator."""
    return bool(_DATE.fullmatch(line) or _AUTHORS.fullmatch(line) or is_separator(line))


def may_be_organisation(line: str) -> bool:
    """Whether the line can be the name of an organisation, which takes the place of the number of authors."""
    return len(line) <= 100 and not re.search(r"[.!?:;,]$", line)
