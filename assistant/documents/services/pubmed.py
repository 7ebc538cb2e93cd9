"""PubMed's XML as Biopython and converters of XML write it in JSON: one `MedlineCitation` per paper."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.documents.services.values import Record, dig, first, items, names

MARKS = frozenset({"MedlineCitation"})
_TEXT = ("#text", "_", "$t", "$", "content", "value")
"""The names under which converters put the text of an element that has attributes."""


def recognizes(record: Record) -> bool:
    """Whether it is an article of PubMed."""
    return isinstance(record.get("MedlineCitation"), Mapping)


def record(found: Record) -> Record:
    """Its fields."""
    citation = found["MedlineCitation"]
    article = dig(citation, "Article")
    day = dig(article, "ArticleDate") or dig(article, "Journal.JournalIssue.PubDate")
    parts = [first(dig(day, name), *_TEXT) for name in ("Year", "Month", "Day")]
    return {
        "title": _text(dig(article, "ArticleTitle")),
        "abstract": dig(article, "Abstract"),
        "authors": [{"name": _author(person)} for person in items(_inner(dig(article, "AuthorList"), "Author"))],
        "date": " ".join(filter(None, reversed(parts))) or first(dig(day, "MedlineDate"), *_TEXT),
        "doi": [
            *names(dig(article, "ELocationID"), *_TEXT),
            *names(_inner(dig(found, "PubmedData.ArticleIdList"), "ArticleId"), *_TEXT),
        ],
        "pmid": first(dig(citation, "PMID"), *_TEXT),
        "venue": first(dig(article, "Journal.Title"), *_TEXT),
        "keywords": names(_inner(dig(citation, "KeywordList"), "Keyword"), *_TEXT),
        "language": first(dig(article, "Language"), *_TEXT),
        "publicationtype": names(_inner(dig(article, "PublicationTypeList"), "PublicationType"), *_TEXT),
    }


def _text(value: object) -> object:
    return first(value, *_TEXT) if isinstance(value, Mapping) else value


def _inner(value: object, name: str) -> object:
    """The items of a list's element, which Biopython leaves out."""
    return value.get(name) if isinstance(value, Mapping) else value


def _author(person: Record) -> str:
    parts = names([_text(person.get(name)) for name in ("ForeName", "LastName", "Suffix")])
    return " ".join(parts) or first(person.get("CollectiveName"), *_TEXT) or ""
