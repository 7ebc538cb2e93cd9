"""JATS and the older NLM format: the articles of PubMed Central, bioRxiv and most journals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from assistant.documents.status import NOTICE, RETRACTED
from assistant.documents.xml.elements import find, find_all, markup
from assistant.documents.xml.plain import record

_DROPPED = ("xref", "fn", "label", "object-id", "graphic")
_OTHER_ABSTRACTS = re.compile("graphic|teaser|toc|key|highlight|precis|plain|lay|summary|editor|digest|video|web", re.I)
_HEADING = re.compile(r"\W*(?:abstract|summary)\W*", re.I)
_DATES = ("epub", "pub", "ppub", "epub-ppub", "collection", "preprint", "posted")
"""Kinds of dates in the order of preference: online first."""
_NOTICES = ("retraction", "partial-retraction", "removal")


def article(element: Element) -> dict[str, object]:
    """The fields of an `article`: from its front matter, or from elements named like fields where it has none."""
    front = element.find("front")
    meta = front.find("article-meta") if front is not None else element.find("article-meta")
    if meta is None:
        return record(element)
    journal = "journal-meta/journal-title-group/journal-title", "journal-meta/journal-title"
    return {
        "title": _title(meta),
        "abstract": _abstract(meta),
        "authors": [_person(contributor) for contributor in _authors(meta)],
        "date": _date(meta),
        "doi": find(meta, "article-id[@pub-id-type='doi']"),
        "pmid": find(meta, "article-id[@pub-id-type='pmid']"),
        "arxivid": find(meta, "article-id[@pub-id-type='arxiv']"),
        "url": [link.get("href", "") for link in meta.iterfind("self-uri")],
        "venue": find(front if front is not None else element, *journal, "journal-meta/journal-id"),
        "keywords": _keywords(meta),
        "language": element.get("lang"),
        "publicationtype": element.get("article-type"),
        "editorialstatus": _status(element, meta),
    }


def _title(meta: Element) -> str:
    title = markup(meta.find("title-group/article-title"), _DROPPED)
    subtitle = markup(meta.find("title-group/subtitle"), _DROPPED)
    return f"{title.rstrip().removesuffix(':')}: {subtitle}" if title and subtitle.strip() else title or subtitle


def _abstract(meta: Element) -> str:
    """The abstract for readers of the field; teasers, summaries in plain words and translations only without it."""
    found = [*meta.findall("abstract"), *meta.findall("trans-abstract")]
    real = [child for child in found if not _OTHER_ABSTRACTS.search(child.get("abstract-type", ""))]
    texts = (sections(child) for child in real or found)
    return next((text for text in texts if text.strip()), "")


def sections(element: Element) -> str:
    """The paragraphs, those of a section behind its heading."""
    return " ".join(part for part in _sections(element) if part.strip()) if len(element) else element.text or ""


def _sections(element: Element) -> Iterator[str]:
    heading = markup(element.find("title"), _DROPPED).strip()
    shown = "" if _HEADING.fullmatch(heading) else heading
    for child in element:
        if child.tag in ("sec", "p") or child.tag not in ("title", *_DROPPED):
            text = " ".join(_sections(child)) if child.tag == "sec" else markup(child, _DROPPED)
            if shown and text.strip():
                text, shown = f"{shown.rstrip(':.')}: {text.strip()}", ""
            yield text


def _authors(meta: Element) -> list[Element]:
    found = [child for group in meta.iterfind("contrib-group") for child in group.iterfind("contrib")]
    return [child for child in found if child.get("contrib-type", "author") == "author"]


def _person(contributor: Element) -> object:
    person = next(
        (p for path in ("name", "name-alternatives/name", "string-name") if (p := contributor.find(path)) is not None),
        None,
    )
    if person is None:
        return find(contributor, "collab/institution", "collab/named-content", "collab", "string-name", "on-behalf-of")
    parts = [find(person, "surname"), find(person, "given-names"), find(person, "suffix")]
    return parts if any(parts) else find(person, ".")


def _date(meta: Element) -> str:
    dates = {child.get("pub-type") or child.get("date-type") or "pub": child for child in meta.iterfind("pub-date")}
    ranked = [dates[kind] for kind in _DATES if kind in dates] or list(dates.values())
    found = [
        child.get("iso-8601-date")
        or " ".join(find(child, name) for name in ("year", "month", "day") if find(child, name))
        for child in ranked
    ]
    return next((re.sub(r"^(\d{4}) (\d\d?)(?: (\d\d?))?$", _dashed, text) for text in found if text), "")


def _dashed(match: re.Match[str]) -> str:
    return "-".join(part for part in match.groups() if part)


def _keywords(meta: Element) -> list[str]:
    groups = [group for group in meta.iterfind("kwd-group") if "mesh" not in group.get("kwd-group-type", "").lower()]
    return [word for group in groups for word in find_all(group, ".//kwd")]


def _status(element: Element, meta: Element) -> str | None:
    if element.get("article-type") in _NOTICES:
        return NOTICE
    related = {child.get("related-article-type") for child in meta.iterfind("related-article")}
    return RETRACTED if related & {"retraction-forward", "retracted-by"} else None
