"""Zotero: items of its web interface, and of the JSON that Better BibTeX exports."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.documents.services.values import Record, dig, items, names

MARKS = frozenset({"itemType", "library"})
_VENUES = ("publicationTitle", "proceedingsTitle", "bookTitle", "conferenceName", "repository", "university")
_EXTRA = re.compile(r"^\s*(citation key|bibtex|arxiv|pmid|doi)\s*:\s*(\S+)", re.I | re.M)
_CHILDREN = ("note", "attachment", "annotation")


def recognizes(record: Record) -> bool:
    """Whether it is an item."""
    return "itemType" in record or (isinstance(record.get("data"), Mapping) and "library" in record)


def record(item: Record) -> Record | None:
    """Its fields, or None for a note, an attachment and an item in the bin, which are no papers."""
    inner = item.get("data")
    data = inner if isinstance(inner, Mapping) else item
    if data.get("itemType") in _CHILDREN or data.get("deleted"):
        return None
    extra = {name.lower(): value for name, value in _EXTRA.findall(str(data.get("extra") or ""))}
    return {
        "title": data.get("title"),
        "abstract": data.get("abstractNote"),
        "authors": _authors(data.get("creators")),
        "date": data.get("date"),
        "doi": data.get("DOI") or extra.get("doi"),
        "pmid": data.get("PMID") or extra.get("pmid"),
        "arxivid": names([data.get("archiveID"), data.get("reportNumber"), extra.get("arxiv")]),
        "url": names([data.get("url")]),
        "venue": names([data.get(name) for name in _VENUES])[:1],
        "keywords": names(data.get("tags"), "tag"),
        "collections": names(data.get("collections")),
        "language": data.get("language"),
        "citekey": next(iter(names([data.get("citationKey"), data.get("citekey")])), None)
        or extra.get("citation key")
        or extra.get("bibtex"),
        "publicationtype": data.get("itemType"),
        "zotero": _link(item, data),
    }


def _authors(creators: object) -> list[Record]:
    """The authors; where there are none, whoever made it, but no editor of the book around it."""
    made = items(creators)
    authors = [creator for creator in made if str(creator.get("creatorType", "author")) == "author"]
    return authors or [creator for creator in made if "ditor" not in str(creator.get("creatorType"))]


def _link(item: Record, data: Record) -> str | None:
    """The address that opens the item in Zotero, where the library is known."""
    if isinstance(link := data.get("select"), str):
        return link
    key = item.get("key") or data.get("key")
    kind, number = dig(item, "library.type"), dig(item, "library.id")
    if not key or kind not in ("user", "group"):
        return None
    return f"zotero://select/{f'groups/{number}' if kind == 'group' else 'library'}/items/{key}"
