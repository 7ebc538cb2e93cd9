"""Reads RIS and MEDLINE (PubMed's .nbib), which have one tagged field per line, record by record."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents.record import paper_or_failure
from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.types import Failure, Item, Paper

_TAG = re.compile(r"(?=.{4}-)([A-Z][A-Z0-9]{1,3}) *-(?: (.*))?$")
_FIRST_TAGS = ("TY", "PMID")
_TAGS_OF_FIELD = {
    "title": "TI T1",
    "abstract": "AB N2",
    "authors": "AU A1",
    "full": "FAU",
    "year": "PY",
    "date": "Y1 DA DP",
    "doi": "DO LID AID",
    "url": "UR LK L2",
    "journal": "JO JF JT T2 BT",
    "note": "N1",
}
_FIELD_OF_TAG = {tag: field for field, tags in _TAGS_OF_FIELD.items() for tag in tags.split()}
_LIST_FIELDS = ("authors", "full", "url")

Fields = dict[str, list[str]]


def recognizes(head: str) -> bool:
    """Whether a line of the text starts with the first tag of a record."""
    return re.search(r"^(?:TY  - \w|PMID- \d)", head, re.M) is not None


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per record."""
    start, fields, last, size = 0, Fields(), "", 0
    for number, line in source.lines():
        if line is None:
            yield source.failure(TOO_LONG, number)
            continue
        match = _TAG.match(line.rstrip("\n"))
        if match and match[1] in _FIRST_TAGS:
            if start:
                yield _paper(source, start, fields)
            start, fields, last, size = number, Fields(), "", 0
        elif match and match[1] == "ER" and start:
            yield _paper(source, start, fields)
            start = 0
        elif start and (size := size + len(line)) < RECORD_LIMIT:
            if match:
                last = match[1]
                fields.setdefault(last, []).append(match[2] or "")
            elif last:
                # A long field continues on lines without a tag.
                fields[last][-1] += " " + line.strip()
    if start:
        yield _paper(source, start, fields)


def _paper(source: Source, line: int, fields: Fields) -> Paper | Failure:
    record: dict[str, object] = {}
    for tag, values in fields.items():
        name = _FIELD_OF_TAG.get(tag)
        texts = [value for value in values if value.strip()]
        if name and texts:
            record.setdefault(
                name, texts if name in _LIST_FIELDS else " ".join(texts) if name == "abstract" else texts[0]
            )
    if "full" in record:
        record["authors"] = record.pop("full")
    return paper_or_failure(record, source, line)
