"""Turns an item of Zotero into a record with the field names of `documents/fields.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents.status import RETRACTED
from assistant.documents.zotero.items import Creator, ZoteroItem

_TITLE = ("title", "caseName", "nameOfAct", "subject")
_VENUE = (
    "publicationTitle", "proceedingsTitle", "bookTitle", "conferenceName", "encyclopediaTitle", "dictionaryTitle",
    "blogTitle", "websiteTitle", "forumTitle", "programTitle", "sessionTitle", "meetingName", "repository", "institution",
    "university",
)  # fmt: skip
_STORED_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:\s+(.*))?", re.S)
"""Zotero stores `2020-02-03 Feb 3 2020`: the date in numbers, zeros for unknown parts, then as it was typed."""
_EXTRA = re.compile(r"\s*(?:\{:)?([A-Za-z][A-Za-z .-]{1,30}?)\s*:\s*([^}]+)\}?\s*")
_ARXIV = re.compile(r"\barxiv\s*:\s*(\S+)(?:\s*\[([\w.-]+)\])?", re.I)


def to_record(item: ZoteroItem) -> dict[str, object]:
    """The record of an item; fields that it lacks are None or empty."""
    values, extra = item.fields, dict(_extra(item.fields.get("extra", "")))
    arxiv, category = _arxiv(values)
    return {
        "title": next((values[name] for name in _TITLE if values.get(name)), None),
        "abstract": values.get("abstractNote"),
        "authors": [_name(c) for c in _authors(item.creators)],
        "date": date(values.get("date", "")) or extra.get("date"),
        "venue": next((values[name] for name in _VENUE if values.get(name)), None),
        "doi": values.get("DOI") or extra.get("doi"),
        "pmid": values.get("PMID") or extra.get("pmid"),
        "arxivid": arxiv,
        "categories": [category] if category else [],
        "url": values.get("url"),
        "language": values.get("language"),
        "keywords": item.tags,
        "collections": item.collections,
        "citekey": values.get("citationKey") or extra.get("citation key") or item.citekey,
        "publicationtype": item.kind,
        "editorialstatus": RETRACTED if item.retracted else None,
        "zotero": link(item),
    }


def link(item: ZoteroItem) -> str:
    """The address that opens an item in Zotero."""
    library = "library" if item.group_id is None else f"groups/{item.group_id}"
    return f"zotero://select/{library}/items/{item.key}"


def date(stored: str) -> str | None:
    """The date to the day, month or year, as far as Zotero knows it; what was typed where it knows no year."""
    match = _STORED_DATE.fullmatch(stored.strip())
    if match is None:
        return stored.strip() or None
    year, month, day, typed = match.groups()
    if year == "0000":
        return typed
    return "-".join((year, *(part for part in (month, day) if month != "00" and part != "00")))


def _authors(creators: list[Creator]) -> list[Creator]:
    """The creators in the main role of the item, else its editors, else its contributors, as Zotero lists them."""
    roles = (
        [c for c in creators if c.primary],
        [c for c in creators if c.role in ("editor", "seriesEditor")],
        [c for c in creators if c.role == "contributor"],
    )
    return next((found for found in roles if found), [])


def _name(creator: Creator) -> dict[str, str]:
    if not creator.given:
        return {"literal": creator.family}
    return {"firstName": creator.given, "lastName": creator.family}


def _extra(text: str) -> Iterator[tuple[str, str]]:
    """The fields that users and plugins write into `extra`, one in a line; of two lines with one name, the first counts."""
    names = {"bibtex": "citation key", "citation-key": "citation key", "citationkey": "citation key", "issued": "date"}
    found = []
    for line in text.splitlines():
        if match := _EXTRA.fullmatch(line):
            name = match[1].casefold()
            found.append((names.get(name, name), match[2].strip()))
    yield from reversed(found)


def _arxiv(values: dict[str, str]) -> tuple[str | None, str | None]:
    """The arXiv id and the category that may stand behind it, as in `arXiv: 2001.01234 [cs.LG]`."""
    for name in ("extra", "archiveID", "reportNumber", "number", "publicationTitle", "archiveLocation"):
        if match := _ARXIV.search(values.get(name, "")):
            return match[1], match[2]
    if "arxiv" in values.get("repository", values.get("archive", "")).casefold():
        return values.get("archiveID") or values.get("archiveLocation"), None
    return None, None
