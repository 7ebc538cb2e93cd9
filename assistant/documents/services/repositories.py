"""Records that keep what they hold under `metadata`: Zenodo and its kin, and INSPIRE-HEP."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.documents.services.values import Record, dig, first, items, names

MARKS = frozenset({"metadata", "abstracts", "texkeys", "arxiv_eprints"})


def recognizes(record: Record) -> bool:
    """Whether it is a record of one of them."""
    inner = record.get("metadata")
    held = inner if isinstance(inner, Mapping) else record
    return ("titles" in held and "abstracts" in held) or "arxiv_eprints" in held or _is_deposit(record)


def record(stored: Record) -> Record:
    """Its fields."""
    inner = stored.get("metadata")
    held = inner if isinstance(inner, Mapping) else stored
    return _of_deposit(stored, held) if _is_deposit(stored) else _of_inspire(held)


def _is_deposit(record: Record) -> bool:
    inner = record.get("metadata")
    return isinstance(inner, Mapping) and "title" in inner and ("creators" in inner or "description" in inner)


def _of_deposit(stored: Record, held: Record) -> Record:
    people = [dig(creator, "person_or_org") or creator for creator in items(held.get("creators"))]
    return {
        "title": held.get("title"),
        "abstract": held.get("abstract") or held.get("description"),
        "authors": people,
        "date": held.get("publication_date"),
        "doi": stored.get("doi") or held.get("doi") or dig(stored, "pids.doi.identifier"),
        "url": names([dig(stored, "links.self_html"), dig(stored, "links.html")]),
        "venue": first(dig(held, "journal.title")) or first(dig(held, "meeting.title")),
        "keywords": names(held.get("keywords") or held.get("subjects")),
        "language": first(held.get("language")) or first(held.get("languages"), "id"),
        "version": held.get("version"),
        "publicationtype": first(held.get("resource_type"), "title", "type", "id"),
    }


def _of_inspire(held: Record) -> Record:
    eprint = dig(held, "arxiv_eprints")
    number = held.get("control_number")
    return {
        "title": first(held.get("titles")),
        "abstract": first(held.get("abstracts")),
        "authors": [first(author, "full_name") for author in items(held.get("authors"))]
        or [{"name": name} for name in names(held.get("collaborations"))],
        "date": held.get("earliest_date") or held.get("preprint_date") or held.get("imprints"),
        "year": dig(held, "publication_info.year"),
        "doi": first(held.get("dois")),
        "arxivid": dig(eprint, "value"),
        "url": f"https://inspirehep.net/literature/{number}" if number else None,
        "venue": dig(held, "publication_info.journal_title"),
        "categories": names(dig(eprint, "categories")),
        "keywords": names(held.get("keywords")),
        "language": first(held.get("languages")),
        "citekey": first(held.get("texkeys")),
        "publicationtype": names(held.get("document_type")),
        "editorialstatus": "withdrawn" if held.get("withdrawn") is True else None,
    }
