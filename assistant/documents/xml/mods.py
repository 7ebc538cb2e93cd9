"""MODS, as Zotero, JabRef, bibutils and libraries write it."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from assistant.documents.xml.elements import find, find_all, markup


def record(element: Element) -> dict[str, object]:
    """The fields of a `mods`."""
    host = element.find("relatedItem[@type='host']")
    dates = ("originInfo/dateIssued", "part/date", "originInfo/dateCreated", "originInfo/copyrightDate")
    of_host = find(host, *dates) if host is not None else ""
    return {
        "title": _title(element),
        "abstract": max((markup(child) for child in element.iterfind("abstract")), key=len, default=""),
        "authors": [_name(child) for child in element.iterfind("name") if _is_author(child)],
        "date": find(element, *dates) or of_host,
        "doi": find(element, "identifier[@type='doi']"),
        "pmid": find(element, "identifier[@type='pmid']", "identifier[@type='pubmed']"),
        "arxivid": find(element, "identifier[@type='arxiv']"),
        "url": [*find_all(element, "location/url"), find(element, "identifier[@type='uri']")],
        "venue": _title(host) if host is not None else None,
        "keywords": find_all(element, "subject/topic"),
        "language": find(element, "language/languageTerm", "language"),
        "citekey": element.get("ID") or find(element, "identifier[@type='citekey']"),
        "publicationtype": find(element, "genre"),
    }


def _title(element: Element) -> str:
    found = [child for child in element.iterfind("titleInfo") if child.get("type") is None] or element.findall(
        "titleInfo"
    )
    if not found:
        return ""
    parts = [markup(found[0].find(name)).strip() for name in ("nonSort", "title", "subTitle")]
    main = " ".join(part for part in parts[:2] if part)
    return f"{main.removesuffix(':')}: {parts[2]}" if parts[2] else main


def _is_author(name: Element) -> bool:
    roles = {role.lower() for role in find_all(name, "role/roleTerm")}
    return not roles or bool(roles & {"author", "aut", "creator", "cre"})


def _name(element: Element) -> object:
    parts = {part.get("type", ""): part for part in element.iterfind("namePart")}
    given = " ".join(find_all(element, "namePart[@type='given']"))
    if "family" in parts:
        return [find(parts["family"], "."), given, find(element, "namePart[@type='termsOfAddress']")]
    return " ".join(find_all(element, "namePart"))
