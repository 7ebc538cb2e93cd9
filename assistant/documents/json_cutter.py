"""Cuts records out of a JSON document by their braces, before they are parsed: a broken one costs only itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.documents.json_shape import DEEPEST, Shape

_TOKEN = re.compile(r'\\[^\n]|\n[ \t]*\{[ \t]*"|["{}\[\]\n]', re.S)
_INNER = r"[^\"\\{}\[\]\n]++|\"(?:[^\"\\\n]++|\\[^\n])*+\"|\n(?![ \t]*\{[ \t]*\")"
_UNEVENTFUL = re.compile(rf"(?:{_INNER}|[\[{{](?:{_INNER})*+[\]}}])*+")
"""What changes nothing within a record: whole strings, numbers, and brackets that hold no others, such as the places of
a word in an inverted index. Passing it at once makes most records several times faster to cut."""
_UNFINISHED = re.compile(r"(?:\n[ \t]{0,99}(?:\{[ \t]{0,99})?|(?<!\\)(?:\\\\)*\\)\Z")
"""The end of a piece that may be the beginning of a mark."""
_NAME = re.compile(r'"((?:[^"\\\n]|\\.)*)"\s*:\s*\Z')
_LONGEST_NAME = 300
"""Characters before a bracket among which its name is looked for."""


@dataclass(frozen=True)
class Cut:
    """A piece of the document that should be a record."""

    line: int
    text: str | None
    """None for one that is too long."""
    name: str
    """The name under which the record, or the array that holds it, stands."""


@dataclass
class Cutter:
    """Cuts records out of text that arrives in pieces."""

    shape: Shape
    limit: int
    """Characters of a record; longer ones are cut out without their text."""
    line: int = 0
    start: int = 0
    """The line on which the open record, or the text between two records, begins."""
    level: int = 0
    """The number of brackets opened since the record began; 0 between records."""
    around: str = ""
    """The brackets that are open around the records."""
    under: list[str] = field(default_factory=list)
    """The names under which these brackets stand."""
    name: str = ""
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
        last = at = 0
        while match := _TOKEN.search(text, self._skip(text, at)):
            mark, at = match[0], match.end()
            if mark[0] == "\n":
                self.line += 1
                # A string in valid JSON holds no line break: this one was never closed.
                self.quoted = False
            if mark == '"':
                self.quoted = not self.quoted
            if self.quoted or mark[0] == "\\" or mark in '"\n':
                continue
            bracket = mark.strip(' \t\n"')
            start = match.start() + mark.index(bracket)
            if not self.level and bracket in "{[":
                self.name = self._name_before(text[max(last, start - _LONGEST_NAME) : start])
            if bracket == "{" and self._begins(mark):
                self._append(text[last:start])
                last = start
                yield from self._flush()
                self.inside, self.level, self.indent = True, 1, mark if len(mark) > 1 else None
            elif self._count(bracket):
                self._append(text[last : start + 1])
                last = start + 1
                yield from self._flush()
            # The mark `{"` ends inside the first name.
            self.quoted = len(mark) > 1
        self._append(text[last:])

    def _skip(self, text: str, at: int) -> int:
        """Where the text goes on after what changes nothing within a record; nowhere else is anything skipped."""
        if not self.level or self.quoted or not (match := _UNEVENTFUL.match(text, at)):
            return at
        self.line += text.count("\n", at, match.end())
        return match.end()

    def _begins(self, mark: str) -> bool:
        """Whether a record begins with this brace, which it can within one of the same indent that was never closed."""
        if self.level:
            return len(mark) > 1 and mark == self.indent
        return self.around == self.shape.around

    def _count(self, bracket: str) -> bool:
        """Counts a bracket; True when it closes the open record."""
        if self.level:
            self.level += 1 if bracket in "{[" else -1
            return not self.level
        if bracket in "{[":
            if len(self.under) <= DEEPEST:  # copied for each of endless brackets, it would take forever
                self.around += bracket
            self.under.append(self.name)
        else:
            if len(self.under) <= len(self.around):
                self.around = self.around[:-1]
            del self.under[-1:]
        return False

    def _name_before(self, text: str) -> str:
        """The name before a bracket between records."""
        if len(text) < _LONGEST_NAME and self.parts:
            text = self.parts[-1][-_LONGEST_NAME:] + text
        return match[1] if (match := _NAME.search(text)) else ""

    def _append(self, text: str) -> None:
        self.size += len(text)
        if self.size <= self.limit:
            self.parts.append(text)

    def _flush(self) -> Iterator[Cut]:
        """Yields the open record, or the text between two records if that is more than punctuation."""
        text = "".join(self.parts)
        bare = text.lstrip(" \t\n\f\v,[]")
        if bare and (self.inside or self.shape.around in ("", "[")):
            line = self.start + text[: len(text) - len(bare)].count("\n")
            name = self.name if self.shape.keyed else self.under[-1] if self.under else ""
            yield Cut(line, None if self.size > self.limit else bare, name)
        self.parts, self.size, self.level, self.start = [], 0, 0, self.line
        self.indent, self.inside = None, False
