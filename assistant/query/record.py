"""Recognizes questions that the record of a paper answers, not its abstract: who wrote it, when, where to find it."""

from __future__ import annotations

import re
from typing import Literal

RecordField = Literal[
    "authors",
    "date",
    "link",
    "venue",
    "organisation",
    "title",
    "keywords",
    "language",
    "pmid",
    "citekey",
    "publication type",
    "collections",
]

_PAPER = r"(?:it|this|that|them|these|those|they|the (?:[\w-]+ ){0,4}(?:paper|article|study|survey|review|benchmark|work|authors?)s?|[“\"\[].*|paper\b.*|citation\b.*|source\b.*)"
_ASKS = r"^\W*(?:and |please |(?:what|which) (?:is|are) |what[’']s |give me |show me |list |tell me |do you (?:have|know) )*(?:the |its |an? |all )*"


def _of(words: str) -> str:
    """Asks for what these words name: "what is the W of it", "which W has it", or "its W" alone."""
    return (
        rf"{_ASKS}(?:{words})(?: (?:of|for) {_PAPER})?(?: please)?\W*$"
        rf"|^\W*(?:which|what) (?:{words}) (?:has|have|does|do|is|are) {_PAPER}(?: (?:have|carry|given|assigned))?\W*$"
    )


_PATTERNS: dict[RecordField, str] = {
    "authors": r"\bwho(?:m)? (?:wrote|authored|co-?authored|published|is the (?:first |lead |main )?author(?![’']s?\b)|are the authors|(?:were|was) the authors?)\b"
    rf"|^\W*(?:who (?:are|is|were) |what (?:are|is) |give me |show me )?(?:the )?authors? of {_PAPER}\W*$"
    rf"|\bwho (?:proposed|developed|introduced|made|did|created|is behind) {_PAPER}\W*$"
    r"|\bwho (?:is|was) (?:it|this|that) (?:paper )?(?:written )?by\b|\bby whom (?:was|is|were)\b|^\W*(?:and )?(?:the |its |their )?authors?\W*$"
    r"|\b(?:name|list|give me|who are|show)\b(?: me)? (?:the|its|their) authors?\b|^\W*(?:and |who |what |which |are |is |were |was |give |show |list |name |me |the |first |lead |main )*authors? of (?:it|this|that|the paper)\W*$",
    "date": r"\bwhen (?:was|were|did|is|has) .*\b(?:published|come out|came out|appear|appeared)\W*$"
    rf"|\bwhen (?:was|were|is|has) {_PAPER} (?:been )?(?:released|written|submitted|posted)\W*$|^\W*(?:and )?when\W*$"
    r"|\b(?:which|what) year\b.*\b(?:it|this|that|paper|published|appear|from)\W*$"
    rf"|\b(?:which|what) year (?:was|were|is) {_PAPER} written\W*$"
    rf"|^\W*(?:what is |what[’']s |give me |show me )?(?:the )?(?:publication |release )?(?:date|year)(?: of publication)? of {_PAPER}\W*$"
    r"|\bhow (?:old|recent|new) (?:is|are) (?:it|this|that|they|the (?:paper|study|article)|these|[“\[].*)\W*$"
    r"|^\W*(?:and )?(?:the |its )?(?:publication |release )?(?:date|year)(?: of publication)?\W*$"
    r"|\b(?:publication|release) (?:date|year)\b",
    "venue": r"\bwhere (?:was|were|is|did) .*\b(?:published|appear|presented|accepted)\W*$"
    rf"|^\W*(?:what is |what[’']s )?(?:the )?(?:venue|journal|conference) of {_PAPER}\W*$"
    r"|\b(?:which|what) (?:journal|conference|venue|workshop)\b|^\W*(?:the )?(?:venue|journal|conference)\W*$",
    "organisation": r"\b(?:which|what) (?:universit|institut|organi[sz]ation|compan|lab|affiliation)\w*\b.*\b(?:it|this|paper|authors?|from|by)\W*$"
    r"|\baffiliations?\b",
    "link": r"^\W*(?:and |ok |please |do you have |have you got |is there |(?:can|could|may) i (?:have|get|see) |(?:can|could) you (?:give|send|show) me |give me |show me |what is |what[’']s )*"
    r"(?:a |an |the |its |any )*(?:link|url|doi|arxiv(?: id| link| number)?|pdf|web ?page)s?"
    rf"(?: (?:to|of|for) (?:{_PAPER}|[“\[].*))?(?: please)?\W*$"
    rf"|\bwhere (?:can|could|do) (?:i|we|one) (?:find|read|get|download|access) {_PAPER}\W*$",
    "keywords": _of(r"(?:key ?words?|tags)"),
    "pmid": _of(r"(?:pmids?|pub ?med(?: id| number)?s?|medline (?:id|number))"),
    "citekey": _of(r"(?:cite ?keys?|citation keys?|bibtex keys?)"),
    "collections": _of(r"(?:zotero )?collections?")
    + rf"|^\W*(?:in )?(?:which|what) (?:of my )?(?:zotero )?collections? (?:is|are|holds?|contains?|has|have) {_PAPER}(?: in)?\W*$",
    "publication type": _of(r"(?:publication |document )types?|types? of (?:publication|document)")
    + rf"|^\W*(?:what|which) (?:type|kind) of (?:publication|document) (?:is|was) {_PAPER}\W*$",
    "language": rf"^\W*(?:in )?(?:which|what) language (?:is|was|are|were) {_PAPER}(?: (?:written|published))?(?: in)?\W*$"
    rf"|^\W*(?:what is |what[’']s )?(?:the )?language of {_PAPER}\W*$",
    "title": r"\bwhat is (?:it|this|that|the (?:paper|article)) called\b|\b(?:what is|what[’']s|give me) (?:the|its) (?:exact |full )?title\b"
    r"|^\W*(?:the )?title\W*$",
}
_FIELDS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PATTERNS.items()}


def record_field(question: str) -> RecordField | None:
    """The field of a paper's record that is asked for, or None for any other question."""
    return next((name for name, pattern in _FIELDS.items() if pattern.search(question)), None)
