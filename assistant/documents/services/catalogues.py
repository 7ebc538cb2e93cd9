"""Catalogues whose records differ from plain ones in a few fields: Lens, Dimensions, CORE, DOAJ, DBLP, OpenAIRE, Mendeley."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.documents.services.values import Record, dig, first, identifier, items, names

MARKS = frozenset({
    "lens_id", "external_ids", "identifiers", "ids", "bibjson", "info", "mainTitle", "yearPublished", "documentType",
    "fieldOfStudy", "outputs", "category_for", "first_page_text", "arxivId", "pubmedId",
})  # fmt: skip


def recognizes(record: Record) -> bool:
    """Whether it is a record of one of them."""
    return not MARKS.isdisjoint(record)


def record(entry: Record) -> Record:
    """Its fields."""
    if isinstance(inner := entry.get("bibjson"), Mapping):
        return _of_doaj(inner)
    if isinstance(inner := entry.get("info"), Mapping) and "title" in inner:
        return {**inner, "authors": names(dig(inner, "authors.author"), "text"), "url": names(inner.get("ee"))}
    return _of_openaire(entry) if "mainTitle" in entry else _of_index(entry)


def _of_index(entry: Record) -> Record:
    ids = entry.get("identifiers") or entry.get("ids")
    known = ids if isinstance(ids, Mapping) else {}
    listed = entry.get("external_ids") or ids
    return {
        **entry,
        "abstract": entry.get("abstract") or entry.get("description"),
        "doi": entry.get("doi") or known.get("doi") or identifier(listed, "doi"),
        "pmid": entry.get("pmid") or entry.get("pubmedId") or known.get("pmid") or identifier(listed, "pmid"),
        "arxivid": entry.get("arxivId") or entry.get("arxiv_id") or known.get("arxiv") or identifier(listed, "arxiv"),
        "date": entry.get("date_published") or entry.get("publishedDate") or entry.get("date"),
        "year": entry.get("yearPublished") or entry.get("year_published") or entry.get("year"),
        "venue": first([entry.get("journal"), entry.get("source"), entry.get("journals"), entry.get("venue")]),
        "url": names(entry.get("url")) or names(entry.get("sourceFulltextUrls")) or _pages(entry),
        "categories": names(entry.get("fields_of_study")) or names(entry.get("category_for")) or _field(entry),
        "keywords": names(entry.get("keywords")) or names(entry.get("tags")) or names(entry.get("concepts"), "concept"),
        "language": first(entry.get("language"), "code", "name") or first(entry.get("languages")),
        "publicationtype": first(
            [entry.get("publication_type"), entry.get("documentType"), entry.get("document_type"), entry.get("type")]
        ),
    }


def _pages(entry: Record) -> list[str]:
    display = [link.get("url") for link in items(entry.get("links")) if link.get("type") in ("display", "reader")]
    return names([*display, *names(entry.get("source_urls"), "url"), entry.get("downloadUrl"), entry.get("link")])


def _field(entry: Record) -> list[str]:
    return names(entry.get("fieldOfStudy"))


def _of_doaj(article: Record) -> Record:
    return {
        "title": article.get("title"),
        "abstract": article.get("abstract"),
        "authors": article.get("author"),
        "date": "-".join(names([str(article.get("year") or ""), str(article.get("month") or "").zfill(2)])),
        "year": article.get("year"),
        "doi": identifier(article.get("identifier"), "doi", "type", "id"),
        "url": names(article.get("link"), "url"),
        "venue": dig(article, "journal.title"),
        "keywords": names(article.get("keywords")),
        "categories": names(article.get("subject"), "term"),
        "language": first(dig(article, "journal.language")),
    }


def _of_openaire(product: Record) -> Record:
    ids = product.get("pids")
    return {
        "title": product.get("mainTitle"),
        "abstract": first(product.get("descriptions")),
        "authors": product.get("authors"),
        "date": product.get("publicationDate"),
        "doi": identifier(ids, "doi", "scheme"),
        "pmid": identifier(ids, "pmid", "scheme"),
        "arxivid": identifier(ids, "arxiv", "scheme"),
        "url": names(dig(product, "instances.urls")),
        "venue": dig(product, "container.name"),
        "keywords": names(dig(product, "subjects.subject")),
        "language": first(product.get("language"), "code"),
        "publicationtype": first(product.get("type")),
    }
