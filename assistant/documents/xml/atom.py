"""Atom: arXiv's API and feeds, and the feeds and APIs of publishers."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from assistant.documents.xml import feed_text
from assistant.documents.xml.elements import find, find_all, markup
from assistant.errors import DocumentError


def entry(element: Element) -> dict[str, object]:
    """The fields of an `entry`. Raises DocumentError, with the reason, for an error that arXiv's API reports as an entry."""
    identifier = find(element, "id", "dc-identifier")
    if "/api/errors" in identifier or find(element, "author/name") == "arXiv api core":
        reason = find(element, "summary") or "no reason given"
        raise DocumentError(
            f"arXiv's API reports an error, not a paper: {reason}; correct the query and save its answer"
        )
    title = markup(element.find("title")) or markup(element.find("dc-title"))
    descriptions = [
        markup(found) for found in map(element.find, ("summary", "dc-description", "content")) if found is not None
    ]
    links = _links(element)
    arxiv = feed_text.arxiv_ids([identifier, *links], markup(element.find("summary")))
    creators = (
        find_all(element, "author/name") or find_all(element, "author/authname") or find_all(element, "dc-creator")
    )
    terms = [term for child in element.iterfind("category") if (term := child.get("term") or child.get("label"))]
    return {
        "title": title,
        "abstract": next((text for html in descriptions if (text := feed_text.abstract(html, title))), ""),
        "authors": feed_text.authors(creators, bool(arxiv)),
        "date": find(element, "published", "prism-coverDate", "prism-publicationDate", "dc-date", "updated"),
        "doi": feed_text.doi(
            [find(element, "arxiv-doi", "prism-doi", "doi"), find(element, "dc-identifier"), identifier, *links]
        ),
        "pmid": find(element, "pubmed-id") or feed_text.pmid([identifier, *links]),
        "id": arxiv,
        "url": [*links, identifier],
        "venue": find(element, "arxiv-journal_ref", "prism-publicationName", "dc-source"),
        "categories" if arxiv else "keywords": _primary_first(element, terms),
        "comments": find(element, "arxiv-comment"),
        "language": find(element, "dc-language"),
        "publicationtype": find(element, "subtypeDescription", "prism-aggregationType", "dc-type"),
    }


def _primary_first(element: Element, terms: list[str]) -> list[str]:
    primary = element.find("arxiv-primary_category")
    first = primary.get("term") if primary is not None else None
    return list(dict.fromkeys([first, *terms])) if first else terms


def _links(element: Element) -> list[str]:
    """The addresses of the entry, that of its page first."""
    links = [child for child in element.iterfind("link") if child.get("href")]
    ranked = sorted(
        links, key=lambda link: (link.get("rel", "alternate") != "alternate", "pdf" in link.get("type", ""))
    )
    return [
        link.get("href", "")
        for link in ranked
        if (link.get("rel") or link.get("ref")) not in ("self", "license", "replies")
    ]
