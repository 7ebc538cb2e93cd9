"""Reads a text page: its lines become units, and its units become papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.documents.clean import clean, shorten
from assistant.documents.daily_papers.plausible import NUMBER, Group, made_of_pairs
from assistant.documents.daily_papers.roles import roles
from assistant.documents.daily_papers.units import Unit, parse
from assistant.documents.dates import parse_date, year_of
from assistant.documents.identity import paper_id
from assistant.documents.record import paper_or_failure
from assistant.documents.source import TOO_LONG, Source
from assistant.errors import DocumentError
from assistant.types import Failure, Item, Paper

_NO_PAIRS = "no titles with abstracts recognised; put each title on a line of its own, right above its abstract"
_SHORTEST = 20
"""Characters of an abstract on a page that is not the site's."""


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
    if not (groups if page.is_site_page else made_of_pairs(pairs, groups)):
        raise DocumentError(_NO_PAIRS)
    if not page.is_site_page:
        _remove_numbers([group[0] for titled, group in groups if titled])
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


def _remove_numbers(titles: list[Unit]) -> None:
    """Removes the numbers or bullets of a list from its titles, if most have one: `1. Owls` may be a title by itself."""
    if 2 * sum(NUMBER.match(unit.text) is not None for unit in titles) > len(titles):
        for unit in titles:
            unit.text = NUMBER.sub("", unit.text, count=1)


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
    title, abstract = group[0].text, " ".join(unit.text for unit in group[1:])
    details = {name: value for unit in reversed(group) for name, value in unit.details.items()}
    paper = paper_or_failure({**details, "title": title, "abstract": abstract}, source, group[0].line)
    if isinstance(paper, Failure):
        return paper
    if not as_shown:
        return paper
    title, abstract = clean(title), clean(abstract)
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
