"""Crossref's unixref and unixsd."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from assistant.documents.xml.elements import find, find_all, markup
from assistant.documents.xml.jats import sections

_WORKS = (
    "journal_article",
    "conference_paper",
    "posted_content",
    "content_item",
    "book_metadata",
    "dissertation",
    "report-paper_metadata",
)
_DATES = ("publication_date", "posted_date", "approval_date")
_CONTAINERS = ("journal_metadata/full_title", "proceedings_metadata/proceedings_title", "book_metadata/titles/title")


def record(element: Element) -> dict[str, object]:
    """The fields of a `doi_record`: of its work, and of what contains it."""
    work = next((found for name in _WORKS if (found := next(element.iter(name), None)) is not None), element)
    abstract = next(work.iter("abstract"), None)
    date = next((found for name in _DATES if (found := next(work.iter(name), None)) is not None), None)
    subtitle = markup(work.find("titles/subtitle"))
    title = markup(work.find("titles/title"))
    venue = next((text for path in _CONTAINERS if (text := find(element, f".//{path}"))), "")
    return {
        "title": f"{title}: {subtitle}" if subtitle.strip() else title,
        "abstract": sections(abstract) if abstract is not None else "",
        "authors": [
            _name(child)
            for child in work.iterfind("contributors/*")
            if child.get("contributor_role", "author") == "author"
        ],
        "date": "-".join(find_all(date, "year")[:1] + find_all(date, "month")[:1] + find_all(date, "day")[:1])
        if date is not None
        else "",
        "doi": find(work, "doi_data/doi"),
        "url": find(work, "doi_data/resource"),
        "venue": venue if venue != title.strip() else None,
        "language": work.get("language"),
        "publicationtype": work.tag.replace("_", "-"),
    }


def _name(element: Element) -> object:
    if element.tag == "organization":
        return find(element, ".")
    return [find(element, "surname"), find(element, "given_name"), find(element, "suffix")]
