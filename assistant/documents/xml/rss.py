"""RSS 2.0 and RSS 1.0: the feeds of arXiv, bioRxiv, PubMed and journals."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from assistant.documents.xml import feed_text
from assistant.documents.xml.elements import find, find_all, markup

_DESCRIPTIONS = ("content-encoded", "dc-description", "description", "abstract", "summary")


def item(element: Element) -> dict[str, object]:
    """The fields of an `item`."""
    title = feed_text.without_issue(markup(element.find("title")) or markup(element.find("dc-title")))
    descriptions = [markup(child) for name in _DESCRIPTIONS if (child := element.find(name)) is not None]
    links = [find(element, "link"), find(element, "prism-url"), find(element, "guid"), element.get("about", "")]
    named = [*find_all(element, "prism-doi"), *find_all(element, "dc-identifier"), *links[2:], *links[:2]]
    arxiv = feed_text.arxiv_ids([links[2], links[0], links[3]], markup(element.find("description")))
    subjects = [*find_all(element, "category"), *find_all(element, "dc-subject"), *find_all(element, "keyword")]
    section = find(element, "prism-section", "dc-type")
    creators = find_all(element, "dc-creator") or [_person(name) for name in find_all(element, "author")]
    return {
        "title": title,
        "abstract": feed_text.longest_abstract(descriptions, " ".join(title.split())),
        "authors": feed_text.authors(creators, bool(arxiv)),
        "date": find(
            element, "prism-publicationDate", "prism-coverDate", "dc-date", "pubDate", "prism-coverDisplayDate"
        ),
        "doi": feed_text.doi(named),
        "pmid": feed_text.pmid(named),
        "id": arxiv,
        "version": feed_text.preprint_version(links),
        "url": links,
        "venue": find(element, "prism-publicationName") or _journal(find(element, "dc-source")),
        "categories" if arxiv else "keywords": [name for name in subjects if name != section],
        "language": find(element, "dc-language"),
        "publicationtype": section,
    }


def _person(author: str) -> str:
    """RSS asks for `jane@example.org (Jane Doe)`; many feeds write the name alone."""
    match = re.fullmatch(r"\S+@\S+\s+\((.+)\)", author)
    return match[1] if match else author


def _journal(source: str) -> str:
    """The journal in `Nature, Published online: 2024-05-08; | doi:…`."""
    return re.split(r",\s*(?:published|vol|issue|\d)", source, maxsplit=1, flags=re.I)[0]
