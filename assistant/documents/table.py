"""Reads CSV and TSV files that have a header, row by row."""

from __future__ import annotations

import ast
import contextlib
import csv
import io
import json
import re
from collections import deque
from collections.abc import Iterator

from assistant.documents.clean import shorten
from assistant.documents.fields import ABSTRACT, AUTHORS, KEYWORDS, TITLE
from assistant.documents.record import paper_or_failure
from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.documents.table_columns import column_key
from assistant.errors import DocumentError
from assistant.types import Item

_DELIMITERS = ",;\t|"
_ROW_LINES = 1_000
"""The most lines that one row may have; more of them mean that a quote is never closed."""
_QUOTE = "a quote in this row is never closed, or the row has more columns than the header"
_REST = "the rest of a damaged row, or a row with fewer columns than the header behind one"
_HEADER_LINES = 4
"""The lines among which the header is looked for: `sep=` or a remark may stand before it."""

Cells = dict[str, str | list[object]]
_MISSING = frozenset(("nan", "NaN", "NaT", "<NA>", "None", "null", "NULL", "NA", "[]"))
"""What programs write into a cell that has no value."""
_OPENING = ("'", '"', "{", "[")
"""How the first item of a list begins."""
_BESIDE = re.compile(r"""(?<=['"])\s+(?=['"])""")
"""Between the items of an array that NumPy wrote: `['Ann Beek' 'Lee Park']`."""
_LONGEST_LIST = 100_000
"""Characters of a cell that is taken for a list."""


def recognizes(head: str) -> bool:
    """Whether one of the first lines is a header that names a title and an abstract column."""
    lines = [line for line in head.splitlines()[: 2 * _HEADER_LINES] if line.strip()][:_HEADER_LINES]
    at = next((at for at, line in enumerate(lines) if _header(line)), None)
    return at is not None and all(_is_remark(line) for line in lines[:at])


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per row. Raises DocumentError when the header names no title or no abstract column."""
    csv.field_size_limit(max(csv.field_size_limit(), RECORD_LIMIT))
    lines = _Lines(source.lines())
    first, found, slashes = "", None, False
    for _ in range(2 * _HEADER_LINES):
        line = next(lines, "")
        if not line or (found := _header(line)):
            break
        slashes = slashes or line.startswith("*")
        first = first or ("" if _is_remark(line) else line)
    if not found:
        raise DocumentError(_no_header(first))
    delimiter, header = found
    keys = [column_key(name) for name in header]
    doubled = {name for name, key in zip(header, keys, strict=True) if key and keys.count(key) > 1}
    if doubled:
        names = ", ".join(sorted(doubled, key=header.index))
        yield source.notice(
            f"several columns have the same name ({names}); of each the first that is filled is read", 1
        )
    for line_number, row in _rows(lines, delimiter, keys):
        yield from (source.failure(TOO_LONG, number) for number in lines.take_too_long())
        if isinstance(row, str):
            yield source.failure(row, line_number)
        elif any(cell.strip() for cell in row) and not _is_header(row, header):
            yield paper_or_failure(_named(keys, row, slashes), source, line_number)
            if any(row[len(keys) :]):
                yield source.notice(
                    "the row has more columns than the header; the last ones were left out", line_number
                )
    yield from (source.failure(TOO_LONG, number) for number in lines.take_too_long())


def _named(keys: list[str], row: list[str], slashes: bool) -> Cells:
    """The cells of a row by the names of their columns; of two columns of one name, the first that is filled.

    With `slashes`, two of them stand between authors and between keywords, as EndNote wants it.
    """
    cells = Cells()
    for key, cell in zip(keys, row, strict=False):
        value = _value(cell.strip())
        if isinstance(value, str) and (key in AUTHORS or key in KEYWORDS):
            value = value.replace("//" if slashes else "|", ";")
        cells[key] = cells.get(key) or value
    if str(cells.get("isretracted", "")).lower() in ("true", "1"):
        cells["editorialstatus"] = "retracted"
    return cells


def _is_header(row: list[str], header: list[str]) -> bool:
    """Whether a row is the header again, as in several tables that were put into one file."""
    return row[-1] == header[-1] and [row[0].lstrip("\ufeff"), *row[1:]] == [header[0].lstrip("\ufeff"), *header[1:]]


def _value(cell: str) -> str | list[object]:
    """The text of a cell, or the list that a program wrote into it: `['Ann Beek', 'Lee Park']`."""
    if cell in _MISSING:
        return ""
    if cell[:1] != "[" or cell[-1:] != "]" or cell[1:2] not in _OPENING or len(cell) > _LONGEST_LIST:
        return cell
    cell = _BESIDE.sub(", ", cell)
    for parse in (json.loads, ast.literal_eval):
        with contextlib.suppress(ValueError, SyntaxError, MemoryError, RecursionError):
            found = parse(cell)
            return found if isinstance(found, list) else cell
    return cell


def _is_remark(line: str) -> bool:
    """Whether a line before the header is `sep=;`, EndNote's `*Journal Article`, or a sentence in one cell, as Dimensions writes it."""
    bare = line.strip().strip(",;\t")
    return (
        bare.lower().startswith("sep=")
        or not bare
        or bare[0] == "*"
        or (bare[0] == bare[-1] == '"' and bare.count('"') == 2)
    )


