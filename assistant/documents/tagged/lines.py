"""Splits tagged text into records: a tag begins a field, and the lines after it without a tag continue it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.types import Failure

Tagged = tuple[str, str]
"""The tag of a line and the value after it."""


@dataclass(slots=True)
class Entry:
    """One field of a record, with the lines that continue it."""

    line: int
    tag: str
    lines: list[str]
    after_blank: bool
    """Whether an empty line stands between the tag before it and this one."""


@dataclass(frozen=True)
class Syntax:
    """How a format marks its fields and records. Tags need no order: exporters agree on none."""

    starts: frozenset[str] = frozenset()
    """Tags of which each record has one, most often its first."""
    ends: frozenset[str] = frozenset()
    """Tags that end a record and belong to none."""
    once: frozenset[str] = frozenset()
    """Tags that no record has twice: after an empty line, a second one shows that another record has begun."""
    never_twice: bool = False
    """Whether no tag comes twice in a record, so that a second one is wrapped text that looks like a tag."""
    blank_ends: bool = False
    """Whether an empty line always stands between two records and seldom within one."""


@dataclass(slots=True)
class _Open:
    """The record that is being read."""

    entries: list[Entry] = field(default_factory=list)
    size: int = 0
    boundary: int = 0
    """Index of the last entry after an empty line."""
    before: set[str] = field(default_factory=set)
    """The tags before the boundary."""
    since: set[str] = field(default_factory=set)
    """The tags from the boundary on."""

    def add(self, entry: Entry) -> None:
        if entry.after_blank and self.entries:
            self.boundary = len(self.entries)
            self.before |= self.since
            self.since = set()
        self.entries.append(entry)
        self.since.add(entry.tag)

    def cut(self, at: int) -> tuple[list[Entry], _Open]:
        """The entries before an index, and a new record that begins with those after it."""
        rest = _Open()
        for entry in self.entries[at:]:
            rest.add(entry)
        return self.entries[:at], rest


def records(source: Source, tag: Callable[[str], Tagged | None], syntax: Syntax) -> Iterator[list[Entry] | Failure]:
    """The fields of each record, in the order of the file; a failure stands for a line or record that is too long.

    `tag` gives the tag and the value of a line, or None for a line that continues a field.
    """
    record, blank = _Open(), False
    for number, line in source.lines():
        if line is None:
            yield source.failure(TOO_LONG, number)
            continue
        text = line.rstrip()
        if not text:
            blank = True
            continue
        found = tag(text)
        if found and found[0] in syntax.ends:
            yield from _whole(source, record)
            record, blank = _Open(), False
            continue
        record.size += len(line)
        if record.size > RECORD_LIMIT:
            continue
        if found and (blank or found[0] in syntax.starts or not (syntax.never_twice and _has(record, found[0]))):
            record.add(Entry(number, found[0], [found[1]], blank))
            blank = False
            if at := _end(record, syntax):
                done, record = record.cut(at)
                yield done
        elif record.entries and not (blank and syntax.blank_ends and not text[0].isspace()):
            record.entries[-1].lines.append(text)
    yield from _whole(source, record)


def _whole(source: Source, record: _Open) -> Iterator[list[Entry] | Failure]:
    if record.size > RECORD_LIMIT:
        yield source.failure(TOO_LONG, record.entries[0].line if record.entries else None)
    elif record.entries:
        yield record.entries


def _has(record: _Open, tag: str) -> bool:
    return tag in record.since or tag in record.before


def _end(record: _Open, syntax: Syntax) -> int:
    """How many of the entries belong to the record that ended before the last entry was added; 0 if none did."""
    entries, boundary = record.entries, record.boundary
    last = entries[-1].tag
    if boundary and last in syntax.once and last in record.before:
        return boundary
    if last not in syntax.starts:
        return 0
    earlier = next((i for i, entry in enumerate(entries[:-1]) if entry.tag == last), None)
    if earlier is None or all(entry.tag == last for entry in entries):
        return 0
    if boundary > earlier and (syntax.blank_ends or entries[0].tag != last):
        return boundary
    # Without empty lines, the tag that began this record begins the next one.
    repeated = (i for i in range(earlier + 1, len(entries)) if entries[i].tag == entries[0].tag)
    return next(repeated, len(entries) - 1)
