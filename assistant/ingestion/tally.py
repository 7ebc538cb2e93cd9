"""Counts what a run does with the records that it reads, for its report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TypeVar

from assistant.documents.detect import reader_for
from assistant.documents.formats import Reader, name_of
from assistant.documents.source import Source
from assistant.ingestion.details_file import DetailsFile
from assistant.ingestion.reasons import Reasons
from assistant.reports import IndexReport, Merged, ReasonKind
from assistant.types import Failure, Notice, Paper

_T = TypeVar("_T")
_BOTH = "; both are in the library"
_SAME_TITLE = f"two papers with different abstracts have this title{_BOTH}"


@dataclass
class Tally:
    """Counts; failures, conflicts and notices are listed up to a limit, counted by reason, and all written to a file."""

    limit: int
    details: DetailsFile
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    removed: int = 0
    omitted: int = 0
    failed: list[Failure] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)
    """The identifiers that conflicts were told of."""
    reasons: Reasons = field(default_factory=Reasons)
    files: Counter[str] = field(default_factory=Counter)

    def repeat(self, *, duplicate: bool) -> None:
        """Counts a record that changes no text."""
        self.duplicates += duplicate
        self.unchanged += not duplicate

    def choose_reader(self, source: Source) -> Reader:
        """The reader of a file, whose kind is counted. Raises DocumentError for a file that is not read."""
        reader = reader_for(source)
        self.files[name_of(reader)] += 1
        return reader

    def note(self, item: Failure | Notice) -> None:
        """Counts what could not be read, or what a user should know about a file."""
        if isinstance(item, Failure):
            self._list(self.failed, item)
            self.explain("failed", item.error, item.source, item.line, item.title)
        else:
            self._list(self.notices, item)
            self.explain("notice", item.text, item.source, item.line)

    def conflict(self, record: Paper, shared: str, other: str) -> None:
        """Counts a paper that shares its title, or an identifier such as `DOI 10.1/x`, with the paper titled `other`.

        An identifier is told once: all papers of a volume may carry that of the volume.
        """
        self.added += 1
        if shared in self.shared:
            return
        text, told = _SAME_TITLE, f"two papers with different abstracts have the title “{record.title}”"
        if shared:
            text = told = f"two records share the {shared}: “{other}” and “{record.title}”"
            text += _BOTH
            self.shared |= {shared} if len(self.shared) < self.limit else set()
        self._list(self.conflicts, told + _BOTH)
        self.explain("conflict", text, next(iter(record.sources), ""), None, record.title)

    def note_merged(self, merged: Merged | None, record: Paper) -> None:
        """Tells that a record and the paper that it was merged with have different texts, and which was kept."""
        if merged is not None:
            if len(self.merged) < self.limit:
                self.merged.append(merged)
            self.explain("merged", merged.why, next(iter(record.sources), ""), None, merged.kept)

    def explain(self, kind: ReasonKind, text: str, source: str, line: int | None, title: str | None = None) -> None:
        """Counts one record or file under its reason, and writes it to the file of details."""
        self.reasons.add(kind, text, source, line, title)
        self.details.write(kind=kind, source=source, line=line, text=text, title=title)

    def _list(self, listed: list[_T], item: _T) -> None:
        if len(listed) < self.limit:
            listed.append(item)
        else:
            self.omitted += 1

    def report(self, papers: int, sample_removed: int, seconds: float) -> IndexReport:
        """The report; `papers` are now in the library."""
        return IndexReport(
            papers=papers,
            added=self.added,
            updated=self.updated,
            unchanged=self.unchanged,
            duplicates=self.duplicates,
            failed=tuple(self.failed),
            seconds=round(seconds, 3),
            conflicts=tuple(self.conflicts),
            sample_removed=sample_removed,
            omitted=self.omitted,
            notices=tuple(self.notices),
            removed=self.removed,
            merged=tuple(self.merged),
            reasons=self.reasons.counted(),
            files=dict(self.files.most_common()),
            details=self.details.path,
        )
