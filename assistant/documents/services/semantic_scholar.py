"""Semantic Scholar: its graph, its recommendations, and its older open corpus."""

from __future__ import annotations

from assistant.documents.services.values import Record, dig, first, names

MARKS = frozenset({"externalIds", "externalids", "paperId", "corpusId", "corpusid", "paperAbstract", "tldr"})


def recognizes(record: Record) -> bool:
    """Whether it is a paper of Semantic Scholar."""
    return not MARKS.isdisjoint(record)


def record(paper: Record) -> Record:
    """Its fields. The `tldr` is a machine's summary, and so no abstract."""
    ids = paper.get("externalIds") or paper.get("externalids")
    return {
        **paper,
        "abstract": paper.get("abstract") or paper.get("paperAbstract"),
        "arxivid": dig(ids, "ArXiv") or paper.get("arxivId") or paper.get("arxiv_id"),
        "doi": dig(ids, "DOI") or paper.get("doi"),
        "pmid": dig(ids, "PubMed") or paper.get("pmid"),
        "date": paper.get("publicationDate") or paper.get("publicationdate"),
        "url": paper.get("url") or paper.get("s2Url"),
        "venue": first(paper.get("publicationVenue"))
        or first(paper.get("venue"))
        or first(paper.get("journal"))
        or paper.get("journalName"),
        "categories": list(dict.fromkeys([*names(paper.get("fieldsOfStudy")), *_studied(paper)])),
        "publicationtype": names(paper.get("publicationTypes")),
    }


def _studied(paper: Record) -> list[str]:
    return names(paper.get("s2FieldsOfStudy") or paper.get("s2fieldsofstudy"), "category")
