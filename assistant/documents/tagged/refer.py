"""Reads refer files, the format of EndNote's and BibIX's exports (.enw, .ref): `%T Title`, `%A Author`, `%X Abstract`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents.source import Source
from assistant.documents.tagged.lines import Syntax, Tagged, records
from assistant.documents.tagged.values import meaning, to_item
from assistant.types import Failure, Item

_MEANING = meaning(
    {
        "title": "%T %Q",
        "abstract": "%X",
        "authors": "%A %Q",
        "dates": "%D %8 %[",
        "doi": "%R",
        "identifiers": "%M %Z %O %3",
        "accession": "%M",
        "database": "%~ %W",
        "url": "%U %>",
        "journal": "%J %B %S",
        "note": "%Z %M %O",
        "keywords": "%K",
        "language": "%G",
        "publicationtype": "%0 %9",
        "citekey": "%F",
    },
    line_items="%K %U %A %>",
)
_SYNTAX = Syntax(starts=frozenset(("%0",)), once=frozenset(("%T", "%D", "%J", "%F", "%R", "%V")))
_TAG = re.compile(r"\ufeff? {0,3}(%[A-Za-z0-9@*+!#$&()<>?=~^\[\]:;\\])(?:\s+(.*))?$")
_RECORD = re.compile(r"^\ufeff?\s{0,3}%0[ \t]+\S", re.M)
_TITLE = re.compile(r"^ {0,3}%T[ \t]+\S", re.M)
_AUTHOR_OR_ABSTRACT = re.compile(r"^ {0,3}%[AX][ \t]+\S", re.M)


def recognizes(head: str) -> bool:
    """Whether lines of the text carry refer's tags for a title and a kind, an author or an abstract."""
    return _TITLE.search(head) is not None and bool(_RECORD.search(head) or _AUTHOR_OR_ABSTRACT.search(head))


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per record."""
    for record in records(source, _tag, _SYNTAX):
        yield record if isinstance(record, Failure) else to_item(source, record, _MEANING)


def _tag(line: str) -> Tagged | None:
    if line == "%":  # a tag that was cut off at the end of the file
        return "%", ""
    match = _TAG.match(line)
    return (match[1], match[2] or "") if match else None
