"""Reads text whose fields are written `TAG - value`: RIS, MEDLINE (PubMed's .nbib), and Ovid's and ERIC's tagged records."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents.source import Source
from assistant.documents.tagged.lines import Syntax, Tagged, records
from assistant.documents.tagged.values import meaning, to_item
from assistant.types import Failure, Item

_FIELDS = {
    "title": "TI T1 CT BTI BT TT",
    "abstract": "AB N2 OAB",
    "authors": "FAU FA AU A1 CN",
    "groups": "CN",
    "dates": "PY YR Y1 DP DA",
    "doi": "DO DI LID AID",
    "identifiers": "M3 N1 U1 C2",
    "pmid": "PMID PM",
    "accession": "AN UI",
    "database": "DB DP VN",
    "url": "UR LK L2 L1 US",
    "journal": "JF JT JO T2 JN BT JA J2 J1 TA",
    "source": "SO",
    "note": "N1 AN",
    "keywords": "KW OT MH",
    "language": "LA LG",
    "publicationtype": "PT TY M3",
    "citekey": "ID",
    "version": "ET",
    "retraction": "RIN",
    "retracts": "ROF",
    "concern": "ECI",
    "erratum": "EIN",
}
_LINE_ITEMS = "KW UR L1 L2 LK AU A1"
_RIS = meaning(_FIELDS, _LINE_ITEMS, indented_wraps=True)
_MEDLINE = meaning({**_FIELDS, "dates": "DP", "otherdates": "DEP DA"}, _LINE_ITEMS, indented_wraps=True)
_SYNTAX = Syntax(
    starts=frozenset(("TY", "PMID")),
    ends=frozenset(("ER", "<>")),
    once=frozenset("TI T1 TY PMID OWN STAT DP PY Y1 DB VN UI ID AN TA JT JF JO SO VI VL".split()),
)
_MEDLINE_SYNTAX = Syntax(_SYNTAX.starts, _SYNTAX.ends, _SYNTAX.once | {"AB"}, blank_ends=True)

_KNOWN = frozenset(
    "A1 A2 A3 A4 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CR CT CY DA DB DI DO DP ED EP ER ET ID IP IS J1 J2 JA "
    "JF JN JO JT KW L1 L2 L3 L4 LA LB LG LK M1 M2 M3 MH N1 N2 NO NT NV OP PA PB PG PL PM PP PT PU PY RI RN RP SE SL SN SO "
    "SP ST SU T1 T2 T3 TA TI TT TY U1 U2 U3 U4 U5 UI UR US VI VL VN VO Y1 Y2 YR "
    "PMID OWN STAT DCOM LR FAU FED AUID LID AID BTI CTI CDAT CIN CON COI CRDT CTDT DEP DRIN ECF ECI EDAT EFR EIN FIR FPS "
    "GN GR GS IR IRAD ISBN ISSN JID LAT MHDA MID OAB OABL OCI OID ORI OT OTO OWN PHST PMC PMCR PS PST PUBM RF RIN ROF RPF RPI "
    "SB SFM SI SPIN SS TT UIN UOF".split()
)
_STRICT = re.compile(r"(?=.{4}-)([A-Z][A-Z0-9]{1,3}) *-(?: (.*))?$")
_LOOSE = re.compile(r"( {0,3})([A-Za-z][A-Za-z0-9]{1,3})(\s*)[-\u2010-\u2014~](\s?)\s*(.*)$")
_FIRST_LINES = 50
_NUMBER = re.compile(r"\s*<\s*\d+\.?\s*>\s*$")
_END = re.compile(r"ER\s*-?$")
_STARTS = re.compile(
    r"^\ufeff? {0,3}(?:TY\s*[-\u2010-\u2014~]\s*[a-z]{2,8}|PMID\s*-\s*\d+|OWN\s*-\s*\w+|VN\s*-\s*Ovid\b.*)\s*$",
    re.M | re.I,
)
_TITLE = re.compile(r"^(?:TI|T1) {0,2}[-~] \S", re.M)
_OTHER = re.compile(r"^(?:AB|N2|AU|A1) {0,2}[-~] \S", re.M)


def recognizes(head: str) -> bool:
    """Whether the text has the first tag of a record, or tags of a title and an abstract, or lines that mostly have tags."""
    if _STARTS.search(head) or (_TITLE.search(head) and _OTHER.search(head)):
        return True
    lines = [line for line in head.splitlines()[:_FIRST_LINES] if line.strip() and not line[0].isspace()]
    tagged = [line for line in lines if (match := _STRICT.match(line)) and match[1] in _KNOWN]
    return len(tagged) > 2 and len(tagged) > len(lines) / 2


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per record, and a notice where the last record has no end although the others have."""
    medline = re.search(r"^PMID\s*-\s*\d", source.head(), re.M) is not None
    tags, last = _Tags(), None
    for record in records(source, tags, _MEDLINE_SYNTAX if medline else _SYNTAX):
        if isinstance(record, Failure):
            yield record
        else:
            last = record[0].line
            yield to_item(source, record, _MEDLINE if medline else _RIS)
    if tags.ends > 1 and not tags.ended:
        yield source.notice("the last record has no end (ER): the file may have been cut off", last)


class _Tags:
    """Finds the tag of a line, and remembers how the file writes its tags.

    Where tags are written as the format says, `C4 - plants` within an abstract is none; where a file's tags have one blank
    before the hyphen, or a tab, none, or lower case, all known tags that look alike are taken.
    """

    def __init__(self) -> None:
        self._shape: tuple[str, bool] | None = None
        self.ends = 0
        """How many records had an end."""
        self.ended = True
        """Whether the last line with a tag ended a record."""

    def __call__(self, line: str) -> Tagged | None:
        found = self._find(line.lstrip("\ufeff"))
        if found:
            self.ended = found[0] == "ER"
            self.ends += self.ended
        return found

    def _find(self, line: str) -> Tagged | None:
        if _END.match(line):
            return "ER", ""
        if _NUMBER.match(line):
            return "<>", ""
        if (match := _STRICT.match(line)) and (len(match[1]) == 2 or match[1] in _KNOWN):
            # A tag of four letters is followed by its hyphen in every style.
            if len(match[1]) < 4 and (self._shape is None or match[1] in _SYNTAX.starts):
                self._shape = ("strict", True)
            return match[1], match[2] or ""
        match = _LOOSE.match(line)
        if not match or (tag := match[2].upper()) not in _KNOWN:
            return None
        shape = (match[1] + "|" + match[3][:1], match[2].isupper())
        if self._shape is None or tag in _SYNTAX.starts:
            self._shape = shape
        return (tag, match[5]) if shape == self._shape else None
