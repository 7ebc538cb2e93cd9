"""Says what the record of a paper states that its abstract does not: authors, date, link."""

from __future__ import annotations

import calendar
import re

from assistant.query.record import RecordField
from assistant.types import Paper

_MOST_AUTHORS = 20
_NAMES: dict[RecordField, str] = {
    "authors": "authors",
    "date": "date",
    "link": "link",
    "venue": "journal or conference",
    "organisation": "organisation",
    "title": "title",
}
_ARXIV = "arxiv:"


def record_text(paper: Paper, field: RecordField) -> str:
    """One sentence with the value of the field, or that it is not recorded."""
    value = _value(paper, field)
    if value is None:
        return f"The {_NAMES[field]} of “{paper.title}” {'are' if field == 'authors' else 'is'} not recorded in your library."
    return f"According to its record in your library, {value}"


def _value(paper: Paper, field: RecordField) -> str | None:
    title = f"“{paper.title}”"
    if field == "title":
        return f"the paper is called {title}."
    if field == "authors" and paper.authors:
        return f"{title} was written by {_authors(paper)}."
    if field == "date" and (paper.date or paper.year):
        return f"{title} is dated {_date(paper.date or str(paper.year))}."
    if field == "link" and (links := _links(paper)):
        return f"{title} can be found at {' and '.join(links)}."
    if field == "organisation" and paper.organisation:
        return f"{title} comes from {paper.organisation}."
    return None


def _authors(paper: Paper) -> str:
    shown, count = list(paper.authors[:_MOST_AUTHORS]), max(paper.author_count or 0, len(paper.authors))
    if count > len(shown):
        return f"{', '.join(shown)} and {count - len(shown)} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _date(date: str) -> str:
    """The date as it is recorded; a month and day without a year in words."""
    partial = re.fullmatch(r"--(\d\d)-(\d\d)", date)
    return f"{int(partial[2])} {calendar.month_name[int(partial[1])]}, without a year" if partial else date


def _links(paper: Paper) -> list[str]:
    arxiv = (
        f"https://arxiv.org/abs/{paper.paper_id.removeprefix(_ARXIV)}" if paper.paper_id.startswith(_ARXIV) else None
    )
    doi = f"https://doi.org/{paper.doi}" if paper.doi else None
    return list(dict.fromkeys(link for link in (paper.url, arxiv, doi) if link))
