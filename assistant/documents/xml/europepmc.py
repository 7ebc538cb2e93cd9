"""Europe PMC's search results."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from assistant.documents.status import RETRACTED
from assistant.documents.xml.elements import find, find_all, markup


def result(element: Element) -> dict[str, object]:
    """The fields of a `result`."""
    listed = [
        find(author, "collectiveName") or [find(author, "lastName"), find(author, "firstName", "initials")]
        if author.find("lastName") is not None
        else find(author, "collectiveName", "fullName")
        for author in element.iterfind("authorList/author")
    ]
    types = find_all(element, "pubTypeList/pubType") or find_all(element, "pubType")
    corrections = find_all(element, "commentCorrectionList/commentCorrection/type")
    retracted = "Retraction in" in corrections or any(kind.lower() == "retracted publication" for kind in types)
    source, identifier = find(element, "source"), find(element, "id")
    return {
        "title": markup(element.find("title")),
        "abstract": markup(element.find("abstractText")),
        "authors": listed or find(element, "authorString").rstrip(".").split(", "),
        "date": find(element, "firstPublicationDate", "journalInfo/printPublicationDate", "pubYear"),
        "doi": find(element, "doi"),
        "pmid": find(element, "pmid"),
        "url": f"https://europepmc.org/article/{source}/{identifier}" if source and identifier else "",
        "venue": find(element, "journalInfo/journal/title", "journalTitle", "bookOrReportDetails/publisher"),
        "keywords": find_all(element, "keywordList/keyword"),
        "language": find(element, "language"),
        "version": find(element, "versionNumber"),
        "publicationtype": types,
        "editorialstatus": RETRACTED if retracted else None,
    }
