"""Prepares untrusted text for the page, and builds the only links that the page may hold."""

from __future__ import annotations

import re
from urllib.parse import quote

from assistant import Paper

# Control characters, bidirectional overrides, invisible separators, tag characters and lone surrogates can make a quote
# read as something that it does not say. Joiners stay, because several scripts need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_ARXIV = re.compile(r"arxiv:((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?)")
_PMID = re.compile(r"[0-9]{1,9}")
_ZOTERO = re.compile(r"zotero://select/(?:library/|groups/[0-9]{1,12}/)?items/@?[A-Za-z0-9_:.+-]{1,100}")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\x00-\x1f<>\"]{1,200}")


def strip_invisible(text: str) -> str:
    """The text without invisible characters that change how the rest reads."""
    return _INVISIBLE.sub("", text)


def link(paper_id: str, doi: str | None) -> str | None:
    """A page about the paper: arXiv by its id, else the DOI. A link that came with the record is never used."""
    arxiv = _ARXIV.fullmatch(paper_id)
    if arxiv:
        return f"https://arxiv.org/abs/{quote(arxiv[1], safe='/.')}"
    if doi and _DOI.fullmatch(doi):
        return f"https://doi.org/{quote(doi, safe='/.')}"
    return None


def links(paper: Paper) -> list[tuple[str, str]]:
    """The words and addresses of pages about the paper: those made of its identifiers, and its place in Zotero."""
    arxiv, zotero = _ARXIV.fullmatch(paper.paper_id), paper.zotero or ""
    found = [(f"arXiv {arxiv[1]}", link(paper.paper_id, None))] if arxiv else []
    if paper.doi and _DOI.fullmatch(paper.doi):
        found.append((f"DOI {paper.doi}", f"https://doi.org/{quote(paper.doi, safe='/.')}"))
    if paper.pmid and _PMID.fullmatch(paper.pmid):
        found.append((f"PubMed {paper.pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{paper.pmid}/"))
    if _ZOTERO.fullmatch(zotero):
        found.append(("Open in Zotero", zotero))
    return [(words, address) for words, address in found if address]


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def plural(count: int, noun: str) -> str:
    """`1 paper`, `2 papers`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
