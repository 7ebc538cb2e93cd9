"""Reads EndNote's style "Annotated": a reference on one line, and under it the abstract on lines that begin with a tab."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents.record import paper_or_failure
from assistant.documents.source import Source
from assistant.documents.tagged.lines import Entry, Syntax, Tagged, records
from assistant.types import Failure, Item

_REFERENCE = re.compile(
    r"(?P<authors>\S[^(]{1,2000}?) \((?P<year>(?:1[5-9]|20)\d\d)[a-z]?\)\. "
    r"(?:[\"“](?P<title>.{1,1000})[\"”]|(?P<book>[^.]{1,1000}))\.?(?:\s+(?P<journal>[^\d]{2,200}?)(?=[\s,.]+\d|\.?$))?"
)
_QUOTED = re.compile(r"^\S[^(\n]{1,2000}? \((?:1[5-9]|20)\d\d[a-z]?\)\. [\"“][^\n]+\n\t\s*\S", re.M)
_SYNTAX = Syntax(starts=frozenset(("reference",)))


def recognizes(head: str) -> bool:
    """Whether a line of the text is a reference to an article, and the one under it begins with a tab."""
    return "\n\t" in head and _QUOTED.search(head) is not None


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per reference."""
    for record in records(source, _tag, _SYNTAX):
        yield record if isinstance(record, Failure) else paper_or_failure(_fields(record), source, record[0].line)


def _tag(line: str) -> Tagged | None:
    if line[:1].isspace():
        return "abstract", line.strip()
    return ("reference", line) if _REFERENCE.match(line) else None


def _fields(entries: list[Entry]) -> dict[str, object]:
    found = _REFERENCE.match(" ".join(entries[0].lines)) if entries[0].tag == "reference" else None
    return {
        "title": found and (found["title"] or found["book"]).removesuffix("."),
        "authors": _authors(found["authors"]) if found else None,
        "year": found and found["year"],
        # Behind the title of a book stands its publisher.
        "journal": found and found["title"] and found["journal"],
        "abstract": " ".join(line for entry in entries if entry.tag == "abstract" for line in entry.lines),
    }


def _authors(text: str) -> list[str]:
    """The names in `Beek, A., L. Park and H. Solo`, of which only the first is turned around."""
    first, *others = re.split(r",\s+(?:and\s+)?|\s+and\s+", text)
    return [f"{first}, {others[0]}", *others[1:]] if others and "," in text else [first, *others]
