"""OAI-PMH: harvested records in arXiv's formats, Dublin Core or any other format that is read."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from assistant.documents.xml.elements import find, markup


def arxiv(element: Element) -> dict[str, object]:
    """The fields of `arXiv`, or of `arXivRaw` with all versions of the paper."""
    versions = element.findall("version")
    return {
        "title": markup(element.find("title")),
        "abstract": markup(element.find("abstract")),
        "authors": _arxiv_authors(element),
        "versions": [{"created": find(version, "date")} for version in versions],
        "version": versions[-1].get("version") if versions else None,
        "date": find(element, "created"),
        "arxivid": find(element, "id"),
        "doi": find(element, "doi"),
        "venue": find(element, "journal-ref"),
        "categories": find(element, "categories"),
        "comments": find(element, "comments"),
    }


def dublin_core(element: Element) -> dict[str, object]:
    """The fields of `oai_dc:dc`."""
    fields: dict[str, list[str]] = {}
    for child in element:
        if (text := markup(child)) and text.strip():
            fields.setdefault(child.tag.rpartition("-")[2], []).append(text)
    identifiers = [*fields.get("identifier", []), *fields.get("relation", [])]
    descriptions = [text for text in fields.get("description", []) if not re.match(r"\s*comments?:", text, re.I)]
    return {
        "title": fields.get("title", [""])[0],
        "abstract": max(descriptions, key=len, default=""),
        "authors": fields.get("creator", []),
        "date": min((text for text in fields.get("date", []) if text[:4].isdigit()), default=None)
        or fields.get("date"),
        "doi": next((text for text in identifiers if re.search(r"\b10\.\d{4,9}/", text)), None),
        "id": identifiers,
        "url": identifiers,
        "venue": fields.get("source"),
        "keywords": fields.get("subject"),
        "language": fields.get("language", [""])[0],
        "publicationtype": fields.get("type"),
    }


def _arxiv_authors(element: Element) -> object:
    listed = [
        [find(author, "keyname"), find(author, "forenames"), find(author, "suffix")]
        for author in element.iterfind("authors/author")
    ]
    return listed or re.sub(r"\([^()]*\)", "", find(element, "authors"))
