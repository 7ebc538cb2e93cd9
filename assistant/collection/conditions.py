"""Says in words which papers filters let through, and how many papers they cannot judge."""

from __future__ import annotations

from assistant.collection.reply import joined
from assistant.library.store import Store
from assistant.plan import Filters

_JUDGED_BY = {
    "year": ("year_from", "year_to"),
    "date": ("date_from", "date_to"),
    "authors": ("authors",),
    "venue": ("venues",),
    "categories": ("categories",),
    "organisation": ("organisations",),
    "keywords": ("keywords",),
    "collections": ("collections",),
    "language": ("languages",),
    "publication_type": ("publication_types",),
    "author_count": ("authors_from", "authors_to"),
    "added": ("added_from", "added_to"),
}
"""The field of a paper that decides about each filter."""
NAMES = {
    "year": "year",
    "date": "date",
    "authors": "authors",
    "author_count": "number of authors",
    "venue": "journal or conference",
    "categories": "category",
    "organisation": "organisation",
    "sources": "source file",
    "added": "date of being added",
    "doi": "DOI",
    "link": "link",
    "url": "link",
    "author count": "number of authors",
    "keywords": "keywords",
    "collections": "collection",
    "language": "language",
    "publication_type": "type of publication",
    "publication type": "type of publication",
    "pmid": "PMID",
}
MANY = ("authors", "keywords")


def in_words(filters: Filters) -> str:
    """The filters as they end a sentence about papers: `from 2019 to 2021, by Ann Beek`; empty where there are none."""
    parts = [
        _period("from", filters.year_from, filters.year_to),
        _period("dated", filters.date_from, filters.date_to),
        _period("added", filters.added_from, filters.added_to),
        f"by {joined(list(filters.authors), 'or')}" if filters.authors else "",
        f"published in {joined(list(filters.venues), 'or')}" if filters.venues else "",
        f"in the category {joined(list(filters.categories), 'or')}" if filters.categories else "",
        f"from {joined(list(filters.organisations), 'or')}" if filters.organisations else "",
        f"in the file {joined(list(filters.sources), 'or')}" if filters.sources else "",
        f"with the keyword {joined(list(filters.keywords), 'or')}" if filters.keywords else "",
        f"in the collection {joined(list(filters.collections), 'or')}" if filters.collections else "",
        f"in the language {joined(list(filters.languages), 'or')}" if filters.languages else "",
        f"of the type {joined(list(filters.publication_types), 'or')}" if filters.publication_types else "",
        _authors(filters.authors_from, filters.authors_to),
        f"of the kind {joined(list(filters.kinds), 'or')}" if filters.kinds else "",
        "without those retracted or withdrawn" if filters.no_retracted else "",
    ]
    return ", ".join(filter(None, parts))


def unjudged(filters: Filters, store: Store) -> str:
    """Which records do not say what the filters ask for, as a sentence; empty where all do."""
    parts = []
    for field, names in _JUDGED_BY.items():
        if any(getattr(filters, name) not in (None, ()) for name in names):
            missing = len(store.records.lacking(field))
            if missing:
                parts.append(not_recorded(field, missing, store.count()))
    return " ".join(parts)


def not_recorded(field: str, missing: int, of: int) -> str:
    """The sentence that says of how many papers a field is not recorded."""
    many = field in MANY
    who = f"of {'all ' if missing == of else f'{missing:,} of '}{of:,} papers" if of > 1 else "of the paper"
    return f"The {NAMES[field]} {who} {'are' if many else 'is'} not recorded."


def _period(lead: str, first: object, last: object) -> str:
    if first is None and last is None:
        return ""
    if first == last:
        return f"{lead} {first}"
    if last is None:
        return f"{lead} {'' if lead == 'from' else 'from '}{first} or later"
    return (
        f"{lead} {last} or before" if first is None else f"{lead} {'' if lead == 'from' else 'from '}{first} to {last}"
    )


def _authors(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return ""
    if low == high:
        return f"with {low} author{'s' * (low != 1)}"
    if high is None:
        return f"with {low} or more authors"
    return f"with {high} or fewer authors" if low is None else f"with {low} to {high} authors"
