"""TEI headers, as GROBID and HAL write them."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from assistant.documents.xml.elements import find, find_all, markup


def document(element: Element) -> dict[str, object]:
    """The fields of a `TEI` document or of one `biblFull` of HAL."""
    source = ".//sourceDesc/biblStruct"
    abstracts = element.findall(".//profileDesc/abstract")
    english = [child for child in abstracts if child.get("lang", "en").startswith("en")] or abstracts
    return {
        "title": find(element, f"{source}/analytic/title", ".//titleStmt/title", f"{source}/monogr/title"),
        "abstract": markup(english[0]) if english else "",
        "authors": [_name(child) for child in element.iterfind(f"{source}/analytic/author")]
        or [_name(child) for child in element.iterfind(".//titleStmt/author")],
        "date": _date(element),
        "doi": find(element, ".//idno[@type='DOI']", ".//idno[@type='doi']"),
        "arxivid": find(element, ".//idno[@type='arXiv']", ".//idno[@type='arxiv']"),
        "pmid": find(element, ".//idno[@type='PMID']", ".//idno[@type='pubmed']"),
        "url": find(element, ".//publicationStmt/idno[@type='halUri']", ".//ptr[@type='open-access']"),
        "venue": find(
            element, f"{source}/monogr/title[@level='j']", f"{source}/monogr/title", f"{source}/monogr/meeting/title"
        ),
        "keywords": find_all(element, ".//textClass/keywords//term"),
    }


def _name(author: Element) -> object:
    person = author.find("persName")
    if person is None:
        return find(author, "orgName", "name")
    return [find(person, "surname"), " ".join(find_all(person, "forename")), ""]


def _date(element: Element) -> str:
    dates = [*element.iterfind(".//monogr/imprint/date"), *element.iterfind(".//publicationStmt/date")]
    return next((date.get("when") or find(date, ".") for date in dates), "")
