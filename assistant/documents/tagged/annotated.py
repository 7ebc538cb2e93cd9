"""Reads references on one line each with their abstracts under them.

EndNote's style "Annotated" begins the lines of an abstract with a tab; IEEE Xplore writes `Abstract:` before it.
"""

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
_XPLORE = re.compile(
    r"(?P<authors>\S[^\"“]{1,2000}?), [\"“](?P<title>.{1,1000}),[\"”]\s+(?:in )?(?P<journal>[^,]{2,300})(?P<rest>,.*)$"
)
_XPLORE_PAIR = re.compile(r"^\S[^\"“\n]{1,2000}, [\"“][^\n]+,[\"”] [^\n]+\nAbstract: ", re.M)
_LABEL = re.compile(r"(Abstract|keywords|URL): *(.*)$")
_YEAR = re.compile(r"\b(?:19|20)\d\d(?=, |\.$)")
_DOI = re.compile(r"\bdoi: (\S+?)\.?$")
_SYNTAX = Syntax(starts=frozenset(("reference",)))


def recognizes(head: str) -> bool:
    """Whether a line of the text is a reference to an article, and the one under it begins with a tab or `Abstract:`."""
    return ("\n\t" in head and _QUOTED.search(head) is not None) or (
        "\nAbstract: " in head and _XPLORE_PAIR.search(head) is not None
    )


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per reference."""
    for record in records(source, _tag, _SYNTAX):
        yield record if isinstance(record, Failure) else paper_or_failure(_fields(record), source, record[0].line)


def _tag(line: str) -> Tagged | None:
    if line[:1].isspace():
        return "abstract", line.strip()
    if match := _LABEL.match(line):
        return match[1].lower(), match[2]
    return ("reference", line) if _REFERENCE.match(line) or _XPLORE.match(line) else None


def _fields(entries: list[Entry]) -> dict[str, object]:
    reference = " ".join(entries[0].lines) if entries[0].tag == "reference" else ""
    found = _REFERENCE.match(reference)
    if not found and (xplore := _XPLORE.match(reference)):
        return _of_xplore(xplore, entries)
    return {
        "title": found and (found["title"] or found["book"]).removesuffix("."),
        "authors": _authors(found["authors"]) if found else None,
        "year": found and found["year"],
        # Behind the title of a book stands its publisher.
        "journal": found and found["title"] and found["journal"],
        "abstract": " ".join(line for entry in entries if entry.tag == "abstract" for line in entry.lines),
    }


def _of_xplore(found: re.Match[str], entries: list[Entry]) -> dict[str, object]:
    texts = {entry.tag: " ".join(line.strip() for line in entry.lines) for entry in entries}
    doi, years = _DOI.search(found["rest"]), _YEAR.findall(found["rest"])
    return {
        "title": found["title"],
        "authors": re.split(r",\s+(?:and\s+)?|\s+and\s+", re.sub(r",? et al\.?$", "", found["authors"])),
        "journal": found["journal"],
        "year": years[-1] if years else None,
        "doi": doi and doi[1],
        "abstract": texts.get("abstract"),
        "keywords": texts.get("keywords", "").strip("{}, ").replace("}", ""),
        "url": texts.get("url"),
    }


def _authors(text: str) -> list[str]:
    """The names in `Beek, A., L. Park and H. Solo`, of which only the first is turned around."""
    first, *others = re.split(r",\s+(?:and\s+)?|\s+and\s+", text)
    return [f"{first}, {others[0]}", *others[1:]] if others and "," in text else [first, *others]
