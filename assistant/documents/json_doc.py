"""JSON documents: an array of records, one record, or an object that holds the array; streamed record by record.

Objects are cut out by their braces before they are parsed, so that a broken one costs only itself. Knows nothing
about field names beyond those of a list of papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.documents.json_lines import record
from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.types import Failure, Paper

_LIST = re.compile(r'"(?:papers|results|records|items|articles|documents|entries|data|hits|works)"\s*:\s*\[\s*\{', re.I)
_PROPERTY = re.compile(r'"(?:abstract|summary)"\s*:', re.I)
_TOKEN = re.compile(r'\\.|\n[ \t]*\{[ \t]*"|["{}\[\]\n]', re.S)
_UNFINISHED = re.compile(r"(?:\n[ \t]{0,99}(?:\{[ \t]{0,99})?|(?<!\\)(?:\\\\)*\\)\Z")
"""What may be the beginning of a sign at the end of a piece."""

Cut = tuple[int, str | None]
"""Line and text of a record; None for one that is too long."""


def read(source: Source) -> Iterator[Paper | Failure]:
    """One paper or failure for each record of the document."""
    cutter = _Cutter(_depth(source.head()))
    for chunk in source.chunks():
        for cut in cutter.feed(chunk):
            yield _one(source, *cut)
    for cut in cutter.rest():
        yield _one(source, *cut)


def holds_list(head: str) -> bool:
    """True when the text starts like an object that holds a list of records."""
    return not head.startswith("[") and _depth(head) == 2


def _one(source: Source, line: int, text: str | None) -> Paper | Failure:
    return source.failure(TOO_LONG, line) if text is None else record(text, source, line)


def _depth(head: str) -> int:
    """How many brackets are open around a record."""
    if head.lstrip("\ufeff \t\n\x00").startswith("["):
        return 1
    inner, own = _LIST.search(head), _PROPERTY.search(head)
    return 2 if inner and (own is None or inner.start() < own.start()) else 0


@dataclass
class _Cutter:
    """Cuts records out of text that comes in pieces."""

    depth: int
    line: int = 0
    start: int = 0
    """Line on which the open record, or the text between two records, begins."""
    level: int = 0
    """Brackets open since the record began; 0 between records."""
    around: str = ""
    """Brackets open around the records."""
    quoted: bool = False
    indent: str | None = None
    """What the open record's line starts with, when that is `{"` after white space."""
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
        """What is left at the end of the file: nothing, or a record that never ends."""
        yield from self._scan(self.carry)
        yield from self._flush()

    def _scan(self, text: str) -> Iterator[Cut]:
        last = 0
        for match in _TOKEN.finditer(text):
            sign = match[0]
            if sign[0] == "\n":
                self.line += 1
                # No string of valid JSON holds a line end: this one was never closed.
                self.quoted = False
            if sign == '"':
                self.quoted = not self.quoted
            if self.quoted or sign[0] == "\\" or sign in '"\n':
                continue
            bracket = sign.strip(' \t\n"')
            at = match.start() + sign.index(bracket)
            if bracket == "{" and self._begins(sign):
                self._keep(text[last:at])
                last = at
                yield from self._flush()
                self.inside, self.level, self.indent = True, 1, sign if len(sign) > 1 else None
            elif self._count(bracket):
                self._keep(text[last : at + 1])
                last = at + 1
                yield from self._flush()
            # The sign `{"` ends inside the first name.
            self.quoted = len(sign) > 1
        self._keep(text[last:])

    def _begins(self, sign: str) -> bool:
        """Does a record begin with this brace? Also where the one before it, laid out alike, was never closed."""
        if self.level:
            return len(sign) > 1 and sign == self.indent
        return len(self.around) == self.depth and (self.depth == 0 or self.around[-1] == "[")

    def _count(self, bracket: str) -> bool:
        """Account for a bracket; True when it closes the open record."""
        if self.level:
            self.level += 1 if bracket in "{[" else -1
            return not self.level
        self.around = self.around + bracket if bracket in "{[" else self.around[:-1]
        return False

    def _keep(self, text: str) -> None:
        self.size += len(text)
        if self.size <= RECORD_LIMIT:
            self.parts.append(text)

    def _flush(self) -> Iterator[Cut]:
        """The open record, or what stands between two records where that is more than punctuation."""
        text = "".join(self.parts)
        bare = text.lstrip(" \t\n\f\v,[]")
        if bare and (self.inside or self.depth < 2):
            line = self.start + text[: len(text) - len(bare)].count("\n")
            yield line, None if self.size > RECORD_LIMIT else bare
        self.parts, self.size, self.level, self.start = [], 0, 0, self.line
        self.indent, self.inside = None, False
