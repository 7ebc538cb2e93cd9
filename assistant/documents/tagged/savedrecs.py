"""Reads Web of Science's tab-delimited files ("savedrecs"), whose header names the columns by two-letter tags."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from assistant.documents.clean import shorten
from assistant.documents.record import paper_or_failure
from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.documents.tagged.values import to_record
from assistant.documents.tagged.web_of_science import MEANING, TAGS
from assistant.errors import DocumentError
from assistant.types import Failure, Item

_KIND_COLUMN = re.compile(r'\ufeff?"?PT"?\s*[\t,;]')
_KIND = re.compile(r'"?[A-Z]"?\s*[\t,;]')
"""The first column of a row, a single letter for the kind of publication."""


def recognizes(head: str) -> bool:
    """Whether the first line names columns by tags, among them the title."""
    return _header(head.lstrip("\ufeff \n").split("\n", 1)[0]) is not None


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per row."""
    header: tuple[str, list[str]] | None = None
    for number, row in _rows(source):
        if isinstance(row, Failure):
            yield row
            continue
        if not header:
            header = _header(row)
            if not header:
                raise DocumentError(f"no header of two-letter tags in the first line, which is '{shorten(row)}'")
            continue
        delimiter, columns = header
        cells = _cells(row, delimiter)
        if any(cells[len(columns) :]):
            yield source.failure("the row has more columns than the header", number)
            continue
        tags = {tag: [cell.strip()] for tag, cell in zip(columns, cells, strict=False) if cell.strip()}
        yield paper_or_failure(to_record(tags, MEANING), source, number)


def _rows(source: Source) -> Iterator[tuple[int, str | Failure]]:
    """The header and each row, with its line number; a line that begins with no kind of publication belongs to the row
    before it, where the first column is that kind."""
    row, start, rows, by_kind = "", 0, 0, False
    for number, line in source.lines():
        if line is None:
            yield number, source.failure(TOO_LONG, number)
        elif not (text := line.rstrip("\r\n")).strip():
            continue
        elif rows > 1 and by_kind and not _KIND.match(text) and len(row) < RECORD_LIMIT:
            row += " " + text
        else:
            if rows:
                yield start, row
            row, start, rows = text, number, rows + 1
            by_kind = by_kind or (rows == 1 and _KIND_COLUMN.match(text) is not None)
    if rows:
        yield start, row


def _header(line: str) -> tuple[str, list[str]] | None:
    """The delimiter and the tags of the columns, if a title is among them."""
    for delimiter in "\t,;":
        names = [name.strip() for name in _cells(line.strip("\ufeff\n"), delimiter)]
        while names and not names[-1]:
            names.pop()
        if len(names) > 3 and "TI" in names and all(name in TAGS for name in names):
            return delimiter, names
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of a row. With tabs, a quotation mark is an ordinary character unless it encloses the whole cell."""
    if delimiter != "\t":
        return next(csv.reader([line], delimiter=delimiter), [])
    return [_unquoted(cell) for cell in line.split("\t")]


def _unquoted(cell: str) -> str:
    inner = cell[1:-1].replace('""', "")
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inner else cell