def _no_header(line: str) -> str:
    """Why a table is not read whose first line this is."""
    for delimiter in _DELIMITERS:
        folded = {column_key(name) for name in line.split(delimiter)}
        if {"pmid", "citation"} <= folded:
            return "PubMed's CSV holds no abstracts; save the results in the format PubMed or Abstract (text) instead"
        if folded & set(TITLE):
            return f"no abstract column in the table; export it with abstracts (its columns: '{shorten(line)}')"
    return f"no columns named title and abstract in the header, which is '{shorten(line)}'"


def _header(line: str) -> tuple[str, list[str]] | None:
    """The delimiter and the column names, if a title and an abstract are among them."""
    for delimiter in _DELIMITERS:
        try:
            names = next(csv.reader([line.lstrip("\ufeff")], delimiter=delimiter), [])
        except csv.Error:
            continue
        folded = {column_key(name) for name in names}
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


def _rows(lines: _Lines, delimiter: str, keys: list[str]) -> Iterator[tuple[int, list[str] | str]]:
    """Each row with the line on which it begins; a string in place of a row says why it cannot be read."""
    reader = csv.reader(lines, delimiter=delimiter)
    damaged = False
    while True:
        lines.row.clear()
        try:
            row = next(reader)
            broken = _is_broken(row, lines.row, keys, delimiter)
        except StopIteration:
            return
        except (csv.Error, _Unclosed):
            broken = True
        if not broken:
            # What follows a damaged row may be its rest, which must not become a row of its own.
            rest = damaged and any(row) and (len(row) < len(keys) or not _is_sound(row, lines.row, delimiter))
            yield lines.row[0][0], _REST if rest else row
            damaged = damaged and (rest or not any(row))
            continue
        if not lines.row:
            return
        yield lines.row[0][0], _REST if damaged else _QUOTE
        damaged = True
        # The lines after the broken one may be sound: a stray quote must cost its own row only.
        lines.reread()
        reader = csv.reader(lines, delimiter=delimiter)


def _is_broken(row: list[str], lines: list[tuple[int, str]], keys: list[str], delimiter: str) -> bool:
    texts = [line for _, line in lines]
    if len(texts) > 1 and (len(row) < len(keys) or "".join(texts).count('"') % 2):
        return True  # the row has swallowed its neighbours
    if not any(row[len(keys) :]):
        return False
    # More cells than columns are no harm where the quotes show that no comma within a cell has split it.
    raw = "".join(texts)
    needed = [cell for key, cell in zip(keys, row, strict=False) if cell and (key in TITLE or key in ABSTRACT)]
    return not all(_is_quoted(cell, raw) for cell in needed) or any(
        _is_whole(line, len(keys), delimiter) for line in texts[1:]
    )


def _is_quoted(cell: str, raw: str) -> bool:
    """Whether a cell stands between quotes in the text of its row."""
    return '"' + cell.replace('"', '""') + '"' in raw


def _is_sound(row: list[str], lines: list[tuple[int, str]], delimiter: str) -> bool:
    """Whether all quotes of a row stand where they belong."""
    raw = "".join(line for _, line in lines)
    try:
        list(csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return all(_is_quoted(cell, raw) for cell in row if '"' in cell)


def _is_whole(line: str, columns: int, delimiter: str) -> bool:
    """Whether a line is a row by itself."""
    return line.count('"') % 2 == 0 and len(next(csv.reader([line], delimiter=delimiter), [])) >= columns
