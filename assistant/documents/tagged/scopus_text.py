"""Reads Scopus' plain text, in which authors and title have no label and stand above a line such as `(2017) Journal, 12 (3)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents.record import paper_or_failure
from assistant.documents.source import Source
from assistant.documents.tagged.labels import MEANING
from assistant.documents.tagged.lines import Entry, Syntax, Tagged, records
from assistant.documents.tagged.values import to_record, values
from assistant.types import Failure, Item

_TAG_OF_LABEL = {
    "ABSTRACT": "abstract",
    "AUTHOR FULL NAMES": "fullauthors",
    "AUTHOR KEYWORDS": "authorkeywords",
    "INDEX KEYWORDS": "subjects",
    "DOI": "doi",
    "PUBMED ID": "pmid",
    "LANGUAGE OF ORIGINAL DOCUMENT": "language",
    "DOCUMENT TYPE": "type",
    **dict.fromkeys(
        (
            "ABBREVIATED SOURCE TITLE", "AFFILIATIONS", "AUTHOR(S) ID", "CHEMICALS/CAS", "CODEN", "CONFERENCE CODE",
            "CONFERENCE DATE", "CONFERENCE LOCATION", "CONFERENCE NAME", "CORRESPONDENCE ADDRESS", "EDITORS",
            "FUNDING DETAILS", "FUNDING TEXT", "ISBN", "ISSN", "MANUFACTURERS", "MOLECULAR SEQUENCE NUMBERS",
            "OPEN ACCESS", "PUBLICATION STAGE", "PUBLISHER", "REFERENCES", "SPONSORS", "TRADENAMES",
        ),
        "other",
    ),
}  # fmt: skip
"""The labels of Scopus; others, such as `RESULTS`, are words of an abstract."""
_SYNTAX = Syntax(ends=frozenset(("SOURCE", "EXPORT DATE")))
_LABEL = re.compile(r"([A-Z][A-Z /()-]{2,40})(?: \d+)?: ?(.*)$")
_ISSUE = re.compile(r"\(((?:1[89]|20)\d\d)\) (?:(.+?)(?:, .*)?)?$")
_AUTHOR_ID = re.compile(r"\s*\(\d{6,}\)")
_LINK = re.compile(r"https?://\S+$")


def recognizes(head: str) -> bool:
    """Whether the text begins as an export of Scopus does, or a record ends with Scopus as its source."""
    return re.match(r"Scopus\s+EXPORT DATE:", head) is not None or (
        re.search(r"^SOURCE: ?Scopus$", head, re.M) is not None and re.search(r"^\(\d{4}\) ", head, re.M) is not None
    )


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per record."""
    for record in records(source, _Tags(), _SYNTAX):
        yield record if isinstance(record, Failure) else paper_or_failure(_fields(record), source, record[0].line)


class _Tags:
    """Gives the first line of a record the tag `head`, and the line with the year the tag `issue`."""

    def __init__(self) -> None:
        self._begun = False

    def __call__(self, line: str) -> Tagged | None:
        if line == "Scopus":
            return "EXPORT DATE", ""
        match = _LABEL.match(line)
        if match and match[1] in _SYNTAX.ends:
            self._begun = False
            return match[1], ""
        begun, self._begun = self._begun, True
        if match and (tag := _TAG_OF_LABEL.get(match[1])):
            return tag, match[2]
        if not begun:
            return "head", line
        if _ISSUE.match(line):
            return "issue", line
        return ("url", line) if _LINK.match(line) else None


def _fields(entries: list[Entry]) -> dict[str, object]:
    at = next((i for i, entry in enumerate(entries) if entry.tag == "issue"), 0)
    above = entries[at - 1].lines if at else []
    title = above.pop() if len(above) > 1 else None
    tags = values(entries, MEANING)
    if issue := _ISSUE.match(entries[at].lines[0]):
        tags["year"], tags["journal"] = [issue[1]], [issue[2] or ""]
    record = to_record(tags, MEANING)
    head = entries[0].lines
    full = [*tags.get("fullauthors", [])[:1], *(line for line in head if _AUTHOR_ID.search(line))]
    names = full[0] if full else head[0]
    return record | {"title": title, "authors": _authors(_AUTHOR_ID.sub("", names))}


def _authors(line: str) -> list[str]:
    """The names in `Doe, J.A., Roe, B.` or `Doe J.A.; Roe B.`"""
    return line.split(";") if ";" in line else re.split(r"(?<=\.), ", line)
