"""bioRxiv and medRxiv: preprints, and preprints with the articles that they became."""

from __future__ import annotations

from assistant.documents.services.values import Record, names

MARKS = frozenset({"server", "jatsxml", "author_corresponding", "preprint_abstract", "preprint_title"})


def recognizes(record: Record) -> bool:
    """Whether it is a preprint of one of the two servers."""
    return not MARKS.isdisjoint(record)


def record(preprint: Record) -> Record:
    """Its fields."""
    if "preprint_title" in preprint:
        preprint = {name.removeprefix("preprint_"): value for name, value in preprint.items()}
    doi, version = preprint.get("doi") or preprint.get("biorxiv_doi"), str(preprint.get("version") or "")
    server = str(preprint.get("server") or preprint.get("platform") or "").lower()
    named = server in ("biorxiv", "medrxiv")
    return {
        "title": preprint.get("title"),
        "abstract": preprint.get("abstract"),
        "authors": preprint.get("authors"),
        "date": preprint.get("date"),
        "doi": doi,
        "version": version,
        "url": f"https://www.{server}.org/content/{doi}v{version}" if named and doi and version else None,
        "venue": preprint.get("published_journal"),
        "categories": names(preprint.get("category")),
        "publicationtype": preprint.get("type"),
    }
