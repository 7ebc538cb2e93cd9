"""DataCite, and other services that speak JSON:API, such as OSF Preprints."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.documents.services.values import Record, dig, first, identifier, items, names

MARKS = frozenset({"attributes", "creators", "descriptions", "titles"})


def recognizes(record: Record) -> bool:
    """Whether it is a resource of JSON:API or the attributes of a work of DataCite."""
    return isinstance(record.get("attributes"), Mapping) or ("titles" in record and "creators" in record)


def record(resource: Record) -> Record:
    """Its fields."""
    inner = resource.get("attributes")
    work = inner if isinstance(inner, Mapping) else resource
    if "titles" not in work:
        return {
            "abstract": work.get("description"),
            **work,
            "keywords": names(work.get("tags") or work.get("keywords")),
        }
    return {
        "title": first(work.get("titles"), "title"),
        "abstract": _abstract(work),
        "authors": work.get("creators"),
        "date": identifier(work.get("dates"), "issued", "dateType", "date"),
        "year": work.get("publicationYear"),
        "doi": work.get("doi") or identifier(work.get("identifiers"), "doi", "identifierType", "identifier"),
        "url": names(work.get("url")),
        "venue": first(dig(work, "container.title")),
        "keywords": names(work.get("subjects")),
        "language": work.get("language"),
        "version": work.get("version"),
        "publicationtype": dig(work, "types.resourceTypeGeneral") or dig(work, "types.resourceType"),
    }


def _abstract(work: Record) -> str | None:
    described = items(work.get("descriptions"))
    abstracts = [item for item in described if str(item.get("descriptionType", "abstract")).lower() == "abstract"]
    return " ".join(names(abstracts[:1], "description")) or None
