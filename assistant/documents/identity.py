"""Derives the names by which records of the same paper are recognised: its id, title key, DOI, arXiv id and PMID."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import unquote

from assistant.documents.markup.entities import unescape
from assistant.documents.status import bare_title
from assistant.types import Paper

_DOI = re.compile(r"(?:https?://)?(?:(?:dx\.|www\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)", re.I)
_DOI_IN_TEXT = re.compile(r"\b10\.\d{4,9}(?:/|%2F)\S+", re.I)
_DOI_VERSION = re.compile(r"(?<=[./_-])v\d{1,2}$|(?<=\d)v\d{1,2}$")
"""The version in a DOI of a preprint, such as `10.21203/rs.3.rs-123/v2` and `10.1101/2024.01.01.000001v2`."""
_ARXIV_DOI = "10.48550/arxiv."
_ARXIV = re.compile(
    r"(?:(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:\s*)?"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?",
    re.I,
)
_PMID = re.compile(
    r"(?:(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov|www\.ncbi\.nlm\.nih\.gov/pubmed)/|pmid:?\s*)?(\d{1,9})/?", re.I
)


def title_key(title: str) -> str:
    """The title for comparison: NFKC, casefolded, with a single space for everything but letters and digits."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return " ".join(re.findall(r"\w+", folded.replace("_", " ")))


def title_id(key: str) -> str:
    """The id of a paper that has nothing but its title: `t:` and 12 hex digits of the title key's SHA-256."""
    return "t:" + hashlib.sha256(key.encode()).hexdigest()[:12]


def paper_id(title: str, arxiv_id: str | None = None) -> str:
    """`arxiv:ID` without a version if an arXiv id is known, else the title's id."""
    if arxiv_id:
        return _arxiv_name(arxiv_id.strip())
    return title_id(title_key(title))


def doi_in(text: str) -> str | None:
    """The DOI in a text such as `doi:10.1/x.` or `https://doi.org/10.1%2Fx?utm_source=feed`, as it is written there."""
    match = _DOI_IN_TEXT.search(text)
    if not match:
        return None
    found = match[0]
    if "://" in text[: match.start()]:
        found = unquote(re.split(r"[?#]", found, maxsplit=1)[0])
    elif "%2" in found:
        found = unquote(found)
    if "&" in found:
        found = unescape(found)
    found = re.split(r"[;,](?=10\.\d{4})", found, maxsplit=1)[0].rstrip(".,;\"'")
    for opening, closing in ("()", "[]", "<>"):
        if opening not in found:
            found = found.rstrip(closing)
    return found


def doi_version(doi: str | None) -> int | None:
    """The version of a preprint that its DOI names."""
    match = _DOI_VERSION.search(doi) if doi else None
    return int(match[0][1:]) if match else None


def aliases(doi: str | None, pmid: str | None) -> tuple[str, ...]:
    """The identifiers of a paper beside its `paper_id`, as names that can be compared: prefixed and in lower case.

    A DOI that only repeats an arXiv id is none, and the version of a preprint is no part of one.
    """
    found = []
    if doi and not (lower := doi.lower()).startswith(_ARXIV_DOI):
        found.append(f"doi:{_DOI_VERSION.sub('', lower).rstrip('/._-')}")
    if pmid:
        found.append(f"pmid:{pmid}")
    return tuple(found)


def names(paper: Paper, key: str) -> frozenset[str]:
    """All names by which another record of the paper may be found; `key` is the key of its title.

    The id of its title is among them, and that of the title without the mark of a retracted paper;
    an item of Zotero is itself whatever becomes of its title.
    """
    found = {paper.paper_id, title_id(key), *paper.aliases}
    if not paper.aliases:  # as in the records of earlier releases
        found.update(aliases(paper.doi, paper.pmid))
    if paper.zotero is not None:
        found.add(paper.zotero)
    if paper.editorial_status is not None:
        found.add(paper_id(bare_title(paper.title)))
    return frozenset(found)


def spelled(text: str) -> tuple[str, ...]:
    """The names that a user may mean: `10.1/X`, `https://doi.org/10.1/x`, `arXiv:2301.00001v2`, `PMID 123`, or an id."""
    text = text.strip()
    if match := _DOI.fullmatch(text):
        doi = match[1].lower()
        return (_arxiv_name(doi.removeprefix(_ARXIV_DOI)),) if doi.startswith(_ARXIV_DOI) else aliases(doi, None)
    found = [text]
    if match := _ARXIV.fullmatch(text):
        found.append(_arxiv_name(match[1]))
    if match := _PMID.fullmatch(text):
        found.append(f"pmid:{match[1].lstrip('0') or '0'}")
    return tuple(dict.fromkeys(found))


def _arxiv_name(arxiv_id: str) -> str:
    """The id without its version; one of before 2007 without its subject class, which not every source writes."""
    number = re.sub(r"v\d+$", "", arxiv_id)
    return "arxiv:" + (re.sub(r"\.[a-z]{2}/", "/", number.lower()) if "/" in number else number)
