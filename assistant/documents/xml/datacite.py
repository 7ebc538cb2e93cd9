"""DataCite's metadata."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from assistant.documents.xml.elements import find, find_all, markup


def resource(element: Element) -> dict[str, object]:
    """The fields of a `resource`."""
    titles = [child for child in element.iterfind("titles/title") if not child.get("titleType")] or element.findall(
        "titles/title"
    )
    abstracts = [
        child for child in element.iterfind("descriptions/description") if child.get("descriptionType") == "Abstract"
    ]
    kind = element.find("resourceType")
    issued = find(element, "dates/date[@dateType='Issued']", "dates/date[@dateType='Submitted']")
    return {
        "title": markup(titles[0]) if titles else "",
        "abstract": " ".join(markup(child) for child in abstracts),
        "authors": [_name(child) for child in element.iterfind("creators/creator")],
        "date": issued or find(element, "publicationYear"),
        "doi": find(element, "identifier[@identifierType='DOI']"),
        "id": find_all(element, "alternateIdentifiers/alternateIdentifier"),
        "venue": find(element, "relatedItems/relatedItem/titles/title"),
        "keywords": find_all(element, "subjects/subject"),
        "language": find(element, "language"),
        "publicationtype": find(element, "resourceType")
        or (kind.get("resourceTypeGeneral") if kind is not None else None),
    }


def _name(creator: Element) -> object:
    parts = [find(creator, "familyName"), find(creator, "givenName")]
    return parts if all(parts) else find(creator, "creatorName")
