"""Reads pages of arXiv that were saved as text: listings of new papers, results of a search, pages of one paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.documents.clean import clean, shorten
from assistant.documents.fields import field_key
from assistant.documents.record import paper_or_failure
from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.types import Item

_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
_ENTRY = re.compile(
    rf"^[ \t]*(?:\d+\.[ \t]+)?(?:\[\d+\][ \t]*){{0,3}}arXiv:(?P<id>{_ID})[ \t]*(?:\([^)\n]*\)[ \t]*)?"
    r"\[{1,2}(?:\d+\])?(?:pdf|ps|html|other|src|abs)\b(?:[^\n]*?\](?P<classes>[^\]\n]*)|[^\]\n]*(?:\[\d+\][^\]\n]*)*,[ \t]*)$",
    re.M,
)
"""`[1] arXiv:2403.00004 (cross-list from cs.LG) [pdf, html, other]`; text browsers put numbers before the links."""
_SUBMITTED = re.compile(
    r"\s*\[?Submitted (?:on )?(\d{1,2} [A-Z][a-z]{2,8}),? (\d{4})\b(?:.*this version, v(\d+))?", re.S
)
_LABEL = re.compile(
    r"\s*(Title|Authors?|Abstract|Comments|Subjects|Cite as|Journal[- ]ref(?:erence)?|(?:Related )?DOI|doi(?= 10\.)"
    r"|(?:MSC|ACM)[- ]class(?:es)?|Report[- ](?:no|number))(?::|(?<=doi))[ \t]*(.*)"
)
_CLASS = re.compile(r"(?<!\S)[a-z-]+(?:\.[A-Za-z-]+)?(?!\S)(?<!doi)")
_NAMES = {"author": "authors", "relateddoi": "doi", "journalref": "journal", "journalreference": "journal"}
_BETWEEN_ENTRIES = re.compile(
    r"\s*(?:\[\d+\]|(?:new|cross|replacement) submissions\b.*|(?:cross-lists|replacements|new submissions) for .*"
    r"|\[?\s*(?:total of|showing)\b.*\bentries\b.*|\w{3}, \d{1,2} \w{3} \d{4}.*\bentries\b.*"
    r"|(?:(?:pdf|ps|html|other|src)[\],\s]*)+|view pdf|view a pdf of .*|html \(experimental\)|tex source|other formats)\s*",
    re.I,
)
_END = re.compile(r"\s*(?:Submission history|Access Paper:|Full-text links:|References|Visible links:?)\s*$")
_LINK_NUMBER = re.compile(r"\[\d+\](?=\w)")
_SHORTENED = re.compile(r".*(?:…|\.\.\.)\s*▽ More\s*(.*?)\s*(?:△ Less)?$", re.S)
"""A result of a search: the abstract's beginning, and then all of it."""


def recognizes(head: str) -> bool:
    """Whether an entry of a listing begins in the text, or the page of one paper."""
    return _ENTRY.search(head) is not None or (
        re.search(r"^[ \t]*\[Submitted on \d", head, re.M) is not None
        and re.search(r"^[ \t]*(?:Title:|Cite as:)", head, re.M) is not None
    )


@dataclass
class _Entry:
    line: int
    fields: dict[str, list[str]] = field(default_factory=dict)
    """The lines of each label's value, under the name of the field."""
    free: list[tuple[str, str]] = field(default_factory=list)
    """The lines that belong to no label's value, each after the field above it."""
    last: str = ""
    after_blank: bool = False
    size: int = 0

    def add(self, line: str) -> None:
        """Adds a line of the page."""
        self.size += len(line)
        text = clean(line)
        if not text or self.size > RECORD_LIMIT:
            self.after_blank = True
        elif match := _SUBMITTED.match(text):
            self._begin("date", f"{match[1]} {match[2]}")
            self.fields["version"] = [match[3]] if match[3] else []
        elif match := _LABEL.match(text):
            name = field_key(match[1])
            self._begin(_NAMES.get(name, name), match[2])
        elif not _BETWEEN_ENTRIES.fullmatch(text):
            if self.last and self._continues():
                self.fields[self.last].append(text)
            else:
                self.free.append((self.last, text))
            self.after_blank = False

    def _begin(self, name: str, value: str) -> None:
        self.fields[name] = [value] if value else []
        self.last, self.after_blank = name, False

    def _continues(self) -> bool:
        """Whether a line without a label continues the value above it."""
        value = self.fields[self.last]
        if self.last == "abstract" or not value:
            return True
        if self.last == "subjects":
            return not value[-1].endswith(")")
        return self.last not in ("title", "doi", "date") and not self.after_blank


