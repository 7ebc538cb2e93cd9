"""The elements that are records, and what reads each; other elements are of no interest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from assistant.documents.xml import (
    answers,
    atom,
    crossref,
    datacite,
    endnote,
    europepmc,
    jats,
    marc,
    mods,
    oai,
    plain,
    pubmed,
    rss,
    tei,
    zotero_rdf,
)

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How to read a kind of record."""

    read: Callable[[Element], Fields | None]
    """The fields, under the names of `documents/fields.py`; None for a record that is no paper. Raises DocumentError."""
    skipped: frozenset[str] = frozenset()
    """Elements inside that nobody reads."""


def _record(element: Element) -> Fields | None:
    """`record` is the name that most formats give it: its children tell them apart."""
    header, metadata = element.find("header"), element.find("metadata")
    if header is not None and header.get("status") == "deleted":
        return None
    if metadata is not None and len(metadata):
        inner = metadata[0]
        return RECORDS[inner.tag].read(inner) if inner.tag in RECORDS else plain.record(inner)
    if header is not None and metadata is None:
        return None  # a list of identifiers
    if (wrapped := element.find("recordData")) is not None and len(wrapped):
        return RECORDS[wrapped[0].tag].read(wrapped[0]) if wrapped[0].tag in RECORDS else None
    if element.find("datafield") is not None:
        return marc.record(element)
    return endnote.record(element) if element.find("titles") is not None else plain.record(element)


_ZOTERO = (
    "Article Book BookSection ConferenceProceedings Document Manuscript Patent Report Thesis Recording Image Letter"
)
_LISTS = frozenset({"MeshHeadingList", "ReferenceList", "ChemicalList", "GrantList"})

_FULL_TEXT = frozenset({"body", "back", "floats-group", "sub-article", "response", "ref-list", "facsimile"})

RECORDS = {
    "PubmedArticle": Vocabulary(pubmed.article, _LISTS),
    "PubmedBookArticle": Vocabulary(pubmed.book, _LISTS),
    "MedlineCitation": Vocabulary(pubmed.article, _LISTS),
    "record": Vocabulary(_record),
    "Record": Vocabulary(_record),
    "arXiv": Vocabulary(oai.arxiv),
    "arXivRaw": Vocabulary(oai.arxiv),
    "dc": Vocabulary(oai.dublin_core),
    "item": Vocabulary(rss.item),
    "entry": Vocabulary(atom.entry),
    "article": Vocabulary(jats.article, _FULL_TEXT),
    "result": Vocabulary(europepmc.result),
    "mods": Vocabulary(mods.record),
    "doi_record": Vocabulary(crossref.record, frozenset({"citation_list"})),
    "resource": Vocabulary(datacite.resource),
    "TEI": Vocabulary(tei.document, _FULL_TEXT),
    "paper": Vocabulary(plain.record),
    "rdf-Description": Vocabulary(zotero_rdf.item),
    **{f"bib-{name}": Vocabulary(zotero_rdf.item) for name in _ZOTERO.split()},
    "error": Vocabulary(answers.error),
    "ERROR": Vocabulary(answers.error),
    "errMsg": Vocabulary(answers.error),
}
"""The records of all vocabularies, by the element's name."""

NOTES: Mapping[str, Callable[[Element, int], str | None]] = {
    "resumptionToken": answers.unfinished,
    "opensearch-totalResults": answers.partial,
    "hitCount": answers.partial,
}
"""Elements beside the records, and what they say about a file with so many records."""

REFUSED = {
    "dblp": "DBLP's XML holds no abstracts; export the papers with abstracts from another service",
    "html": "web pages are not read; save the page as text",
    "opml": "OPML lists feeds and holds no papers; save the feeds themselves",
    "eSearchResult": "this is PubMed's list of numbers without papers; fetch them as PubMed XML",
    "eSummaryResult": "PubMed's summaries hold no abstracts; fetch the papers as PubMed XML",
}
"""Documents that hold no abstracts, by their root, and what to do instead."""

EMPTY = {
    "OAI-PMH": "the answer of an OAI-PMH server without papers; ask it for ListRecords",
    "PubmedArticleSet": "a set of PubMed's articles with no article in it",
    "feed": "an Atom feed without entries",
    "rss": "an RSS feed without items",
    "rdf-RDF": "RDF that is neither a feed with items nor a library of Zotero; export it as BibTeX or RIS",
    "": "no XML element in it; save the file again",
}
"""What to say of a document that could hold papers and has none, by its root."""

READ = "Atom, RSS, PubMed, Europe PMC, EndNote, OAI-PMH, JATS, MODS, MARC, Crossref, DataCite, TEI and Zotero RDF"
