"""Reads records whose fields stand under labels, as Ovid, ProQuest, EBSCO, Embase, ERIC and Cochrane write them as text.

A label stands before its value (`Title: Owls`, `TI: Owls`), or on a line of its own above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from assistant.documents.authors import author_names
from assistant.documents.record import paper_or_failure
from assistant.documents.source import Source
from assistant.documents.tagged.labels import ENDNOTE_LABELS, MEANING, TAG_OF_LABEL
from assistant.documents.tagged.lines import Entry, Syntax, Tagged, records
from assistant.documents.tagged.values import to_record, values
from assistant.types import Failure, Item

_RECORD = "record"
_SYNTAX = Syntax(
    starts=frozenset(("title",)),
    ends=frozenset((_RECORD,)),
    once=frozenset(("title", "accession", "fullauthors", "doi", "pmid")),
)
_MARK = re.compile(
    r"\s*(?:<\s*\d+\s*\.?\s*>|(?:record|document|item|result|citation|entry)\s*[:#]?\s*#?\d+(?:\s*(?:of|/)\s*\d+\b.*)?\.?|"
    r"[-_=*]{8,}|ER\s*:)\s*$",
    re.I,
)
_NUMBERED = re.compile(
    r"^[^\S\n]*(?:<\s*\d+\s*\.?\s*>|(?:record|document)\s*[:#]?\s*#?\d+(?:\s+of\s+\d+\b.*)?)\s*$", re.I | re.M
)
_INLINE = re.compile(r"\{?([A-Za-z][A-Za-z ()/&-]{1,48}?)\}?(?:-[^\x00-\x7f]+)?\s*[:\uff1a](?!\S*//)(?:\s*(.*))?$")
"""Also `{Title}: Owls`, as NoteExpress writes it, and CNKI's labels in two languages."""
_ENDNOTE_LINE = re.compile(r"([A-Z][A-Za-z ]{1,30}?)(?: \d)?:(?: +(.*))?$")
_ALONE = re.compile(r"([A-Z][A-Za-z ()/&-]{1,48}?)\s*$")
_CODE = re.compile(r"[A-Za-z]{2}")
_LEAST = 3
"""Different labels that make text labelled where it does not both name titles and abstracts."""
_MARKER = re.compile(r"[\s\d*+,]+$|\s*\[[^\]]*\]$|(?:,?\s+(?:MD|PhD|MSc|MPH|RN|FAAN|BSc|MBBS|DPhil))+$")
_BEHIND = re.compile(r"\s+\d+\s.*$|(?<=[a-z]{2})\.\s+[A-Z].*$")
"""Institutions behind a number, as ProQuest writes them, or behind a full stop, as EBSCO does."""
_LONGEST_NAME = 300
"""Characters; what is longer is no name, and would take long to search for its end."""
_COMMENT = re.compile(r"(?<=[.?!])\s*\[[A-Z][^\]]*\]\.?$")
"""The kind of article after Ovid's titles: `Owls at dusk.[Review]`."""


def recognizes(head: str) -> bool:
    """Whether lines of the text begin with the labels of a title and an abstract, or of a title and other fields."""
    if head.startswith("---"):
        return False
    label = _labels(head)
    found = {tag[0] for line in head.splitlines() if (tag := label(line)) and tag[0] not in (_RECORD, "?")}
    named = found - {"other"}
    return "title" in found and ("abstract" in found or len(named) >= _LEAST) and len(found) > 1


