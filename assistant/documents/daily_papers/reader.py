"""Reads a text page: its lines become units, and its units become papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.documents.clean import clean, shorten
from assistant.documents.daily_papers.paragraphs import ends_sentence
from assistant.documents.daily_papers.roles import prose_score, roles
from assistant.documents.daily_papers.units import Unit, parse
from assistant.documents.dates import parse_date, year_of
from assistant.documents.identity import paper_id
from assistant.documents.record import paper_or_failure
from assistant.documents.source import TOO_LONG, Source
from assistant.errors import DocumentError
from assistant.types import Failure, Item, Paper

_NO_PAIRS = "no titles with abstracts recognised; put each title on a line of its own, right above its abstract"
_PROSE = 3.0
"""Score from which a unit is no title, whatever follows it."""
_SHORTEST = 20
"""Characters of an abstract on a page that is not the site's."""
_SENTENCE = 30
"""Characters of an abstract that says that a text is a list of papers."""
_TITLE_START = re.compile(r"\W*(?:[^\Wa-z]|[a-z]+[A-Z\d_-])")
"""A capital, a figure, a letter without case, or a name such as `nnU-Net`."""
_LABEL = re.compile(r"(?:\d+\.\s*)?(?:by|date|url|doi|from|to|authors?|keywords|pages?|pp\.?)\s*:", re.I)
_HEADING = re.compile(
    r"(?:[\dIVX.]+\s*)?(?:introduction|abstract|related work|background|methods?|results?"
    r"|discussion|conclusions?|references|acknowledge?ments?|appendix|contents"
    r"|dear\b.*|(?:kind|best|warm)?\s*regards.*|(?:chapter|section|part)\b.*"
    r"|(?:reviewer|referee|question|figure|table)\b.{0,9}\d.*)",
    re.I,
)


Group = tuple[bool, list[Unit]]
"""Units that belong together, after True when the first one is a title and the others are its abstract."""


def is_site_page(head: str) -> bool:
    """Whether the text has a line that only pages of the site have."""
    lines = (clean(line) for line in head.splitlines())
    return any(
        "in your email inbox" in line or re.fullmatch(r"by\s?AK and the research community", line) for line in lines
    )


def read(source: Source) -> Iterator[Item]:
    """One paper per title with an abstract; a title or an abstract alone is a failure.

    Raises DocumentError for a text that is not made of titles and abstracts.
    """
    page = parse(source)
    yield from (source.failure(TOO_LONG, number) for number in page.too_long)
    groups = _groups(page.units)
    pairs = [group for titled, group in groups if titled and len(group) > 1]
    if not (groups if page.is_site_page else _made_of_pairs(pairs, groups)):
        raise DocumentError(_NO_PAIRS)
    if not page.is_site_page:
        yield source.notice(_read_as_pairs(pairs))
    for titled, group in groups:
        first = group[0]
        if titled and len(group) > 1:
            yield _paper(source, group, as_shown=page.is_site_page)
        elif not titled:
            yield source.failure(f"an abstract without a title: '{shorten(first.text)}'", first.line)
        elif not first.isolated or len(first.text.split()) > 3:
            yield source.failure(f"a title without an abstract: '{shorten(first.text)}'", first.line)


def _read_as_pairs(pairs: list[list[Unit]]) -> str:
    count = f"{len(pairs)} paper{'s' if len(pairs) > 1 else ''}"
    return f"read as plain title and abstract pairs: {count}; first: '{shorten(pairs[0][0].text)}'"


def _made_of_pairs(pairs: list[list[Unit]], groups: list[Group]) -> bool:
    """Whether a text from elsewhere is a list of papers: letters, tables of contents and logs have a few pairs by accident."""
    good = [pair for pair in pairs if _is_title(pair[0].text) and _is_abstract(" ".join(u.text for u in pair[1:]))]
    units = sum(len(group) for _, group in groups)
    return bool(good) and 2 * len(good) >= len(groups) and 4 * len(good) >= units


def _is_title(text: str) -> bool:
    return (
        _HEADING.fullmatch(text) is None
        and text[-1] not in ",;:"
        and prose_score(text) < _PROSE
        and _TITLE_START.match(text) is not None
    )


def _is_abstract(text: str) -> bool:
    """Whether the text ends as prose does, and is as long as a sentence at least."""
    return len(text) >= _SENTENCE and ends_sentence(text) and _LABEL.match(text) is None


def _groups(units: list[Unit]) -> list[Group]:
    groups: list[Group] = []
    before = "abstract"
    found = roles([unit.text for unit in units], [unit.after_break for unit in units])
    for unit, role in zip(units, found, strict=True):
        if role == "title" or (role == "abstract" and before != "title"):
            groups.append((role == "title", [unit]))
        else:
            groups[-1][1].append(unit)
        before = role
    return groups


def _paper(source: Source, group: list[Unit], as_shown: bool) -> Paper | Failure:
    """The paper in a group of units; `as_shown` where a browser has already resolved the markup of the page."""
    record = {"title": group[0].text, "abstract": " ".join(unit.text for unit in group[1:])}
    paper = paper_or_failure(record, source, group[0].line)
    if isinstance(paper, Failure):
        return paper
    if as_shown:
        title, abstract = clean(record["title"]), clean(record["abstract"])
        paper = replace(paper, paper_id=paper_id(title), title=title, abstract=abstract)
    metadata = [unit.metadata for unit in group]
    date = next((iso for item in metadata if (iso := parse_date(item.date))), None)
    return replace(
        paper,
        author_count=next((item.author_count for item in metadata if item.author_count), None),
        organisation=next((item.organisation for item in metadata if item.organisation), None),
        date=date,
        year=year_of(date),
    )
