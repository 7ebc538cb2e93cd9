"""What a "Daily Papers" page holds besides titles and abstracts: furniture, and the small print under an abstract.

Works on single lines. Knows nothing about which line is a title.
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
_GLUED = re.compile(rf"(?:new(?=Get trending))?(?:{'|'.join(_BANNER)})")
_BANNER_LINE = re.compile(rf"(?:new|{'|'.join(_BANNER)}|Trending Papers|by\s?AK)\s*", re.I)
_GLUED_DATE = re.compile(rf"{_MONTH} \d{{1,2}}(?=[A-Z]|$)")
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
_DOT = re.compile(r"[·∙•]")


@dataclass
class Meta:
    """The small print of one paper."""

    author_count: int | None = None
    organisation: str | None = None
    date: str | None = None
    """As the page has it, without votes."""


def unglue(line: str, after_banner: bool) -> str | None:
    """The line without page furniture that runs into it; None for a line that is nothing but the page's banner.

    `after_banner` says that the line before was banner too: then also `Subscribe Some Title` is taken apart.
    """
    if _BANNER_LINE.fullmatch(line):
        return None
    rest, found = line, False
    while match := _GLUED.match(rest):
        # "Subscribe and Save: ..." may be a title; right below the banner it is the button.
        spaced = rest[match.end() : match.end() + 1] == " "
        if spaced and not (found or after_banner or not match[0].startswith("Subscribe")):
            break
        if spaced and match[0] == "Daily Papers":
            break
        rest, found = rest[match.end() :].strip(), True
    if found and (match := _GLUED_DATE.match(rest)):
        rest = rest[match.end() :].strip()
    return rest or None


def is_navigation(line: str) -> bool:
    """True for a button, a counter or a page date: furniture where it stands alone, never sure evidence of a page."""
    return _NAVIGATION.fullmatch(line) is not None


def split_small_print(line: str) -> list[str]:
    """`• 6 authors · Jul 13, 2023` as the three lines that other layouts have; any other line as it is."""
    parts = [part.strip() for part in re.split(r"·", line)]
    if len(parts) < 2 or len(line) > 150 or not any(parts):
        return [line]
    if any(_AUTHORS.fullmatch(part) for part in parts) or _DATE.fullmatch(parts[-1]):
        return [item for part in parts for item in ("·", part) if item][1:]
    return [line]


def read_small_print(lines: list[str]) -> Meta:
    """Author count, organisation and date out of the lines of one run."""
    meta = Meta()
    for line in lines:
        if match := _AUTHORS.fullmatch(line):
            meta.author_count = int(match[1]) if len(match[1]) < 7 else None
        elif match := _DATE.fullmatch(line):
            meta.date = meta.date or match[1]
        elif not is_dot(line) and not is_navigation(line) and meta.organisation is None:
            match = _BULLETED.fullmatch(line)
            meta.organisation = match[1] if match else line
    return meta


def is_dot(line: str) -> bool:
    """True for the dot between the parts of the small print."""
    return _DOT.fullmatch(line) is not None


def is_small_print(line: str) -> bool:
    """True for an author count, or for a date with its year."""
    return _AUTHORS.fullmatch(line) is not None or (_DATE.fullmatch(line) is not None and ", " in line)


def may_follow_dot(line: str) -> bool:
    """True for what stands behind a dot: a date with or without votes, an author count, another dot."""
    return bool(_DATE.fullmatch(line) or _AUTHORS.fullmatch(line) or is_dot(line))


def may_be_organisation(line: str) -> bool:
    """True for a line that can be a name in place of the author count."""
    return len(line) <= 100 and not re.search(r"[.!?:;,]$", line)
