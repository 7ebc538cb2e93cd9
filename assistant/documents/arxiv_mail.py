r"""Reads arXiv's announcement mails and its .abs files, whose entries stand between lines that begin with `\\`."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.documents.clean import shorten
from assistant.documents.record import paper_or_failure
from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.types import Failure, Item, Paper

_QUOTED = re.compile(r"(?:[ \t]*>)+ ?")
_IDENTIFIER = re.compile(r"\s*(?:arXiv:\s*|Paper(?: \([^)]*\))?:\s*(?:arXiv:)?)([\w.-]+(?:/\d{7})?(?:v\d+)?)", re.I)
_MARK = re.compile(r"\s*\\\\\s*(?:\(.*)?$")
_RULE = re.compile(r"\s*[-%]{20,}\s*$")
_LABEL = re.compile(
    r"\s{0,3}(Date|Title|Authors?|Categories|Subj-class|Comments|Journal-ref|DOI|MSC-class|ACM-class|Report-no|License"
    r"|From|Proxy)(?: \((?:revised v(\d+)|[^)]*)\))?\s*:\s*(.*)",
    re.I,
)
_REPLACED = re.compile(r"\s*(?:replaced|updated|withdrawn)\b.{0,40}?((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),.*)", re.I)
_NAMES = {"author": "authors", "journal-ref": "journal"}
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]}$*]*$")
_SENT_QUOTED = re.compile(r"^Content-Transfer-Encoding:[ \t]*quoted-printable", re.I | re.M)
_CUT_OFF = r"the entry is cut off: no line that begins with \\ ends its abstract"


def recognizes(head: str) -> bool:
    """Whether an entry begins in the text."""
    return re.search(r"^[> \t]*\\\\[ \t]*\n[> \t\n]*(?:arXiv:|Paper(?: \([^)]*\))?:)", head, re.M | re.I) is not None


@dataclass
class _Entry:
    line: int
    identifier: str
    fields: dict[str, str] = field(default_factory=dict)
    last: str = ""
    abstract: list[str] | None = None
    """The lines of the abstract; None while the header is being read."""
    size: int = 0

    def add(self, line: str) -> None:
        """Adds a line of the abstract or of the header, where it may continue the one before."""
        self.size += len(line)
        if self.size > RECORD_LIMIT:
            return
        if self.abstract is not None:
            self.abstract.append(line)
        elif match := _LABEL.match(line):
            name = match[1].lower()
            self.last = _NAMES.get(name, name)
            if self.last in self.fields:  # `Date (revised v2)`
                self.last = "later " + self.last
            self.fields[self.last] = match[3].strip()
            if match[2]:
                self.fields["version"] = match[2]
        elif match := _REPLACED.match(line):
            self.fields["updated"], self.last = match[1], ""
        elif self.last and line.strip():
            self.fields[self.last] += " " + line.strip()


def read(source: Source) -> Iterator[Item]:
    """One paper per entry; entries without an abstract, as replacements are, are counted in a notice."""
    without: list[_Entry] = []
    for entry, closed in _entries(source):
        if isinstance(entry, Failure):
            yield entry
        elif entry.abstract is None and closed:
            without.append(entry)
        else:
            yield _paper(source, entry, closed)
    if without:
        first = without[0].fields.get("title") or without[0].identifier
        yield source.notice(
            f"skipped: {len(without)} announced without an abstract, as replacements are; first: '{shorten(first)}'",
            without[0].line,
        )


def _entries(source: Source) -> Iterator[tuple[_Entry | Failure, bool]]:
    """Each entry, and whether the mark that ends it was found."""
    entry: _Entry | None = None
    after_mark, indent = False, 0
    for number, line in _decoded(source):
        if line is None:
            yield source.failure(TOO_LONG, number), False
            continue
        text = _QUOTED.sub("", line, count=1) if ">" in line[:3] else line
        text = text.rstrip("\n")
        if mark := _MARK.match(text) is not None:
            indent = len(text) - len(text.lstrip())
        text = text[min(indent, len(text) - len(text.lstrip())) :]
        if after_mark and (match := _IDENTIFIER.match(text)):
            if entry:
                yield entry, False
            entry = _Entry(number, match[1])
        elif entry and (mark or _RULE.match(text)):
            if mark and entry.abstract is None and "(" not in text:
                entry.abstract = []
            else:
                yield entry, True
                entry = None
        elif entry:
            entry.add(text)
        after_mark = mark if text.strip() else after_mark
    if entry:
        yield entry, False


def _decoded(source: Source) -> Iterator[tuple[int, str | None]]:
    """The numbered lines of a mail, also of one that was saved as it was sent: quoted-printable."""
    if not _SENT_QUOTED.search(source.head()):
        yield from source.lines()
        return
    start, held = 0, ""
    for number, line in source.lines():
        if line is None or (not line.rstrip().endswith("=") or len(held) > RECORD_LIMIT):
            whole = None if line is None else quopri.decodestring((held + line).encode()).decode(errors="replace")
            yield start or number, whole
            start, held = 0, ""
        else:
            start, held = start or number, held + line.rstrip()[:-1]
    if held:
        yield start, held


def _paper(source: Source, entry: _Entry, closed: bool) -> Paper | Failure:
    abstract = " ".join(line.strip() for line in entry.abstract or ()).strip()
    if not closed and not _SENTENCE_END.search(abstract):
        return source.failure(_CUT_OFF, entry.line)
    record: dict[str, object] = {**entry.fields, "abstract": abstract, "arxivid": entry.identifier}
    if classes := entry.fields.get("subj-class"):
        record["categories"] = [name.strip() for name in classes.split(";")]
    return paper_or_failure(record, source, entry.line)
