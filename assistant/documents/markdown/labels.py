"""Finds the labels that Markdown writes in front of a field: `**Authors:** …`, `year:: 2024`, or `Abstract` alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.documents.fields import field_key

_FIELDS = {
    "title": "title papertitle originaltitle",
    "abstract": "abstract abstracttext paperabstract",
    "summary": "summary",
    "authors": "author authors firstauthor by",
    "date": "date published publicationdate publisheddate publishdate publishedon submitted",
    "year": "year",
    "journal": "journal venue conference publication publicationtitle publishedin booktitle",
    "doi": "doi",
    "arxivid": "arxiv arxivid arxivlink eprint",
    "url": "url link links pdf pdflink paper paperlink paperurl source",
    "keywords": "keywords tags topics keyword",
    "categories": "subjects categories category",
    "citekey": "citekey citationkey bibtexkey",
    "publicationtype": "itemtype type",
    "zotero": "zoterolink zoterolinks zotero selectlink zoteroselect",
}
FIELD_OF_LABEL = {label: name for name, labels in _FIELDS.items() for label in labels.split()}
"""The field of a label, which is written as `field_key` gives it."""
_LABEL = re.compile(r"\W{0,3}(\w[\w /-]{0,24}?)\W{0,3}?\s*::?(?!//)[*_]*\s*(.*)", re.S)
_ALONE = re.compile(r"\W{0,3}(\w[\w ]{0,20})\W{0,3}")
_SEVERAL = re.compile(r"\s+\|\s+(?=[A-Z][\w ]{1,20}:)|\n")


def label_of(text: str) -> tuple[str, str] | None:
    """The field that a line gives, and its value; None for a line without a label that is known."""
    match = _LABEL.match(text)
    if match and (name := FIELD_OF_LABEL.get(field_key(match[1]))):
        return name, match[2].strip()
    match = _ALONE.fullmatch(text)
    return ("abstract", "") if match and field_key(match[1]) == "abstract" else None


def labelled(text: str) -> Iterator[tuple[str, str]]:
    """The fields in a text of several lines; lines without a label continue the one before, or stand under `""`."""
    name, parts = "", list[str]()
    for line in _SEVERAL.split(text):
        if found := label_of(line):
            if parts or name:
                yield name, " ".join(parts).strip()
            name, parts = found[0], [found[1]]
        elif line.strip():
            if name not in ("", "abstract", "summary") and not line.startswith((" ", "\t")) and parts != [""]:
                yield name, " ".join(parts).strip()
                name, parts = "", []
            parts.append(line.strip())
    if parts or name:
        yield name, " ".join(parts).strip()


def merge(record: dict[str, object], fields: Iterable[tuple[str, str]]) -> None:
    """Adds the fields that the record does not have yet."""
    for name, value in fields:
        if name and value and not record.get(name):
            record[name] = _tidied(name, value)


def _tidied(name: str, value: str) -> object:
    """The value without the marks that only Markdown notes and arXiv's lists have."""
    if name == "keywords":
        tags = re.findall(r"#([\w/-]+)", value)
        return tags if len(tags) > 1 and "," not in value else re.sub(r"#(?=\w)", "", value)
    if name == "categories":
        return re.findall(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)", value) or value
    return value.lstrip("@") if name == "citekey" else value
