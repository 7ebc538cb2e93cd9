"""OpenReview: notes of its first and second interface."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.documents.services.values import Record, iso_date, names

MARKS = frozenset({"content"})
_OF_NOTE = frozenset({"forum", "invitation", "invitations", "signatures", "readers"})
_DATES = ("pdate", "odate", "cdate", "tcdate", "mdate", "tmdate")


def recognizes(record: Record) -> bool:
    """Whether it is a note."""
    return isinstance(record.get("content"), Mapping) and not _OF_NOTE.isdisjoint(record)


def record(note: Record) -> Record | None:
    """Its fields, or None for a review or another reply to a submission, which is no paper."""
    content = note.get("content")
    held = {name: _value(value) for name, value in content.items()} if isinstance(content, Mapping) else {}
    if note.get("replyto") and not held.get("abstract"):
        return None
    forum = note.get("forum") or note.get("id")
    return {
        "title": held.get("title"),
        "abstract": held.get("abstract"),
        "authors": held.get("authors"),
        "date": next((date for name in _DATES if (date := iso_date(note.get(name)))), None),
        "url": f"https://openreview.net/forum?id={forum}" if forum else None,
        "venue": held.get("venue"),
        "keywords": names(held.get("keywords")),
        "categories": names(held.get("primary_area")) or names(held.get("subject_areas")),
        "arxivid": held.get("arxiv") or held.get("html") or held.get("pdf"),
        "doi": held.get("doi"),
        "editorialstatus": _status(note, held),
    }


def _value(value: object) -> object:
    """The second interface puts every value into an object."""
    return value.get("value") if isinstance(value, Mapping) and "value" in value else value


def _status(note: Record, held: Record) -> str | None:
    said = [note.get("invitation"), note.get("invitations"), held.get("venue"), held.get("venueid")]
    return "withdrawn" if re.search(r"withdrawn|withdrawal", " ".join(names(said)), re.I) else None
