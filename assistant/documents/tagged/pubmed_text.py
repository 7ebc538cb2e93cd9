"""Reads PubMed's "Abstract (text)" files: numbered records of paragraphs, most of which have no label.

The order tells them apart: the citation, the title, the authors, the abstract, and the identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.documents.record import paper_or_failure
from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.documents.tagged.values import date, dois, split
from assistant.types import Failure, Item

_NUMBERED = re.compile(r"\ufeff?(\d{1,6})[.:] (?=\S)")
_CITATION = re.compile(r"(.+?)\.\s+((?:1[89]|20)\d\d(?: [A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?(?: \d{1,2})?)?)\b")
_PMID = re.compile(r"^(?:PubMed )?PMID:\s*(\d{1,9})", re.M)
_KEYWORDS = re.compile(r"key ?words?:\s*", re.I)
_STATUS = {"retraction in": "retracted", "retraction of": "retraction notice", "expression of concern in": "concern"}
_ASIDE = re.compile(
    r"(?:author information|collaborators|comment (?:in|on)|erratum (?:in|for)|corrected and republished|update (?:in|of)|"
    r"republished|retraction (?:in|of)|expression of concern|original report|summary for patients|\[article in|\[indexed|"
    r"publisher:|key ?words?:|copyright|©|\(c\) \d{4}|free (?:pmc )?article)",
    re.I,
)
_END = re.compile(r"(?:doi|pmcid|pmid|pubmed pmid|conflict of interest statement):", re.I)
_NAME = re.compile(r"[^\W\d_][^\d,;:()]{0,40} [^\W\d_a-zß-ÿ]{1,4}(?: (?:Jr|Sr|\d\w\w|I{2,3}))?\s*(?:\([^()]*\))*[.;]?")


@dataclass(slots=True)
class _Record:
    line: int
    number: int
    paragraphs: list[list[str]] = field(default_factory=list)
    size: int = 0


def recognizes(head: str) -> bool:
    """Whether the text begins with a numbered citation and names PubMed's number of a paper."""
    first = head.split("\n\n", 1)[0]
    return bool(
        _NUMBERED.match(first) and re.search(r"\b(?:1[89]|20)\d\d\b", first) and re.search(r"\bPMID: ?\d", head)
    )


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per record."""
    record: _Record | None = None
    blank = True
    for number, line in source.lines():
        if line is None:
            yield source.failure(TOO_LONG, number)
            continue
        text = line.rstrip()
        if not text:
            blank = True
            continue
        if blank and (found := _begins(text, record)):
            if record:
                yield _item(source, record)
            record = _Record(number, found)
        if record:
            record.size += len(line)
        if record and record.size <= RECORD_LIMIT:
            if blank or not record.paragraphs:
                record.paragraphs.append([])
            record.paragraphs[-1].append(text)
        blank = False
    if record:
        yield _item(source, record)


def _begins(line: str, record: _Record | None) -> int:
    """The number of the record that a line begins, or 0: an abstract may hold numbered paragraphs."""
    match = _NUMBERED.match(line)
    if not match or (record and int(match[1]) <= record.number):
        return 0
    ended = record is None or any(_END.match(paragraph[0]) for paragraph in record.paragraphs)
    return int(match[1]) if ended or _CITATION.match(line, match.end()) else 0


def _item(source: Source, record: _Record) -> Item:
    if record.size > RECORD_LIMIT:
        return Failure(source.label, record.line, TOO_LONG)
    return paper_or_failure(_fields(record), source, record.line)


def _fields(record: _Record) -> dict[str, object]:
    texts = [" ".join(line.strip() for line in lines) for lines in record.paragraphs]
    whole = "\n".join(line.strip() for lines in record.paragraphs for line in lines)
    citation = _NUMBERED.sub("", texts[0], count=1)
    journal = _CITATION.match(citation)
    body = _body(texts[1:])
    # Short lists hold the whole reference in one paragraph, which then stands for the title.
    title = body.pop(0) if body else citation
    authors = _authors(body.pop(0)) if body and _is_authors(body[0]) else []
    pmid = _PMID.search(whole) or re.search(r"\bPMID: ?(\d+)", whole)
    keywords = next((_KEYWORDS.sub("", text, count=1) for text in texts if _KEYWORDS.match(text)), "")
    return {
        "title": title,
        "abstract": " ".join(body),
        "authors": authors,
        "journal": journal[1] if journal else None,
        "date": date([journal[2]]) if journal else None,
        "doi": dois([whole]),
        "pmid": pmid[1] if pmid else None,
        "keywords": split([keywords.rstrip(".")]),
        "editorialstatus": next(
            (status for text in texts for words, status in _STATUS.items() if text.lower().startswith(words)), None
        ),
    }


def _body(texts: list[str]) -> list[str]:
    """The paragraphs of title, authors and abstract."""
    end = next((i for i, text in enumerate(texts) if _END.match(text)), len(texts))
    return [text for text in texts[:end] if not _ASIDE.match(text)]


def _is_authors(text: str) -> bool:
    parts = [part.strip() for part in re.split(r"[,;](?![^()]*\))", text) if part.strip()]
    return sum(_NAME.fullmatch(part) is not None for part in parts) * 2 > len(parts)


def _authors(text: str) -> list[str]:
    bare = re.sub(r"\([^()]*\)", "", text)
    return [name for part in re.split(r"[,;]", bare) if (name := part.strip().rstrip("."))]
