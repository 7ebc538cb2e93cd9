"""CSL-JSON, and Crossref, whose records have the same names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.documents.services.values import Record, dig, first, iso_date, items, names

MARKS = frozenset({"DOI", "container-title", "issued", "citation-key", "title-short"})
_DATES = ("issued", "published", "published-print", "published-online", "posted", "created")
_STATUS = {
    "retraction": "retracted", "partial_retraction": "retracted", "removal": "retracted", "withdrawal": "withdrawn",
    "expression_of_concern": "concern", "correction": "corrected", "erratum": "corrected", "corrigendum": "corrected",
}  # fmt: skip
"""What an update says of the paper that it updates, the gravest first."""


def recognizes(record: Record) -> bool:
    """Whether it is a work of Crossref or an item of CSL-JSON."""
    return (
        isinstance(record.get("issued"), Mapping)
        or "container-title" in record
        or "citation-key" in record
        or ("DOI" in record and ("author" in record or "title-short" in record or "prefix" in record))
    )


def record(work: Record) -> Record:
    """Its fields."""
    return {
        "title": _title(work),
        "abstract": work.get("abstract"),
        "authors": [{"name": _author(person)} for person in items(work.get("author"))] or work.get("author"),
        "date": next((date for name in _DATES if (date := iso_date(work.get(name)))), None) or work.get("issued"),
        "doi": work.get("DOI"),
        "pmid": work.get("PMID"),
        "arxivid": work.get("arxiv") or _arxiv_number(work),
        "url": [*names(work.get("URL")), *names(dig(work, "resource.primary.URL"))],
        "venue": names(work.get("container-title"))[:1] or names(dig(work, "event.name")),
        "keywords": work.get("keyword") or names(work.get("subject")) or names(work.get("categories")),
        "language": work.get("language"),
        "version": work.get("version"),
        "citekey": work.get("citation-key") or _citekey(work.get("id")),
        "publicationtype": list(dict.fromkeys([*names(work.get("type")), *names(work.get("genre"))])),
        "editorialstatus": _status(work),
    }


def _title(work: Record) -> str | None:
    title, subtitle = first(work.get("title")), first(work.get("subtitle"))
    if not title or not subtitle or subtitle.lower() in title.lower():
        return title
    return f"{title.rstrip(': ')}: {subtitle}"


def _author(person: Record) -> str:
    if whole := first([person.get("literal"), person.get("name")]):
        return whole
    parts = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    return " ".join(names([person.get(part) for part in parts]))


def _arxiv_number(work: Record) -> str | None:
    number = first(work.get("number"))
    return number if number and re.match(r"arxiv\W", number, re.I) else None


def _citekey(identifier: object) -> str | None:
    """A key that a person chose, and no address or number of a database."""
    return identifier if isinstance(identifier, str) and re.fullmatch(r"[^\W\d][^\s/{},]*", identifier) else None


def _status(work: Record) -> str | None:
    updates = {str(item.get("type", "")).lower().replace("-", "_") for item in items(work.get("updated-by"))}
    if found := next((status for kind, status in _STATUS.items() if kind in updates), None):
        return found
    made = [_STATUS.get(str(item.get("type", "")).lower()) for item in items(work.get("update-to"))]
    return "retraction notice" if {"retracted", "withdrawn"} & set(made) else None
