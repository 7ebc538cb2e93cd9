"""Finds the abstract, the authors and the identifiers in what feeds write around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

_BLOCK = re.compile(r"<\s*/?\s*(?:p|div|br|hr|h[1-6]|li|ul|ol|tr|td|table|section|figure)\b[^<>]*>", re.I)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_HEADING = re.compile(r"\W*(?:abstract|summary|highlights?)\W*", re.I)
_LABELLED = re.compile(
    r"\W*(?:(?:journal )?doi|pmc?id|issn|source|author\(s\)|authors?|citation|journal|pages?|date of publication"
    r"|(?:publication|cover|accepted|received) date|(?:first )?published(?: online| on)?|available online)\s*:",
    re.I,
)
_ISSUE = re.compile(
    r"\bvol(?:ume|\.)? ?\d+,? (?:\(?\d|issue|number|no\b|pages?|pp?\.)|^(?:published online|\[[^\]]+\] published)\b"
    r"|^[^.]{0,150}, (?:ahead of print|published online|early view|just accepted|issue \d+,|pages? \d+)",
    re.I,
)
_SECTION = re.compile(r"<(h[1-6])\b[^<>]*>([^<>]+)</\1>|<div class=\"boxTitle\">([^<>]+)</(div)>", re.I)
_CITED_BEFORE = re.compile(
    r"\A[^<>]{3,300}?(?:\bdoi:\s*10\.|\b(?:19|20)\d\d\s[A-Z][a-z]{2}\b)[^<>]{0,300}?[.\s]\s*ABSTRACT\s*:?\s*(?=\w)"
)
"""The citation that PubMed's feeds write before an abstract, without anything between the two."""
_CITATION_LENGTH = 300
"""Characters up to which a paragraph can be the citation of a paper, and not its abstract."""
_SENTENCE = re.compile(r"[.!?]\W*$")
_FARE_WELL = re.compile(r"\W*(?:read (?:more|full)|continue reading|view (?:on|the)|the post\b.* appeared first)", re.I)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s?#&\"'<>|]+")
_PMID = re.compile(
    r"(?:\bpmid:\s*|\bpubmed:|pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)(\d{1,9})\b", re.I
)
_ARXIV = re.compile(r"arxiv\.org|arxiv:\s*\d", re.I)
_VERSION = re.compile(r"\dv\d+\b")
_ARXIV_HEAD = re.compile(r"\s*(?:<[^<>]*>\s*)*(arXiv:\S+)\s+Announce Type", re.I)
_PREPRINT_VERSION = re.compile(r"/20\d\d\.\d\d\.\d\d\.\d+v(\d+)")
_ISSUE_IN_TITLE = re.compile(r"[^:]{3,80}, Vol\. \d+, Pages? [\w-]+: ")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]*){1,4}")


def abstract(html: str, title: str = "") -> str:
    """The part of an item's HTML that is its abstract, with the tags inside; empty where the item only cites a paper."""
    html = _CITED_BEFORE.sub("", html.lstrip(), count=1) if "ABSTRACT" in html[:700] else html
    parts = [part for part in _BLOCK.split(_SECTION.sub(_headed, html)) if re.search(r"\w", _plain(part))]
    headings = [index for index, part in enumerate(parts) if _HEADING.fullmatch(_plain(part))]
    if headings:
        parts = parts[headings[0] + 1 :]
    alone = len(parts) == 1
    while parts and _is_citation(parts[0], title, alone):
        parts.pop(0)
    if len(parts) > 2 and not _SENTENCE.search(_plain(parts[0])) and _is_citation(parts[1], title, alone):
        parts = parts[2:]  # the authors, and then the citation
    while parts and (_is_citation(parts[-1], title, alone) or _FARE_WELL.match(_plain(parts[-1]))):
        parts.pop()
    return " ".join(part.strip() for part in parts)


def longest_abstract(candidates: Iterable[str], title: str) -> str:
    """The longest abstract that one of the texts holds: feeds give a beginning of it in one element and all in another."""
    return max((abstract(html, title) for html in candidates), key=len, default="")


def authors(creators: list[str], is_arxiv: bool) -> list[object] | str:
    """The authors, from one element for each or one for all; arXiv writes `First Last, First Last`."""
    if len(creators) != 1:
        return list(creators)
    whole = re.sub(r"\([^()]*\)", "", _plain(creators[0])).removeprefix("by ").strip()
    parts = [part.strip() for part in whole.split(",") if part.strip()]
    if ";" in whole or (" and " in whole and not is_arxiv):
        return whole
    if not is_arxiv and len(parts) % 2 == 0 and all(map(_INITIALS.fullmatch, parts[1::2])):
        return [list(pair) for pair in zip(parts[::2], parts[1::2], strict=True)]  # `Doe, J., Roe, R.`
    return list(parts) if is_arxiv or len(parts) > 2 else whole


def doi(values: Iterable[str]) -> str | None:
    """The first DOI in the texts, such as a link's."""
    found = (_DOI.search(value) for value in values)
    return next((match[0] for match in found if match), None)


def pmid(values: Iterable[str]) -> str | None:
    """The first of PubMed's numbers in the texts."""
    found = (_PMID.search(value) for value in values)
    return next((match[1] for match in found if match), None)


def preprint_version(links: Iterable[str]) -> str | None:
    """The version that bioRxiv and medRxiv put into their addresses."""
    found = (_PREPRINT_VERSION.search(link) for link in links)
    return next((match[1] for match in found if match), None)


def without_issue(title: str) -> str:
    """The title without the journal's issue, which MDPI puts before it."""
    return _ISSUE_IN_TITLE.sub("", title, count=1)


def arxiv_ids(values: Iterable[str], description: str) -> list[str]:
    """The texts that name the paper on arXiv, those with a version first; the head of arXiv's descriptions is the last."""
    head = _ARXIV_HEAD.match(description)
    named = [value for value in (*values, head[1] if head else "") if _ARXIV.search(value)]
    return sorted(named, key=lambda value: not _VERSION.search(value))


def _is_citation(part: str, title: str, alone: bool) -> bool:
    """Whether a paragraph names where, when and by whom the paper was published. `alone`: there is no other paragraph."""
    plain = _plain(part)
    if title and plain.rstrip(".").casefold() == title.rstrip(".").casefold():
        return True
    if _LABELLED.match(plain) or plain.startswith("by ") or part.lstrip().lower().startswith("<cite"):
        return True
    return len(plain) <= _CITATION_LENGTH and bool(_ISSUE.search(plain) or (not alone and _DOI.search(plain)))


def _headed(match: re.Match[str]) -> str:
    """A section's heading in front of its text; the heading of the whole abstract stays apart."""
    heading = (match[2] or match[3]).strip()
    return f"<p>{heading}</p>" if _HEADING.fullmatch(heading) else f"<p>{heading.rstrip(':.')}: "


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())
