"""Documents of Solr as NASA ADS, HAL, PLOS and ERIC give them: lists of single values, and names with a type's suffix."""

from __future__ import annotations

import re

from assistant.documents.services.values import Record, first, names

MARKS = frozenset({"bibcode", "title_s", "halId_s", "title_display", "publicationdateyear"})
_SUFFIX = re.compile(r"_(?:s|t|i|l|txt|tdate|display|fs)$")
_NAMES = {
    "authFullName": "authors", "author": "authors", "doiId": "doi", "producedDate": "date", "publicationDate": "date",
    "publication_date": "date", "pubdate": "date", "publicationdateyear": "year", "journalTitle": "venue", "pub": "venue",
    "source": "venue", "keyword": "keywords", "arxivId": "arxivid", "pubmedId": "pmid", "uri": "url", "docType": "type",
    "doctype": "type", "article_type": "type", "arxiv_class": "categories", "bibstem": "",
}  # fmt: skip
"""The name under which `fields.py` knows a field."""


def recognizes(record: Record) -> bool:
    """Whether it is such a document."""
    return not MARKS.isdisjoint(record)


def record(document: Record) -> Record:
    """Its fields."""
    bare = {_SUFFIX.sub("", name): value for name, value in reversed(list(document.items()))}
    found = {_NAMES.get(name, name): value for name, value in bare.items()}
    identifiers = names(found.get("identifier"))
    doi = first(found.get("doi")) or first(document.get("id"))
    bibcode = document.get("bibcode")
    return {
        **found,
        "title": first(found.get("title")),
        "abstract": found.get("abstract") or found.get("description"),
        "authors": names(found.get("authors")),
        "doi": doi if doi and doi.startswith("10.") else None,
        "date": first(found.get("date")),
        "arxivid": first(found.get("arxivid")) or [value for value in identifiers if "arxiv" in value.lower()],
        "venue": first(found.get("venue")),
        "keywords": names(found.get("keywords") or found.get("subject")),
        "categories": names(found.get("categories")),
        "url": names(found.get("url")) or (f"https://ui.adsabs.harvard.edu/abs/{bibcode}" if bibcode else None),
        "citekey": bibcode,
        "publicationtype": names(found.get("type") or found.get("publicationtype")),
        "version": None,
    }
