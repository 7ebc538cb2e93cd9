"""Reads RefWorks' tagged format, which ProQuest, EBSCO and publishers export too: `RT Journal Article`, `T1 Title`, `AB …`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents.source import Source
from assistant.documents.tagged.lines import Syntax, Tagged, records
from assistant.documents.tagged.values import meaning, to_item
from assistant.types import Failure, Item

_MEANING = meaning(
    {
        "title": "T1 OT",
        "abstract": "AB",
        "authors": "A1",
        "dates": "YR FD RD",
        "doi": "DO",
        "identifiers": "NO ID",
        "pmid": "PM",
        "accession": "AN",
        "database": "DB DS",
        "url": "LK UL",
        "journal": "JF JO T2",
        "note": "NO",
        "keywords": "K1",
        "language": "LA",
        "publicationtype": "RT",
    },
    line_items="A1 K1",
)
_TAGS = frozenset(
    "A1 A2 A3 A4 A5 A6 AB AD AN AV CL CN DB DO DS ED FD ID IS JF JO K1 LA LK MD NO OL OP OT PB PM PP RD RT SF SN SP SR T1 T2 "
    "T3 U1 U2 U3 U4 U5 UL VO WP WV YR".split()
)
_SYNTAX = Syntax(starts=frozenset(("RT",)), once=frozenset("RT T1 SR ID YR JF VO SP DO".split()), blank_ends=True)
_TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9])(?: +(.*))?$")
_RECORD = re.compile(r"^\ufeff?RT [A-Z][a-z]+", re.M)
_TITLE = re.compile(r"^T1 \S", re.M)


def recognizes(head: str) -> bool:
    """Whether lines of the text name a kind of reference and a title by RefWorks' tags."""
    return _RECORD.search(head) is not None and _TITLE.search(head) is not None


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per record."""
    for record in records(source, _tag, _SYNTAX):
        yield record if isinstance(record, Failure) else to_item(source, record, _MEANING)


def _tag(line: str) -> Tagged | None:
    match = _TAG.match(line)
    return (match[1], match[2] or "") if match and match[1] in _TAGS else None
