"""Zotero's RDF."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from assistant.documents.xml.elements import find, find_all, markup

_NO_PAPERS = {"attachment", "note", "annotation"}
_CITEKEY = re.compile(r"citation key:\s*(\S+)", re.I)


def item(element: Element) -> dict[str, object] | None:
    """The fields of an item; None for attachments and notes, which are no papers."""
    kind = find(element, "z-itemType")
    if kind in _NO_PAPERS or not kind:
        return None
    extra = find(element, "dc-description")
    container = element.find("dcterms-isPartOf")
    numbers = [text for child in element.iter("dc-identifier") for text in [find(child, ".")]]
    citekey = _CITEKEY.search(extra)
    return {
        "title": markup(element.find("dc-title")),
        "abstract": markup(element.find("dcterms-abstract")),
        "authors": [_name(person) for person in element.iterfind("bib-authors//foaf-Person")],
        "date": find(element, "dc-date"),
        "doi": next((text for text in numbers if re.search(r"\b10\.\d{4,9}/", text)), None),
        "pmid": next(iter(re.findall(r"PMID:\s*\d+", extra)), ""),
        "id": [*numbers, extra],
        "url": [*find_all(element, "dc-identifier//rdf-value"), element.get("about", "")],
        "venue": find(container, ".//dc-title") if container is not None else None,
        "keywords": [text for child in element.iterfind("dc-subject") if (text := find(child, ".//rdf-value", "."))],
        "language": find(element, "z-language", "dc-language"),
        "citekey": find(element, "z-citationKey") or (citekey[1] if citekey else None),
        "publicationtype": kind,
    }


def _name(person: Element) -> list[str]:
    return [find(person, "foaf-surname"), find(person, "foaf-givenName", "foaf-givenname")]
