"""OpenAlex, and the older graphs that store an abstract as the positions of its words."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from assistant.documents.services.values import Record, dig, first, items, names

MARKS = frozenset({"abstract_inverted_index", "authorships", "indexed_abstract", "IndexedAbstract"})


def recognizes(record: Record) -> bool:
    """Whether it is a work of OpenAlex, or of the Microsoft or Open Academic Graph."""
    return not MARKS.isdisjoint(record)


def record(work: Record) -> Record:
    """Its fields."""
    if "authorships" not in work and "display_name" not in work and "abstract_inverted_index" not in work:
        return _of_older_graph(work)
    location = work.get("primary_location") or work.get("host_venue")
    return {
        "title": work.get("title") or work.get("display_name"),
        "abstract": _abstract(work.get("abstract_inverted_index")) or work.get("abstract"),
        "authors": [{"name": _author(item)} for item in items(work.get("authorships"))] or work.get("authors"),
        "date": work.get("publication_date"),
        "year": work.get("publication_year"),
        "doi": work.get("doi") or dig(work, "ids.doi"),
        "pmid": dig(work, "ids.pmid"),
        "arxivid": _arxiv_pages(work),
        "url": names(
            [
                dig(location, "landing_page_url"),
                dig(work, "best_oa_location.landing_page_url"),
                dig(work, "open_access.oa_url"),
                dig(location, "url"),
            ]
        ),
        "venue": first(dig(location, "source")) or first(dig(location, "display_name")),
        "keywords": names(work.get("keywords"), "display_name", "keyword") or names(work.get("concepts")),
        "language": work.get("language"),
        "publicationtype": work.get("type"),
        "editorialstatus": "retracted" if work.get("is_retracted") is True else None,
    }


def _of_older_graph(work: Record) -> Record:
    stored = work.get("indexed_abstract") or work.get("IndexedAbstract")
    return {
        **work,
        "abstract": _abstract(stored) or work.get("abstract"),
        "venue": dig(work, "venue.raw") or work.get("venue"),
        "keywords": names(work.get("keywords")) or names(work.get("fos")),
        "publicationtype": work.get("doc_type"),
    }


def _abstract(index: object) -> str | None:
    """The words of an inverted index, which maps each word to its positions, in their order."""
    if isinstance(index, str):
        stored = index
        try:
            index = orjson.loads(stored)
        except orjson.JSONDecodeError:
            return stored  # some tools store the rebuilt text under the name of the index
    if not isinstance(index, Mapping):
        return None
    inner = index.get("InvertedIndex")
    placed = [
        (position, str(word))
        for word, positions in (inner if isinstance(inner, Mapping) else index).items()
        for position in (positions if isinstance(positions, list) else [])
        if isinstance(position, int)
    ]
    return " ".join(word for _, word in sorted(placed)) or None


def _author(authorship: Record) -> str | None:
    return first(authorship.get("author")) or first(authorship.get("raw_author_name"))


def _arxiv_pages(work: Record) -> list[str]:
    """The addresses of copies on arXiv, which name its id."""
    pages = [dig(work, "ids.arxiv"), dig(work, "primary_location.landing_page_url")]
    pages += [place.get("landing_page_url") for place in items(work.get("locations"))]
    return [page for page in names(pages) if "arxiv" in page.lower()]
