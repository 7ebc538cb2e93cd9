"""Reads JSON lines, such as arXiv's metadata snapshot, which hold one record per line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import orjson

from assistant.documents import services
from assistant.documents.clean import shorten
from assistant.documents.record import paper_or_failure
from assistant.documents.services.answers import in_place_of_papers
from assistant.documents.services.mongo import without_types
from assistant.documents.services.values import Record
from assistant.documents.source import TOO_LONG, Source
from assistant.errors import DocumentError
from assistant.types import Failure, Item, Paper

_TITLE = re.compile(r'"title"\s*:\s*"([^"\\]{1,200})')
"""The title in text that is not valid JSON; it tells a user which record is meant."""

_SHELL = re.compile(r'\b(?:ObjectId|ISODate|NumberInt|NumberLong|NumberDecimal|UUID)\(\s*("[^"\\]*"|[\d.-]+)\s*\)')
"""A value as MongoDB's shell prints it."""
UNKNOWN = "null in place of a record, as services answer where they do not know a paper"


def recognizes(head: str) -> bool:
    """Whether the text starts with objects that begin and end on one line."""
    lines = [line.strip() for line in head.splitlines()[:50] if line.strip()]
    if not lines or not lines[0].startswith("{") or lines[0] == "{":
        return False
    # Pretty-printed JSON can have inner objects on lines of their own, but never in the first column.
    flush = [line for line in head.splitlines()[:50] if line.startswith("{")]
    return len(flush) > 1 or len(lines[0]) > 1000 or (lines[0].endswith("}") and _is_object(lines[0]))


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per line that is not blank."""
    for number, line in source.lines():
        if line is None:
            yield source.failure(TOO_LONG, number)
        elif text := line.strip().rstrip(","):
            yield from read_record(text, source, number)


def read_record(text: str, source: Source, line: int) -> Iterator[Paper | Failure]:
    """The papers in one JSON object: one, unless it is an answer that holds many, or a note that is none."""
    try:
        value = parse(text)
        if value is None:
            raise DocumentError(UNKNOWN)
        if not isinstance(value, dict):
            raise DocumentError("not a JSON object with a title and an abstract")
    except DocumentError as error:
        title = _TITLE.search(text)
        yield source.failure(str(error), line, shorten(title[1]) if title else None)
        return
    yield from read_value(without_types(value) if '"$' in text else value, source, line)


def read_value(value: Record, source: Source, line: int) -> Iterator[Paper | Failure]:
    """The papers in one object that was parsed."""
    for record in services.records(value):
        item = paper_or_failure(record, source, line)
        if isinstance(item, Failure) and item.title is None and (said := in_place_of_papers(record)):
            item = source.failure(said, line)
        yield item


def parse(text: str) -> object:
    """The value in the text. Raises DocumentError."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        try:
            # Python writes NaN and lone surrogates, which the standard forbids, into records that are otherwise sound.
            return json.loads(_SHELL.sub(r"\1", text), strict=False)
        except (ValueError, RecursionError):
            raise DocumentError(
                f"not valid JSON: {str(error).split(': line')[0]} (at character {error.pos + 1})"
            ) from None


def _is_object(text: str) -> bool:
    try:
        return isinstance(parse(text), dict)
    except DocumentError:
        return False
