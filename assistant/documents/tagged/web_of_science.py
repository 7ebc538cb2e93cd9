"""Reads Web of Science's plain text (.txt, .ciw, .isi), also that of its other databases, such as Zoological Record."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents.source import Source
from assistant.documents.tagged.lines import Syntax, Tagged, records
from assistant.documents.tagged.values import meaning, to_item
from assistant.types import Failure, Item

MEANING = meaning(
    {
        "title": "TI FT X1 Y1 Z1",
        "abstract": "AB X4 Y4 Z4",
        "authors": "AF AU BF BA Z2 GP CA",
        "groups": "CA",
        "dates": "PY PD EA EY",
        "doi": "DI D2",
        "pmid": "PM",
        "url": "UR AW DL",
        "journal": "SO JI J9 CT",
        "note": "AR UT",
        "keywords": "DE ID",
        "categories": "WC SC",
        "language": "LA",
        "publicationtype": "DT",
    },
    line_items="AF AU BF BA Z2 GP CA",
)
TAGS = frozenset(
    "AA AB AC AE AF AG AI AN AR AS AU AV AW BA BD BE BF BN BP BS C1 C2 C3 CA CC CE CH CI CL CN CO CP CR CS CT CY D2 DA DE DG "
    "DI DL DN DP DS DT EA EC ED EF EI EM EN EP ER EY FD FN FP FS FT FU FX FY GA GC GE GN GP GS GT HC HO HP ID IE IO IS J9 "
    "JC JI LA LI LT MA MC MD MH MI MN MQ ND NM NO NP NR NT OA OB OI OR OS PA PC PD PE PG PI PM PN PP PR PS PT PU PV PY RC "
    "RG RI RN RO RP RW SA SC SD SE SF SI SN SO SP SR SS ST SU TA TC TF TI TM TN TR TS U1 U2 UR UT VL VN VR VO WC WE WP X1 "
    "X4 X5 Y1 Y2 Y4 Y5 YR Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 Z9".split()
)
_SYNTAX = Syntax(
    starts=frozenset(("PT",)),
    ends=frozenset(("ER", "EF", "FN", "VR")),
    once=frozenset(("PT", "TI", "AB", "SO", "PY", "UT", "DI", "LA", "DT")),
    never_twice=True,
)
_TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9])(?:\s+(.*))?$")
_SHAPES = {"ER": "", "EF": "", "VR": r"[\d.]+", "PT": r"[A-Z]|[A-Z][a-z]+(?: [A-Z][a-z]+)?"}
"""What follows a tag by which records are split: `ER visits` and `PT patients` are words of a text."""
_RECORD = re.compile(r"^\ufeff?PT[ \t]+[A-Z]\s*$", re.M)
_FILE = re.compile(r"\s*FN[ \t]+(?:Clarivate|Thomson|ISI|Web of|WoS)", re.I)
_INDENTED = re.compile(r"^ {2,4}\S", re.M)
_FLUSH = re.compile(r"^(?!\ufeff?[A-Z][A-Z0-9](?:\s|$))\S", re.M)
_TITLE = re.compile(r"^(?:TI|AU|SO) \S", re.M)


def recognizes(head: str) -> bool:
    """Whether the text begins as an export of Web of Science does, or has records as in one."""
    return bool(_FILE.match(head) or (_RECORD.search(head) and _TITLE.search(head)))


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per record, and a notice where the last record has no end although the others have."""
    ends, ended, last = 0, True, None

    wraps = _wraps(source.head())

    def tag(line: str) -> Tagged | None:
        nonlocal ends, ended
        if found := _tag(line, wraps):
            ended = found[0] in _SYNTAX.ends
            ends += found[0] == "ER"
        return found

    for record in records(source, tag, _SYNTAX):
        if isinstance(record, Failure):
            yield record
        else:
            last = record[0].line
            yield to_item(source, record, MEANING)
    if ends and not ended:
        yield source.notice("the last record has no end (ER): the file may have been cut off", last)


def _wraps(head: str) -> bool:
    """Whether all lines that continue a field are indented, so that every other line begins with a tag."""
    return _INDENTED.search(head) is not None and _FLUSH.search(head) is None


def _tag(line: str, wraps: bool) -> Tagged | None:
    match = _TAG.match(line)
    if not match or not (wraps or match[1] in TAGS):
        return None
    value = match[2] or ""
    return (match[1], value) if re.fullmatch(_SHAPES.get(match[1], ".*"), value) else None
