"""Splits a model's streamed text into sentences, each with the citation numbers that were written beside it.

The result does not depend on how the text was cut into pieces: a sentence is returned only when nothing that may still
arrive can change it. Whether a number stands for a paper is checked elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.text import sentences

_NUMBERS = r"[ \t]*\^?(?:(?:source|paper|abstract)[ \t]+)?\d{1,4}(?:[ \t]*(?:,|;|-|–|—|and|&)[ \t]*\^?\d{1,4})*[ \t]*"
# A match may only begin where a run of spaces or brackets begins, and takes the whole run: tried from every place in
# it, a model's endless blank lines or brackets would take a time that grows with the cube of their number.
_SPACE = r"(?<!\s)\s*+"
_OPENING = r"(?<![\[【])[\[【]++"
_MARKER = re.compile(rf"(?<!\[)\[++{_NUMBERS}\]++|(?<!【)【++{_NUMBERS}】++", re.IGNORECASE)
_GAP_AND_MARKER = re.compile(rf"{_SPACE}(?:{_MARKER.pattern})", re.IGNORECASE)
_LINE_BEFORE_MARKER = re.compile(rf"(?<!\s)(?=[^\S\n]*\n)\s++(?={_MARKER.pattern})", re.IGNORECASE)
_OPEN_TAIL = re.compile(rf"{_SPACE}(?:{_OPENING}[^\[【\]】]{{0,60}}(?:[\]】]++)?|`{{1,2}})?$")
"""The end of incomplete text that may still become a marker, a longer marker or a fence, with the space before it."""
_HALF_MARKER = re.compile(rf"{_SPACE}{_OPENING}(?:{_NUMBERS}[,;-]?\s*)?$", re.IGNORECASE)
_LIST_ITEM = re.compile(r"^\s*(?:(?:[-*•]|\d{1,2}[.)]|#{1,6})\s+)+")
_TWO_WORDS = re.compile(r"\s*\S+\s+\S")
_LONGEST_RANGE = 50
"""Numbers in the longest range, such as `[3-7]`, that is expanded; of a longer one only the two ends count."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence without its markers, and the numbers that stood beside it in order, each once."""

    text: str
    numbers: tuple[int, ...]


class MarkerParser:
    """Takes the pieces of a text in order; each fenced block of code becomes one sentence without citations."""

    def __init__(self) -> None:
        self._raw = ""
        self._in_fence = False
        self._at_line_start = True  # only there a bullet or "1." belongs to a list

    def feed(self, piece: str) -> list[Marked]:
        """The sentences that this piece completes."""
        self._raw += piece
        return self._completed(final=False)

    def close(self) -> list[Marked]:
        """The sentences that are left; half a marker is dropped, and the words around it stay."""
        return self._completed(final=True)

    def _completed(self, *, final: bool) -> list[Marked]:
        found: list[Marked] = []
        while (fence := self._raw.find("```")) >= 0:
            found += self._consume(self._raw[:fence])
            self._raw = self._raw[fence + 3 :]
            self._in_fence, self._at_line_start = not self._in_fence, True
        if final:
            found += self._consume(self._raw if self._in_fence else _drop_half_marker(self._raw))
            self._raw = ""
        elif not self._in_fence:
            cut = _completed_end(self._raw, self._at_line_start)
            found += self._consume(self._raw[:cut])
            self._raw = self._raw[cut:]
        return [m for m in found if re.search(r"\w", m.text)]  # a full stop behind a marker is no sentence

    def _consume(self, text: str) -> list[Marked]:
        if self._in_fence:
            return [Marked(" ".join(text.split()), ())]
        if not text:
            return []
        found = _sentences(text, self._at_line_start)
        self._at_line_start = text.rstrip(" \t").endswith("\n")
        return found


def _completed_end(raw: str, at_line_start: bool) -> int:
    """The end of the last sentence of `raw` that can no longer change; 0 when there is none yet."""
    tail = _OPEN_TAIL.search(raw)
    closed = raw[: tail.start()] if tail else raw
    cut = 0
    for line_end in re.finditer(r"\n\s*(?=\S)", closed):
        if not _MARKER.match(closed, line_end.end()):
            cut, at_line_start = line_end.end(), True
    plain, marks = _strip_markers(_join_markers(closed[cut:]))
    skip = _list_prefix(plain) if at_line_start else 0
    for span in reversed(sentences.split(plain[skip:])[:-1]):
        end = skip + span.end
        if _TWO_WORDS.match(plain[end:]):
            return cut + _raw_offset(end, marks)
    return cut


def _join_markers(raw: str) -> str:
    """Joins markers on a line of their own to the line before, without changing the length of the text."""
    return _LINE_BEFORE_MARKER.sub(lambda m: " " * len(m.group()), raw)


def _sentences(raw: str, at_line_start: bool) -> list[Marked]:
    found: list[Marked] = []
    for line in _join_markers(raw).split("\n"):
        found += _line(line, at_line_start)
        at_line_start = True
    return found


def _list_prefix(plain: str) -> int:
    match = _LIST_ITEM.match(plain)
    return match.end() if match else 0


def _line(line: str, at_line_start: bool) -> list[Marked]:
    plain, marks = _strip_markers(line)
    skip = _list_prefix(plain) if at_line_start else 0
    spans = sentences.split(plain[skip:])
    if not spans:
        return []
    numbers: list[list[int]] = [[] for _ in spans]
    for mark in marks:
        before = [i for i, span in enumerate(spans) if skip + span.start < mark.position]
        numbers[before[-1] if before else 0] += mark.numbers
    return [
        Marked(_tidy(plain[skip + s.start : skip + s.end]), tuple(dict.fromkeys(n)))
        for s, n in zip(spans, numbers, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Mark:
    position: int
    """Offset in the text without markers."""
    raw_end: int
    """Offset of the marker's end in the raw text."""
    spaces: int
    """Spaces put in its place to keep two words apart (0 or 1)."""
    numbers: list[int]


def _strip_markers(line: str) -> tuple[str, list[_Mark]]:
    plain, marks, last = "", [], 0
    for match in _GAP_AND_MARKER.finditer(line):
        plain += line[last : match.start()]
        last = match.end()
        space = " " if plain and re.match(r"\w", line[last : last + 1]) else ""
        marks.append(_Mark(len(plain), last, len(space), _numbers(match.group())))
        plain += space
    return plain + line[last:], marks


def _raw_offset(position: int, marks: list[_Mark]) -> int:
    """The raw offset of `position` in the stripped text, behind any markers that stand there."""
    passed = [m for m in marks if m.position <= position]
    if not passed:
        return position
    return passed[-1].raw_end + max(0, position - passed[-1].position - passed[-1].spaces)


def _numbers(marker: str) -> list[int]:
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*[-–—]\s*\^?(\d+))?", marker):
        low, high = int(first), int(last or first)
        found += range(low, high + 1) if low <= high < low + _LONGEST_RANGE else (low, high)
    return found


def _drop_half_marker(text: str) -> str:
    return _HALF_MARKER.sub("", text)


def _tidy(text: str) -> str:
    return " ".join(text.replace("**", "").split())
