"""EndNote's XML, which Zotero, Mendeley and JabRef also write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from assistant.documents.xml.elements import find, find_all

_RAISED = {"superscript": "sup", "subscript": "sub"}


def record(element: Element) -> dict[str, object]:
    """The fields of a `record`."""
    kind = element.find("ref-type")
    accession = find(element, "accession-num")
    database = find(element, "remote-database-name")
    return {
        "title": _styled(element.find("titles/title")),
        "abstract": _styled(element.find("abstract")),
        "authors": [_name(text) for text in find_all(element, "contributors/authors/author")],
        "date": _date(find(element, "dates/year"), find(element, "dates/pub-dates/date")),
        "doi": find(element, "electronic-resource-num", "doi"),
        "pmid": accession if re.search("pubmed|medline|nlm", database, re.I) or not database else "",
        "id": [find(element, "electronic-resource-num"), *find_all(element, "urls//url"), find(element, "notes")],
        "url": [
            *find_all(element, "urls/web-urls/url"),
            *find_all(element, "urls/related-urls/url"),
            find(element, "urls"),
        ],
        "venue": find(
            element, "titles/secondary-title", "periodical/full-title", "titles/alt-title", "periodical/abbr-1"
        ),
        "keywords": [word for text in _lines(element, "keywords/keyword") for word in text],
        "language": find(element, "language"),
        "citekey": find(element, "label"),
        "publicationtype": kind.get("name") if kind is not None else None,
    }


def _styled(element: Element | None) -> str:
    """The text of the runs, joined; superscripts and subscripts as tags."""
    if element is None:
        return ""
    if not any(run.get("face") in _RAISED for run in element.iter("style")):
        return "".join(element.itertext())
    return "".join(_runs(element))


def _runs(element: Element) -> Iterator[str]:
    yield escape(element.text or "")
    for run in element:
        tag = _RAISED.get(run.get("face", ""))
        yield f"<{tag}>{escape(''.join(run.itertext()))}</{tag}>" if tag else escape("".join(run.itertext()))
        yield escape(run.tail or "")


def _name(text: str) -> object:
    """`Last, First` or `Last, First, Jr`; an organisation ends with a comma."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 3 and parts[2]:
        return parts
    return text.rstrip(", ")


def _date(year: str, day: str) -> str:
    """The date of publication; EndNote keeps the year apart from, say, `May 7`."""
    return day if re.search(r"\b[12]\d{3}\b", day) or not year else f"{day} {year}".strip()


def _lines(element: Element, path: str) -> Iterator[list[str]]:
    """The lines of each text: EndNote puts keywords that were pasted together into one element."""
    for child in element.iterfind(path):
        lines = re.split(r"[\r\n;]+", "".join(child.itertext()))
        yield [line for line in (" ".join(line.split()) for line in lines) if line]
