"""Reads CSV and TSV files that have a header, row by row."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from assistant.documents.clean import shorten
from assistant.documents.fields import ABSTRACT, TITLE, field_key
from assistant.documents.record import paper_or_failure
from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.errors import DocumentError
from assistant.types import Item

_DELIMITERS = ",;\t|"
_ROW_LINES = 1_000
"""The most lines that one row may have; more of them mean that a quote is never closed."""
_QUOTE = "a quote in this row is never closed, or the row has more columns than the header"


def recognizes(head: str) -> bool:
    """Whether the text starts with a header that names a title and an abstract column."""
    lines = head.splitlines()
    first = lines[1] if len(lines) > 1 and lines[0].lower().startswith("sep=") else lines[0] if lines else ""
    return _header(first) is not None


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per row. Raises DocumentError when the header names no title or no abstract column."""
    csv.field_size_limit(max(csv.field_size_limit(), RECORD_LIMIT))
    lines = _Lines(source.lines())
    first = next(lines, "")
    while first and (not first.strip() or first.lower().startswith("sep=")):
        first = next(lines, "")
    found = _header(first)
    if not found:
        raise DocumentError(f"no columns named title and abstract in the header, which is '{shorten(first)}'")
    delimiter, header = found
    for line, row in _rows(lines, delimiter, len(header)):
        yield from (source.failure(TOO_LONG, number) for number in lines.take_too_long())
        if isinstance(row, str):
            yield source.failure(row, line)
        elif any(cell.strip() for cell in row):
            cells = (cell.strip() for cell in row)
            yield paper_or_failure(dict(zip(header, cells, strict=False)), source, line)
    yield from (source.failure(TOO_LONG, number) for number in lines.take_too_long())


def _header(line: str) -> tuple[str, list[str]] | None:
    """The delimiter and the column names, if a title and an abstract are among them."""
    for delimiter in _DELIMITERS:
        try:
            names = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        folded = {field_key(name) for name in names}
        if folded & set(TITLE) and folded & set(ABSTRACT):
            return delimiter, names
    return None


class _Lines(Iterator[str]):
    """The lines of a file for `csv.reader`, which can give those of an unfinished row a second time."""

    def __init__(self, lines: Iterator[tuple[int, str | None]]) -> None:
        self._lines = lines
        self._again: deque[tuple[int, str]] = deque()
        self._too_long: list[int] = []
        self.row: list[tuple[int, str]] = []

    def __next__(self) -> str:
        if len(self.row) >= _ROW_LINES:
            raise _Unclosed
        number, line = self._again.popleft() if self._again else next(self._lines)
        while line is None:
            self._too_long.append(number)
            number, line = next(self._lines)
        self.row.append((number, line))
        return line

    def reread(self) -> None:
        """Gives the lines of the current row again, all but the first."""
        self._again.extendleft(reversed(self.row[1:]))

    def take_too_long(self) -> list[int]:
        """The numbers of the lines since the last call that were too long."""
        taken, self._too_long = self._too_long, []
        return taken


class _Unclosed(Exception):
    """Raised when a row does not end."""


def _rows(lines: _Lines, delimiter: str, columns: int) -> Iterator[tuple[int, list[str] | str]]:
    """Each row with the line on which it begins; a string in place of a row says why it cannot be read."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.row.clear()
        try:
            row = next(reader)
            broken = _is_broken(row, lines.row, columns)
        except StopIteration:
            return
        except (csv.Error, _Unclosed):
            broken = True
        if not broken:
            yield lines.row[0][0], row
            continue
        if not lines.row:
            return
        yield lines.row[0][0], _QUOTE
        # The lines after the broken one may be sound: a stray quote must cost its own row only.
        lines.reread()
        reader = csv.reader(lines, delimiter=delimiter)


def _is_broken(row: list[str], lines: list[tuple[int, str]], columns: int) -> bool:
    if any(row[columns:]):
        return True
    # A row over several lines with too few columns or an odd number of quotes has swallowed its neighbours.
    return len(lines) > 1 and (len(row) < columns or sum(line.count('"') for _, line in lines) % 2 == 1)
