"""Reads JSON documents record by record: an array of records, a single record, or an object that holds many."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents.json_cutter import Cut, Cutter
from assistant.documents.json_lines import UNKNOWN, parse, read_record, read_value
from assistant.documents.json_shape import Shape, shape_of
from assistant.documents.services.containers import holds_title
from assistant.documents.services.values import Record
from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.errors import DocumentError
from assistant.types import Item

TABLE_LIMIT = 64_000_000
"""Characters of a table that is stored by its columns, which has to be parsed as a whole."""
_TABLE_TOO_LONG = (
    f"one JSON object of more than {TABLE_LIMIT // 1_000_000} million characters; write one record per line "
    "(pandas: to_json(orient='records', lines=True))"
)


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per record of the document."""
    shape = shape_of(source.head())
    cutter = Cutter(shape, TABLE_LIMIT if shape.table else RECORD_LIMIT)
    for piece in source.pieces():
        for cut in cutter.feed(piece):
            yield from _read_cut(source, shape, cut)
    for cut in cutter.rest():
        yield from _read_cut(source, shape, cut)


def recognizes_list(head: str) -> bool:
    """Whether the text starts like an object that holds many records or a table."""
    if not head.startswith("{"):
        return False
    shape = shape_of(head)
    return shape.around != "" or shape.table


def recognizes(head: str) -> bool:
    """Whether the text starts like an object or an array."""
    return re.match(r"\{|\[\s*[\[{\]\"]", head) is not None


def _read_cut(source: Source, shape: Shape, cut: Cut) -> Iterator[Item]:
    if cut.text is None:
        yield source.failure(_TABLE_TOO_LONG if shape.table else TOO_LONG, cut.line)
    elif cut.text.startswith("null") and not cut.text.replace("null", "").strip(" \t\n,]"):
        for _ in range(cut.text.count("null")):
            yield source.failure(UNKNOWN, cut.line)
    elif not shape.keyed and shape.certain(cut.name):
        yield from read_record(cut.text, source, cut.line)
    else:
        yield from _read_uncertain(source, shape, cut.line, cut.text, cut.name)


def _read_uncertain(source: Source, shape: Shape, line: int, text: str, name: str) -> Iterator[Item]:
    """Reads an object that is a paper, or else what the answer says about itself."""
    try:
        value = parse(text)
    except DocumentError as error:
        yield source.failure(str(error), line)
        return
    if isinstance(value, dict) and holds_title(value):
        yield from read_value(_with_key(value, name) if shape.keyed else value, source, line)


def _with_key(value: Record, key: str) -> Record:
    """The record with the key under which it stands, if that identifies it."""
    name = "doi" if key.lower().startswith("10.") else "id"
    return value if name in value or name.upper() in value else {name: key, **value}
