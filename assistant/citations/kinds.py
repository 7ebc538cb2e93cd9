"""The names that BibTeX, RIS and CSL give to types of publications."""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.types import Paper


class Kind(NamedTuple):
    """One type of publication in the words of each format."""

    bibtex: str
    ris: str
    csl: str


_ARTICLE = Kind("article", "JOUR", "article-journal")
_PREPRINT = Kind("misc", "JOUR", "article")
_OTHER = Kind("misc", "GEN", "document")
_KINDS = (
    (r"conference|inproceedings|proceedings?article|\bCPAPER\b|\bCONF\b", Kind("inproceedings", "CPAPER", "paper-conference")),
    (r"proceedings", Kind("proceedings", "CONF", "book")),
    (r"thesis|dissertation|\bTHES\b", Kind("phdthesis", "THES", "thesis")),
    (r"(?:book)?(?:section|chapter)|incollection|inbook|\bCHAP\b", Kind("incollection", "CHAP", "chapter")),
    (r"book|monograph", Kind("book", "BOOK", "book")),
    (r"report|\bRPRT\b", Kind("techreport", "RPRT", "report")),
    (r"data ?-?set|\bDATA\b", Kind("misc", "DATA", "dataset")),
    (r"software|computerprogram|\bCOMP\b", Kind("misc", "COMP", "software")),
    (r"preprint|posted-?content|unpublished|\bUNPB\b", _PREPRINT),
    (r"webpage|website|blog|\bELEC\b", Kind("misc", "ELEC", "webpage")),
    (r"magazine|newspaper|\bMGZN\b|\bNEWS\b", Kind("article", "MGZN", "article-magazine")),
    (r"journal|article|review|trial|\bstudy\b|letter|editorial|comment|\bJOUR\b", _ARTICLE),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _KINDS)


def kind_of(paper: Paper) -> Kind:
    """The type of a paper as far as its record tells; a paper of arXiv alone is a preprint."""
    stated = paper.publication_type or ""
    found = next((kind for pattern, kind in _PATTERNS if pattern.search(stated)), None)
    if found is not None:
        return found
    if paper.venue:
        return _ARTICLE
    return _PREPRINT if paper.paper_id.startswith("arxiv:") else _OTHER
