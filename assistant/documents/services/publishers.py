"""Publishers' interfaces: Elsevier's Scopus and ScienceDirect, Springer Nature, IEEE Xplore."""

from __future__ import annotations

import re

from assistant.documents.services.values import Record, dig, first, items, names

MARKS = frozenset({"dc:title", "dc:description", "coredata", "publicationName", "index_terms", "publication_title"})


def recognizes(record: Record) -> bool:
    """Whether it is a record of one of them."""
    return not MARKS.isdisjoint(record)


def record(found: Record) -> Record:
    """Its fields."""
    if "publicationName" in found and "dc:title" not in found:
        return _of_springer(found)
    return _of_elsevier(found) if _is_elsevier(found) else _of_ieee(found)


def _is_elsevier(found: Record) -> bool:
    return "coredata" in found or "dc:title" in found or "dc:description" in found


def _of_elsevier(found: Record) -> Record:
    core = {**found, **next(iter(items(found.get("coredata"))), {})}
    people = items(dig(found, "authors.author") or found.get("author"))
    return {
        "title": core.get("dc:title"),
        "abstract": core.get("dc:description"),
        "authors": [_elsevier_name(person) for person in people] or _creators(core.get("dc:creator")),
        "date": core.get("prism:coverDate"),
        "doi": core.get("prism:doi") or core.get("dc:identifier"),
        "pmid": core.get("pubmed-id"),
        "url": [link.get("@href") for link in items(core.get("link")) if link.get("@ref") in ("scopus", "scidir")],
        "venue": core.get("prism:publicationName"),
        "keywords": _keywords(core.get("authkeywords")) or names(core.get("dcterms:subject"), "$"),
        "language": core.get("dc:language") or dig(found, "language.@xml:lang"),
        "publicationtype": core.get("subtypeDescription") or core.get("prism:aggregationType"),
        "editorialstatus": "retracted" if core.get("subtypeDescription") == "Retracted" else None,
    }


def _elsevier_name(person: Record) -> Record:
    given = dig(person, "preferred-name.ce:given-name") or person.get("ce:given-name") or person.get("given-name")
    last = dig(person, "preferred-name.ce:surname") or person.get("ce:surname") or person.get("surname")
    if given and last:
        return {"given": given, "family": last}
    return {"name": first(person, "authname", "ce:indexed-name", "$")}


def _creators(value: object) -> list[str]:
    """ScienceDirect writes `Last, First`, and Scopus `Last F.`."""
    return names(value, "$", "authname") or [
        str(_elsevier_name(person).get("name") or "") for person in items(dig(value, "author"))
    ]


def _keywords(value: object) -> list[str]:
    texts = names(value) or names(dig(value, "author-keyword"), "$")
    return [part.strip() for text in texts for part in re.split(r"\s\|\s", text)]


def _of_springer(found: Record) -> Record:
    return {
        "title": found.get("title"),
        "abstract": found.get("abstract"),
        "authors": names(found.get("creators"), "creator"),
        "date": found.get("publicationDate") or found.get("onlineDate"),
        "doi": found.get("doi") or found.get("identifier"),
        "url": names(found.get("url"), "value"),
        "venue": found.get("publicationName"),
        "keywords": names(found.get("keyword")) or names(found.get("subjects")),
        "language": found.get("language"),
        "publicationtype": names(found.get("contentType")),
    }


def _of_ieee(found: Record) -> Record:
    return {
        **found,
        "authors": dig(found, "authors.authors") or found.get("authors"),
        "date": found.get("publication_date"),
        "year": found.get("publication_year"),
        "url": names([found.get("html_url"), found.get("abstract_url"), found.get("pdf_url")]),
        "venue": found.get("publication_title"),
        "keywords": names(dig(found, "index_terms.author_terms.terms"))
        or names(dig(found, "index_terms.ieee_terms.terms")),
        "publicationtype": found.get("content_type"),
    }