def read(source: Source) -> Iterator[Item]:
    """One paper per entry; entries without an abstract, as replacements are, are counted in a notice."""
    without: list[tuple[int, str]] = []
    for entry in _entries(source):
        if isinstance(entry, int):
            yield source.failure(TOO_LONG, entry)
            continue
        record = _record(entry)
        if record["abstract"]:
            yield paper_or_failure(record, source, entry.line)
        else:
            without.append((entry.line, str(record["title"])))
    if without:
        line, title = without[0]
        yield source.notice(
            f"skipped: {len(without)} listed without an abstract, as replacements are; first: '{shorten(title)}'", line
        )


def _entries(source: Source) -> Iterator[_Entry | int]:
    """Each entry; a number stands for a line that is too long."""
    entry: _Entry | None = None
    numbered = False
    for number, line in source.lines():
        if line is None:
            yield number
            continue
        head = _ENTRY.match(line)
        if head or (entry is None and _SUBMITTED.match(line)):
            if entry:
                yield entry
            entry = _Entry(number)
            numbered = head is not None and _LINK_NUMBER.search(line, head.end("id")) is not None
        if head and entry:
            classes = head["classes"] or ""
            doi = re.search(r"\b10\.\d{4,9}/\S+", classes)
            entry.fields = {"identifier": [head["id"]], "categories": _CLASS.findall(classes)}
            entry.fields["doi"] = [doi[0]] if doi else []
        elif entry and _END.match(line):
            yield entry
            entry = None
        elif entry:
            entry.add(_LINK_NUMBER.sub("", line) if numbered else line)
    if entry:
        yield entry


def _record(entry: _Entry) -> dict[str, object]:
    values = {name: " ".join(parts) for name, parts in entry.fields.items()}
    title, authors = _title_and_authors(entry, values)
    if not title and "citeas" in values and len(shown := [text for name, text in entry.free if name == "date"]) > 2:
        # A browser copies the page of a paper without labels.
        title, authors, values["abstract"] = shown[0], shown[1], " ".join(shown[2:])
    below = [text for name, text in entry.free if name not in ("", "title")]
    abstract = values.get("abstract") or ("" if "citeas" in values else " ".join(below))
    cited = re.search(_ID, values.get("citeas", ""))
    identifier = values.get("identifier") or (cited[0] if cited else "")
    return {
        **{name: values.get(name, "") for name in ("doi", "journal", "comments", "version")},
        "title": title,
        "authors": authors,
        "abstract": match[1] if (match := _SHORTENED.match(abstract)) else abstract,
        "arxivid": identifier,
        "date": values.get("date") or _month(identifier),
        "categories": re.findall(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)", values.get("subjects", ""))
        or entry.fields.get("categories", []),
    }


def _title_and_authors(entry: _Entry, values: dict[str, str]) -> tuple[str, str]:
    """The title and the authors; in a listing, the line of the authors has no label, and a title may be wrapped."""
    # In the results of a search, the title has no label and may stand below the DOI.
    above = ("", "title") if "title" in values else ("", "doi")
    lines = [values["title"]] if "title" in values else []
    lines += [text for name, text in entry.free if name in above]
    if "authors" in values or len(lines) < 2:
        return " ".join(lines), values.get("authors", "")
    start = next((i for i, text in enumerate(lines[1:-1], 1) if "," in text), len(lines) - 1)
    return " ".join(lines[:start]), " ".join(lines[start:])


def _month(identifier: str) -> str:
    """The month in which arXiv gave the number."""
    digits = re.sub(r"\D", "", identifier)[:4]
    return f"{'19' if digits > '91' else '20'}{digits[:2]}-{digits[2:]}" if digits else ""
