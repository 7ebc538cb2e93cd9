"""PubMed's XML: articles and books."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from assistant.documents.status import NOTICE, RETRACTED
from assistant.documents.xml.elements import find, find_all, markup

_NO_HEADINGS = {"", "UNLABELLED", "UNASSIGNED"}
_STATUS_OF_TYPE = {
    "Retracted Publication": RETRACTED,
    "Retraction of Publication": NOTICE,
    "Retraction Notice": NOTICE,
}
_STATUS_OF_CORRECTION = {"RetractionIn": RETRACTED, "ExpressionOfConcernIn": "concern", "ErratumIn": "corrected"}
_NO_TITLES = {"", "[not available].", "[not available]", "[in process citation]"}


def article(element: Element) -> dict[str, object]:
    """The fields of a `PubmedArticle`, or of a `MedlineCitation` alone."""
    citation = element if element.tag == "MedlineCitation" else _child(element, "MedlineCitation")
    paper = _child(citation, "Article")
    title = markup(paper.find("ArticleTitle"))
    if title.strip().casefold() in _NO_TITLES:
        title = markup(paper.find("VernacularTitle"))
    types = find_all(paper, "PublicationTypeList/PublicationType")
    return {
        "title": title,
        "abstract": _abstract(paper) or _abstract(citation, "OtherAbstract"),
        "authors": _authors(paper),
        "date": _date(paper.find("Journal/JournalIssue/PubDate")) or _date(paper.find("ArticleDate")),
        **_identifiers(element.find("PubmedData/ArticleIdList"), find(citation, "PMID")),
        "doi": _doi(element, paper),
        "venue": find(paper, "Journal/Title", "Journal/ISOAbbreviation")
        or find(citation, "MedlineJournalInfo/MedlineTA"),
        "keywords": find_all(citation, "KeywordList/Keyword"),
        "language": find(paper, "Language"),
        "publicationtype": types,
        "editorialstatus": _status(citation, types),
    }


def book(element: Element) -> dict[str, object]:
    """The fields of a `PubmedBookArticle`: a book, or a chapter of one."""
    document = _child(element, "BookDocument")
    whole = _child(document, "Book")
    chapter = markup(document.find("ArticleTitle"))
    title = markup(whole.find("BookTitle"))
    return {
        "title": chapter or title,
        "abstract": _abstract(document),
        "authors": _authors(document) or _authors(whole),
        "date": _date(whole.find("PubDate")) or _date(document.find("ContributionDate")),
        **_identifiers(document.find("ArticleIdList"), find(document, "PMID")),
        "doi": find(document, "ArticleIdList/ArticleId[@IdType='doi']"),
        "booktitle": title if chapter else None,
        "keywords": find_all(document, "KeywordList/Keyword"),
        "language": find(document, "Language"),
        "publicationtype": find_all(document, "PublicationType"),
    }


def _child(element: Element, name: str) -> Element:
    found = element.find(name)
    return Element(name) if found is None else found


def _abstract(element: Element, name: str = "Abstract") -> list[str]:
    """The sections of the abstract, each behind its heading; of abstracts in several languages, the English one."""
    found = element.findall(name)
    english = [child for child in found if child.get("Language", "eng") == "eng"]
    chosen = next(iter(english or found), None)
    return [] if chosen is None else [_section(part) for part in chosen.iterfind("AbstractText")]


def _section(part: Element) -> str:
    heading, text = part.get("Label", "").strip(), markup(part)
    if heading.upper() in _NO_HEADINGS or text.lstrip().upper().startswith(heading.upper() + ":"):
        return text
    return f"{heading.removesuffix(':')}: {text}" if text.strip() else ""


def _authors(element: Element) -> list[object]:
    lists = [child for child in element.iterfind("AuthorList") if child.get("Type", "authors") == "authors"]
    return [
        find(author, "CollectiveName")
        or [find(author, "LastName"), find(author, "ForeName", "FirstName", "Initials"), find(author, "Suffix")]
        for child in lists
        for author in child.iterfind("Author")
        if author.get("ValidYN") != "N"
    ]


def _date(element: Element | None) -> str:
    """`2014-05-03`, `2014 May 3`, `2014`, `2008 Nov-Dec` or `Winter 1998`, as precise as the source."""
    if element is None:
        return ""
    parts = [part for name in ("Year", "Month", "Day") if (part := find(element, name))]
    joined = ("-" if all(part.isdigit() for part in parts) else " ").join(parts)
    written = find(element, "MedlineDate")
    year = re.search(r"\b[12]\d{3}\b", written)
    return joined or (f"{year[0]} {written}" if year else written)


def _identifiers(listed: Element | None, pmid: str) -> dict[str, object]:
    pmid = pmid or (find(listed, "ArticleId[@IdType='pubmed']") if listed is not None else "")
    return {"pmid": pmid, "url": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else ""}


def _doi(element: Element, paper: Element) -> str:
    located = [child for child in paper.iterfind("ELocationID[@EIdType='doi']") if child.get("ValidYN") != "N"]
    listed = find(element, "PubmedData/ArticleIdList/ArticleId[@IdType='doi']")
    return listed or next((child.text or "" for child in located), "")


def _status(citation: Element, types: list[str]) -> str | None:
    if status := next((_STATUS_OF_TYPE[name] for name in types if name in _STATUS_OF_TYPE), None):
        return status
    kinds = {child.get("RefType") for child in citation.iterfind("CommentsCorrectionsList/CommentsCorrections")}
    return next((status for kind, status in _STATUS_OF_CORRECTION.items() if kind in kinds), None)
