"""Writes rows as CSV and as a Markdown table. Nothing in a cell is a formula or markup."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile(r"^[\s'\"]*[=+\-@\t\r＝＋－＠]")
"""What a spreadsheet takes for a formula when it opens the file, also behind spaces."""
_MARKUP = re.compile(r"([\\`*_\[\]<>|#~!&$])")


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """The rows as CSV (RFC 4180, lines end with LF); a cell that could be a formula begins with an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of GitHub's Markdown; signs that would be markup are escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(
        "| " + " | ".join(cell if n == 1 else _literal(cell) for cell in line) + " |\n" for n, line in enumerate(lines)
    )


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _literal(cell: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(cell.split()))