def recognizes_braces(head: str) -> bool:
    """Whether the text begins with a label in braces, which looks like JSON at first."""
    return re.match(r"\{[A-Z][A-Za-z /]+\}:", head) is not None


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per record."""
    for record in records(source, _labels(source.head()), _SYNTAX):
        if isinstance(record, Failure):
            yield record
        else:
            yield paper_or_failure(_record(record), source, record[0].line)


class _labels:
    """Finds the label that a line begins with, in the way in which the file writes them."""

    def __init__(self, head: str) -> None:
        lines = [line for line in head.splitlines() if line.strip()]
        self._endnote = any(line.startswith("Reference Type:") for line in lines)
        alone = [i for i, line in enumerate(lines) if _tag_of(_ALONE.match(line)) in ("title", "abstract", "authors")]
        below = [lines[i + 1][:1].isspace() for i in alone if i + 1 < len(lines)]
        self._alone = bool(alone)
        self._capitals = bool(alone) and all(lines[i].isupper() for i in alone)
        self._indented = len(below) > 0 and all(below)
        """Whether labels stand alone above values that are indented, so that what is not indented is a label."""
        titles = [match[1] for line in lines if (match := _INLINE.match(line)) and _tag_of(match) == "title"]
        self._lower = bool(titles) and titles[0].islower()
        self._codes = not titles or _CODE.fullmatch(titles[0]) is not None

    def __call__(self, line: str) -> Tagged | None:
        if _MARK.match(line):
            return _RECORD, ""
        if line[:1].isspace():
            return None
        if self._alone and (tag := _tag_of(_ALONE.match(line))):
            return tag, ""
        if self._endnote and (match := _ENDNOTE_LINE.match(line)):
            tag = _tag_of(match, ENDNOTE_LABELS)
            return (tag, match[2] or "") if tag else None
        match = _INLINE.match(line)
        tag = _tag_of(match)
        if match and tag and (self._lower or not match[1].islower()) and (self._codes or not _CODE.fullmatch(match[1])):
            value = match[2] or ""
            # `TI: Title` above the title itself.
            return tag, "" if tag == _tag_of(_ALONE.match(value)) else value
        unknown = self._indented or (self._capitals and line.isupper() and _ALONE.match(line))
        return ("?", line) if unknown or (match and self._codes and _CODE.fullmatch(match[1])) else None


def _tag_of(match: re.Match[str] | None, labels: Mapping[str, str] = TAG_OF_LABEL) -> str | None:
    return labels.get(re.sub(r"\(.*?\)|[^a-z]", "", match[1].lower())) if match else None


def _record(entries: list[Entry]) -> dict[str, object]:
    tags = values(entries, MEANING)
    record = to_record(tags, MEANING)
    if journal := _texts(record["journal"]):
        record["journal"] = journal[0].split(";")[0]  # ProQuest adds the place
    record["title"] = _COMMENT.sub("", str(record.get("title", "")))
    for name in ("language", "publicationtype"):
        record[name] = [re.sub(r":?\s*PDF only|\.$", "", value, flags=re.I) for value in _texts(record.get(name))]
    record["keywords"] = [keyword.rstrip(".") for keyword in _texts(record["keywords"])]
    record["authors"] = _authors(tags.get("fullauthors") or tags.get("authors") or [])
    return record


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []


def _authors(lines: list[str]) -> list[str] | tuple[str, ...]:
    """The names in `Beek A; Park L.`, one on each line, or in one line with commas."""
    if len(lines) == 1 and ";" not in lines[0]:
        return author_names(lines[0] if "," in lines[0] else lines[0].rstrip(". "))
    names = [name.strip() for line in lines for name in line.split(";") if name.strip()]
    if len(names) > 1 and not any("." in name for name in names[:-1]):
        names[-1] = names[-1].rstrip(".")
    # ProQuest names the authors twice, EBSCO adds the institution.
    return list(dict.fromkeys(_bare(name) for name in names))


def _bare(name: str) -> str:
    """A name without its institution or the number of one, academic degrees and roles."""
    if len(name) > _LONGEST_NAME:
        return name
    if name.count(",") > 2:
        name = ",".join(name.split(",")[:2])
    name = _BEHIND.sub("", name)
    while (shorter := _MARKER.sub("", name)) != name:
        name = shorter
    return name
