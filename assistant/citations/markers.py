"""A model's text, arriving in pieces, becomes sentences with the citation numbers written beside them.

The result is the same for every way of cutting the text into pieces: a sentence is given out only when nothing that
may still arrive can change it. Knows nothing about papers; whether a number exists is for others to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.text import sentences

_NUMBERS = r"[ \t]*\^?(?:(?:source|paper|abstract)[ \t]+)?\d{1,4}(?:[ \t]*(?:,|;|-|–|—|and|&)[ \t]*\^?\d{1,4})*[ \t]*"
_MARKER = re.compile(rf"\[+{_NUMBERS}\]+|【+{_NUMBERS}】+", re.IGNORECASE)
_GAP_AND_MARKER = re.compile(rf"\s*(?:{_MARKER.pattern})", re.IGNORECASE)
_LINE_BEFORE_MARKER = re.compile(rf"\s*\n\s*(?=(?:{_MARKER.pattern}))", re.IGNORECASE)
_OPEN_TAIL = re.compile(r"\s*(?:[\[【][^\]】]{0,60}|[\[【]+[^\]】]{0,60}[\]】]+|`{1,2})?$")
"""The end of a cut text that may still become a marker, a longer marker or a fence, with the space before it."""
_LIST_ITEM = re.compile(r"^\s*(?:(?:[-*•]|\d{1,2}[.)]|#{1,6})\s+)+")
_TWO_WORDS = re.compile(r"\s*\S+\s+\S")
_LONGEST_RANGE = 50


@dataclass(frozen=True, slots=True)
class Marked:
    """One sentence without its markers, and the numbers that stood beside it, in order, once each."""

    text: str
    numbers: tuple[int, ...]


class MarkerParser:
    """Feed it pieces, then close it. Code fences are one sentence each, without citations."""

    def __init__(self) -> None:
        self._raw = ""
        self._in_fence = False
        self._line_starts = True  # a bullet or "1." is list furniture only there

    def feed(self, piece: str) -> list[Marked]:
        """The sentences that are certain after this piece."""
        self._raw += piece
        return self._take(final=False)

    def close(self) -> list[Marked]:
        """What is left; a marker that was cut in half is dropped, the words around it stay."""
        return self._take(final=True)

    def _take(self, *, final: bool) -> list[Marked]:
        found: list[Marked] = []
        while (fence := self._raw.find("```")) >= 0:
            found += self._consume(self._raw[:fence])
            self._raw = self._raw[fence + 3 :]
            self._in_fence, self._line_starts = not self._in_fence, True
        if final:
            found += self._consume(self._raw if self._in_fence else _drop_half_marker(self._raw))
            self._raw = ""
        elif not self._in_fence:
            cut = _certain(self._raw, self._line_starts)
            found += self._consume(self._raw[:cut])
            self._raw = self._raw[cut:]
        return [m for m in found if m.text]

    def _consume(self, text: str) -> list[Marked]:
        if self._in_fence:
            return [_code(text)]
        if not text:
            return []
        found = _sentences(text, self._line_starts)
        self._line_starts = text.rstrip(" \t").endswith("\n")
        return found


def _certain(raw: str, line_starts: bool) -> int:
    """Where the last sentence of `raw` ends that can no longer change; 0 when none can be given out yet."""
    tail = _OPEN_TAIL.search(raw)
    closed = raw[: tail.start()] if tail else raw
    cut = 0
    for line_end in re.finditer(r"\n\s*(?=\S)", closed):
        if not _MARKER.match(closed, line_end.end()):
            cut, line_starts = line_end.end(), True
    plain, marks = _strip_markers(_join_markers(closed[cut:]))
    skip = _list_prefix(plain) if line_starts else 0
    for span in reversed(sentences.split(plain[skip:])[:-1]):
        end = skip + span.end
        if _TWO_WORDS.match(plain[end:]):
            return cut + _raw_offset(end, marks)
    return cut


def _join_markers(raw: str) -> str:
    """Markers on a line of their own belong to the line before; the length stays."""
    return _LINE_BEFORE_MARKER.sub(lambda m: " " * len(m.group()), raw)


def _sentences(raw: str, line_starts: bool) -> list[Marked]:
    found: list[Marked] = []
    for line in _join_markers(raw).split("\n"):
        found += _line(line, line_starts)
        line_starts = True
    return found


def _list_prefix(plain: str) -> int:
    match = _LIST_ITEM.match(plain)
    return match.end() if match else 0


def _line(line: str, line_starts: bool) -> list[Marked]:
    plain, marks = _strip_markers(line)
    skip = _list_prefix(plain) if line_starts else 0
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
    """In the text without markers."""
    raw_end: int
    """In the text with them: just behind this one."""
    glue: int
    """Characters put in to keep two words apart (0 or 1)."""
    numbers: list[int]


def _strip_markers(line: str) -> tuple[str, list[_Mark]]:
    plain, marks, last = "", [], 0
    for match in _GAP_AND_MARKER.finditer(line):
        plain += line[last : match.start()]
        last = match.end()
        glue = " " if plain and re.match(r"\w", line[last:]) else ""
        marks.append(_Mark(len(plain), last, len(glue), _numbers(match.group())))
        plain += glue
    return plain + line[last:], marks


def _raw_offset(position: int, marks: list[_Mark]) -> int:
    """Where `position` of the stripped text lies in the raw one, behind the markers that stand there."""
    passed = [m for m in marks if m.position <= position]
    if not passed:
        return position
    return passed[-1].raw_end + max(0, position - passed[-1].position - passed[-1].glue)


def _numbers(marker: str) -> list[int]:
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*[-–—]\s*\^?(\d+))?", marker):
        low, high = int(first), int(last or first)
        found += range(low, high + 1) if low <= high < low + _LONGEST_RANGE else (low, high)
    return found


def _drop_half_marker(text: str) -> str:
    return re.sub(rf"\s*[\[【]+(?:{_NUMBERS}[,;-]?\s*)?$", "", text, flags=re.IGNORECASE)


def _tidy(text: str) -> str:
    return " ".join(text.replace("**", "").split())


def _code(block: str) -> Marked:
    return Marked(" ".join(block.split()), ())
