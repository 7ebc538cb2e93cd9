"""Reads JSON documents record by record: an array of records, a single record, or an object that holds the array.

Records are cut out by their braces before they are parsed, so that a broken one costs only itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.documents.json_lines import read_record
from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.types import Failure, Item, Paper

_LIST = re.compile(r'"(?:papers|results|records|items|articles|documents|entries|data|hits|works)"\s*:\s*\[\s*\{', re.I)
_PROPERTY = re.compile(r'"(?:abstract|summary)"\s*:', re.I)
_TOKEN = re.compile(r'\\.|\n[ \t]*\{[ \t]*"|["{}\[\]\n]', re.S)
_UNFINISHED = re.compile(r"(?:\n[ \t]{0,99}(?:\{[ \t]{0,99})?|(?<!\\)(?:\\\\)*\\)\Z")
"""The end of a piece that may be the beginning of a mark."""

Cut = tuple[int, str | None]
"""The line and text of a record, or None for the text of one that is too long."""


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per record of the document."""
    cutter = _Cutter(_record_depth(source.head()))
    for piece in source.pieces():
        for cut in cutter.feed(piece):
            yield _read_cut(source, *cut)
    for cut in cutter.rest():
        yield _read_cut(source, *cut)


def recognizes(head: str) -> bool:
    """Whether the text starts like an object or an array."""
    return re.match(r"\{|\[\s*[\[{\]\"]", head) is not None


def recognizes_list(head: str) -> bool:
    """Whether the text starts like an object that holds a list of records."""
    return head.startswith("{") and _record_depth(head) == 2


def _read_cut(source: Source, line: int, text: str | None) -> Paper | Failure:
    return source.failure(TOO_LONG, line) if text is None else read_record(text, source, line)


def _record_depth(head: str) -> int:
    """The number of brackets that are open around a record."""
    if head.lstrip("\ufeff \t\n\x00").startswith("["):
        return 1
    inner, own = _LIST.search(head), _PROPERTY.search(head)
    return 2 if inner and (own is None or inner.start() < own.start()) else 0


@dataclass
class _Cutter:
    """Cuts records out of text that arrives in pieces."""

    depth: int
    line: int = 0
    start: int = 0
    """The line on which the open record, or the text between two records, begins."""
    level: int = 0
    """The number of brackets opened since the record began; 0 between records."""
    around: str = ""
    """The brackets that are open around the records."""
    quoted: bool = False
    indent: str | None = None
    """The start of the open record's line, if that is white space and `{"`."""
    inside: bool = False
    parts: list[str] = field(default_factory=list)
    size: int = 0
    carry: str = "\n"

    def feed(self, piece: str) -> Iterator[Cut]:
        """The records that end in this piece."""
        text = self.carry + piece
        cut = match.start() if (match := _UNFINISHED.search(text, max(0, len(text) - 999))) else len(text)
        self.carry = text[cut:]
        yield from self._scan(text[:cut])

    def rest(self) -> Iterator[Cut]:
        """The record that is still open at the end of the file, if any."""
        yield from self._scan(self.carry)
        yield from self._flush()

    def _scan(self, text: str) -> Iterator[Cut]:
        last = 0
        for match in _TOKEN.finditer(text):
            mark = match[0]
            if mark[0] == "\n":
                self.line += 1
                # A string in valid JSON holds no line break: this one was never closed.
                self.quoted = False
            if mark == '"':
                self.quoted = not self.quoted
            if self.quoted or mark[0] == "\\" or mark in '"\n':
                continue
            bracket = mark.strip(' \t\n"')
            at = match.start() + mark.index(bracket)
            if bracket == "{" and self._begins(mark):
                self._append(text[last:at])
                last = at
                yield from self._flush()
                self.inside, self.level, self.indent = True, 1, mark if len(mark) > 1 else None
            elif self._count(bracket):
                self._append(text[last : at + 1])
                last = at + 1
                yield from self._flush()
            # The mark `{"` ends inside the first name.
            self.quoted = len(mark) > 1
        self._append(text[last:])

    def _begins(self, mark: str) -> bool:
        """Whether a record begins with this brace, which it can within one of the same indent that was never closed."""
        if self.level:
            return len(mark) > 1 and mark == self.indent
        return len(self.around) == self.depth and (self.depth == 0 or self.around[-1] == "[")

    def _count(self, bracket: str) -> bool:
        """Counts a bracket; True when it closes the open record."""
        if self.level:
            self.level += 1 if bracket in "{[" else -1
            return not self.level
        self.around = self.around + bracket if bracket in "{[" else self.around[:-1]
        return False

    def _append(self, text: str) -> None:
        self.size += len(text)
        if self.size <= RECORD_LIMIT:
            self.parts.append(text)

    def _flush(self) -> Iterator[Cut]:
        """Yields the open record, or the text between two records if that is more than punctuation."""
        text = "".join(self.parts)
        bare = text.lstrip(" \t\n\f\v,[]")
        if bare and (self.inside or self.depth < 2):
            line = self.start + text[: len(text) - len(bare)].count("\n")
            yield line, None if self.size > RECORD_LIMIT else bare
        self.parts, self.size, self.level, self.start = [], 0, 0, self.line
        self.indent, self.inside = None, False
