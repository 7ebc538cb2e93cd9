"""Says what the record of a paper states that its abstract does not: authors, date, link, keywords and the like."""

from __future__ import annotations

import calendar
import re

from assistant.collection.by_date import author_count
from assistant.collection.reply import joined
from assistant.text.language_names import language_name
from assistant.types import Paper

_MOST_AUTHORS = 20
_NAMES = {
    "authors": "authors",
    "author count": "number of authors",
    "date": "date",
    "year": "year",
    "link": "link",
    "doi": "DOI",
    "venue": "journal or conference",
    "organisation": "organisation",
    "categories": "category",
    "sources": "source file",
    "title": "title",
    "keywords": "keywords",
    "language": "language",
    "pmid": "PMID",
    "citekey": "citation key",
    "publication type": "type of publication",
    "collections": "collection",
}
_MANY = ("authors", "keywords")
_ARXIV = "arxiv:"


def record_text(paper: Paper, field: str) -> str:
    """One sentence with the value of the field, or that it is not recorded."""
    value = _value(paper, field)
    if value is None and field == "authors" and (count := author_count(paper)):
        return f"The names of the {count} authors of “{paper.title}” are not recorded in your library."
    if value is None:
        return (
            f"The {_NAMES[field]} of “{paper.title}” {'are' if field in _MANY else 'is'} not recorded in your library."
        )
    return f"According to its record in your library, {value}"


def _value(paper: Paper, field: str) -> str | None:
    title, count = f"“{paper.title}”", author_count(paper)
    dated = paper.date or (str(paper.year) if paper.year else None)
    links = _links(paper)
    values = {
        "title": f"the paper is called {title}.",
        "authors": f"{title} was written by {_authors(paper)}." if paper.authors else None,
        "author count": f"{title} has {count} author{'s' * (count != 1)}." if count else None,
        "date": f"{title} is dated {_date(dated)}." if dated else None,
        "year": f"{title} is dated {_date(dated)}." if dated else None,
        "doi": f"the DOI of {title} is {paper.doi}." if paper.doi else None,
        "link": f"{title} can be found at {' and '.join(links)}." if links else None,
        "venue": f"{title} appeared in {paper.venue}." if paper.venue else None,
        "organisation": f"{title} comes from {paper.organisation}." if paper.organisation else None,
        "categories": f"{title} is in {', '.join(paper.categories)}." if paper.categories else None,
        "keywords": f"{title} has the keyword{'s' * (len(paper.keywords) != 1)} {joined(list(paper.keywords))}."
        if paper.keywords
        else None,
        "language": f"{title} is written in {language_name(paper.language)}." if paper.language else None,
        "pmid": f"the PMID of {title} is {paper.pmid}." if paper.pmid else None,
        "citekey": f"the citation key of {title} is {paper.citekey}." if paper.citekey else None,
        "publication type": f"the type of {title} is {paper.publication_type}." if paper.publication_type else None,
        "collections": f"{title} is in {joined(list(paper.collections))}." if paper.collections else None,
        "sources": f"{title} was read from {' and '.join(paper.sources)}." if paper.sources else None,
    }
    return values.get(field)


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
