"""Counts what went wrong or was noticed in a run by its reason: a thousand equal reasons are one line of the report."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.reports import CountedReason, ReasonKind

_MOST_REASONS = 500
"""Different reasons that are kept apart; in a file of nothing but faults, each may have its own."""
_OTHER = "other reasons"
_RECORD = re.compile(r"(?:(?:entry|record|row|item|line) \d+|[^\s:]+): ")
"""What names a record before its reason, such as `roe2020: ` or `entry 3: `."""
_QUOTED = re.compile(r"'[^']*'|“[^”]*”")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s;]+")
_NUMBER = re.compile(r"\d[\d,.]*(?<=\d)")


@dataclass
class _Group:
    first: CountedReason
    count: int = 0
    same: bool = True
    """Whether all have the very same text."""


class Reasons:
    """Reasons with their counts, in bounded memory."""

    def __init__(self) -> None:
        self._groups: dict[tuple[ReasonKind, str], _Group] = {}

    def add(self, kind: ReasonKind, text: str, source: str, line: int | None, title: str | None = None) -> None:
        """Counts one record or file."""
        key = kind, _general(text)
        if key not in self._groups and len(self._groups) >= _MOST_REASONS:
            text = _OTHER
            key = kind, text
        group = self._groups.setdefault(key, _Group(CountedReason(kind, text, 1, source, line, title)))
        group.count += 1
        group.same = group.same and group.first.text == text

    def counted(self) -> tuple[CountedReason, ...]:
        """What was counted: by kind, and the most frequent first."""
        found = [
            CountedReason(r.kind, r.text if g.same else _general(r.text), g.count, r.source, r.line, r.title)
            for g in self._groups.values()
            for r in [g.first]
        ]
        return tuple(sorted(found, key=lambda r: (_ORDER.index(r.kind), -r.count)))


_ORDER: tuple[ReasonKind, ...] = ("failed", "conflict", "notice", "merged")


def _general(text: str) -> str:
    """The reason without what belongs to one record: its name, what is quoted from it, and numbers."""
    text = text[match.end() :] if (match := _RECORD.match(text)) else text
    return _NUMBER.sub("N", _DOI.sub("…", _QUOTED.sub("'…'", text)))
