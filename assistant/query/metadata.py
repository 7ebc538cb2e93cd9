"""Recognizes questions that the records of papers answer, not their abstracts: of one paper, or of all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.query.record import RecordField, record_field
from assistant.query.vocabulary import (
    ADDED_LAST,
    ARE_THERE,
    FEWEST,
    HOW_MANY,
    IN_LIBRARY,
    LEAD,
    MOST,
    NEWEST,
    NOUN,
    OLDEST,
    OWNER,
    PAPERS,
    QUANTITY,
    SHOW,
    number,
)

Field = Literal[
    "authors",
    "year",
    "date",
    "added",
    "venue",
    "categories",
    "organisation",
    "sources",
    "doi",
    "link",
    "author count",
    "data",
    "keywords",
    "collections",
    "language",
    "publication_type",
    "pmid",
]
Operation = Literal["record", "highest", "lowest", "ranking", "values", "recorded", "not recorded"]

_NAMES: dict[Field, str] = {
    "authors": r"(?:authors?|writers?|researchers?|people|persons?|names?)",
    "year": r"(?:publication )?years?",
    "venue": r"(?:venues?|journals?|conferences?)",
    "categories": r"(?:arxiv )?categor(?:y|ies)",
    "organisation": r"(?:organi[sz]ations?|affiliations?|institutions?|companies|company|labs?)",
    "sources": r"(?:source files?|sources?|files?|documents?)",
    "doi": r"dois?",
    "link": r"(?:links?|urls?)",
    "date": r"(?:publication )?dates?",
    "keywords": r"(?:author )?(?:key ?words?|tags)",
    "collections": r"(?:zotero )?collections",
    "language": r"languages?",
    "publication_type": r"(?:publication types?|document types?|types? of (?:publications?|documents?))",
    "pmid": r"(?:pmids?|pub ?med ids?)",
}
_DATA = r"(?:data ?sets?|benchmarks?)"
_FIELD = rf"(?P<field>{'|'.join(_NAMES.values())})"
_END = rf"\s*(?:(?:(?:are|is)\s+)?(?:{IN_LIBRARY}|(?:in|of|from|for) {OWNER} papers|here|overall|there|in total|(?:that )?(?:do )?(?:you|we|i) have|(?:are|were|have been) (?:indexed|imported)|are (?:there|covered|represented|included|recorded|listed)))?\W*$"
_ASK = rf"(?:(?:what|which|who)(?:[’']s| is| are| was| were)?|{SHOW}|{ARE_THERE})?\s*"
_ALL = r"(?: (?:all|of|the|these|those))*"
_EXTREME = rf"(?:(?P<added>{ADDED_LAST})|(?P<new>{NEWEST})|(?P<old>{OLDEST}))"
_APPEARED = r"(?:came(?: in| out)?|appeared|arrived|(?:was|were|have been|has been) (?:published|released|written))"
_HAS_MOST = rf"(?:has|have|had|wrote|contributed|contributes?|accounts? for|holds?|contains?|published|appears? (?:in|on)|is behind|saw|with) {MOST}"
_TOPICAL = r"(?P<topic>(?:\s+(?:on|about|by|from|in|that|which|for|dealing with|concerning|of|using|with)\b.*)?)\W*$"
"""What papers are about, behind the word for them."""
_LACK = (
    r"(?:(?:that |which )?(?:are|is) (?:without|missing)|(?:that |which )?(?:have|has) no|without|lack(?:ing)?|miss(?:ing)?|with no|"
    r"(?:that |which )?(?:do not|does not|don[’']t|doesn[’']t) (?:have|state|give|name))"
)
_RECORDED = rf"(?:an? |any |the |their )?(?:known |recorded |stated )?{_FIELD}(?: recorded| stated)?"
_PER = rf"(?:per|by|(?:grouped|counted|split|broken down) by|in each|for each|from each|from every) {_FIELD}"

_PATTERNS: tuple[tuple[Operation, Field | None, str], ...] = (
    ("highest", "date", rf"{_ASK}(?:the\s+)?(?:(?P<amount>{QUANTITY})\s+)?{_EXTREME}\s+(?:(?P<amount2>{QUANTITY})\s+)?(?:{PAPERS}(?:\s+titles?)?|(?P<kind>surveys?|reviews?))(?:{_END}|{_TOPICAL})"),
    ("highest", "date", rf"(?:which|what) {PAPERS}(?P<topic>(?:\s+(?:on|about)\s.+?)?) (?:is|are|was|were) (?:the )?{_EXTREME}(?:\s+{PAPERS}|\s+one)?{_END}"),
    ("highest", "date", rf"(?:the\s+)?(?:(?P<amount>{QUANTITY})\s+{_EXTREME}|{_EXTREME.replace('?P<', '?P<b_')}\s+(?P<amount2>{QUANTITY}))\W*$"),
    ("highest", "date", rf"(?:(?:which|what) {PAPERS}(?P<topic2>(?:\s+(?:on|about)\s.+?)?) {_APPEARED}|what came (?:in|out)) (?:(?P<new>last|latest|(?:most |more )?recently)|(?P<old>first|earliest))(?:{_END}|{_TOPICAL})"),
    ("highest", "added", r"what (?:did|have|has) (?:i|we) (?:add(?:ed)?|index(?:ed)?|import(?:ed)?) (?:last|most recently|recently|latest)\W*$"),
    ("highest", "author count", rf"{_ASK}(?:the\s+)?{PAPERS} (?:with|has|have|having) {MOST} authors{_END}"),
    ("lowest", "author count", rf"{_ASK}(?:the\s+)?{PAPERS} (?:with|has|have|having) {FEWEST} authors{_END}"),
    ("ranking", "authors", rf"who (?:wrote|has written|authored|published|has published|is the author of|appears on) {MOST}(?: {PAPERS})?{_END}"),
    ("ranking", "authors", rf"(?:who is|who are|which is|what is) the most (?:prolific|frequent|common|productive) (?:author|writer|researcher)s?{_END}"),
    ("ranking", "data", rf"(?:which|what) {_DATA} (?:is|are) (?:the )?(?:most (?:often |frequently |commonly )?used|used (?:the )?most(?: often| frequently)?|most (?:popular|common|frequent))(?: {_DATA})?(?: (?:in|by) {PAPERS})?{_END}"),
    ("ranking", "data", rf"(?:(?:which|what)(?: is| are)|{SHOW})? ?(?:the )?most (?:often used|used|common|commonly used|frequent|popular|widely used) {_DATA}{_END}"),
    ("values", "data", rf"(?:which|what|{SHOW}){_ALL}(?: different)? {_DATA} (?:are (?:there|used|mentioned|named|reported)|do (?:the|these|my|your) {PAPERS} (?:use|mention|report on|evaluate on)){_END}"),
    ("ranking", None, rf"(?:which|what) {_FIELD} {_HAS_MOST}(?: {PAPERS})?{_END}"),
    ("ranking", None, rf"(?:(?:which|what)(?: is| are)|{SHOW}) (?:the )?most (?:prolific|frequent|common|productive) {_FIELD}{_END}"),
    ("ranking", None, rf"(?:from|in) (?:which|what) {_FIELD} (?:do|are|come|were|is|did) (?:the )?most (?:of the )?{PAPERS}(?: (?:come|published|appear|stem))?(?: from| in)?{_END}"),
    ("values", "language", rf"(?:in )?(?:which|what) languages? (?:are|were) (?:(?:the|my|these|all) )*{PAPERS}(?: written)?(?: in)?{_END}"),
    ("values", None, rf"{HOW_MANY} (?:the |all )?(?:different |distinct |unique )?{_FIELD}{_END}"),
    ("values", None, rf"(?:(?:which|what|who)(?: are)?|{SHOW}){_ALL}(?: different| distinct| unique)? {_FIELD}(?: (?:do (?:the|these|your) {PAPERS} (?:come from|cover|have|span|range over)|(?:published|wrote|are behind) (?:the|these|my|your) {PAPERS}))?{_END}"),
    ("values", "year", rf"(?:what|which) (?:years?|period|time span|range of years|time) (?:do|does|is|are) (?:(?:the|these|my|your|all) )*(?:{PAPERS}|library|collection) (?:span|cover(?:ed)?|from|range over|come from){_END}"),
    ("values", None, rf"(?:{HOW_MANY}|{_ASK}the number of)? ?{PAPERS} (?:are there |do (?:you|we) have |were published |are |come )?{_PER}{_END}"),
    ("values", None, rf"(?:{SHOW}|what is) (?:the )?(?:distribution|breakdown|histogram) (?:of|by|per|over) (?:{PAPERS} (?:by|per|over) )?{_FIELD}{_END}"),
    ("values", None, rf"(?:(?:the )?{_FIELD} (?:distribution|breakdown|histogram)){_END}"),
    ("not recorded", None, rf"(?:{HOW_MANY}|which|what|{SHOW}){_ALL} {PAPERS} {_LACK} {_RECORDED}{_END}"),
    ("not recorded", "year", rf"(?:{HOW_MANY}|which|{SHOW}){_ALL} {PAPERS} are undated{_END}|(?:{HOW_MANY}|{SHOW}){_ALL} undated {PAPERS}{_END}"),
    ("recorded", None, rf"(?:{HOW_MANY}|which|what|{SHOW}){_ALL} {PAPERS} (?:that |which )?(?:with|have|has|give|state) {_RECORDED}{_END}"),
)  # fmt: skip
_COMPILED = [
    (operation, field, re.compile(rf"^{LEAD}(?:{pattern})$", re.IGNORECASE)) for operation, field, pattern in _PATTERNS
]
_AUTHOR_COUNT = re.compile(
    r"\bhow many (?:co-?)?authors\b.*\b(?:has|have|had|wrote|written|on|behind|of)\b|\bhow many (?:people|researchers) (?:wrote|authored)\b|\bnumber of authors (?:of|on)\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"\b(?:which|what) (?:source |input )?(?:file|page)\b.*\b(?:it|this|that|paper|from|in|hold|contain)\b",
    re.IGNORECASE,
)
_CATEGORY = re.compile(
    r"\b(?:which|what)(?: is the| are the)? (?:arxiv )?categor(?:y|ies)\b.*\b(?:it|this|that|paper|of|in)\b",
    re.IGNORECASE,
)


EVERY = 1_000_000
"""The count of papers where all are asked for, in an order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks of records."""

    operation: Operation
    """`record`: of one paper. Of all: the papers with the `highest` or `lowest` value; the values with how many papers
    have each, as a `ranking` or in their order; the papers in whose record the field is, or is not, filled."""
    field: RecordField | Field
    """`data` is no field of a record: the data sets that abstracts name."""
    count: int = 1
    """How many papers are asked for."""
    among: str = ""
    """The words behind the word for papers, which limit the papers to a topic: "on contrastive learning"."""


def asked_of_one(question: str) -> Asked | None:
    """What is asked of the record of one paper."""
    if _AUTHOR_COUNT.search(question):
        return Asked("record", "author count")
    if _SOURCE.search(question):
        return Asked("record", "sources")
    if _CATEGORY.search(question):
        return Asked("record", "categories")
    field = record_field(question)
    if field == "link" and re.search(r"\bdoi\b", question, re.IGNORECASE):
        return Asked("record", "doi")
    return None if field is None else Asked("record", field)


def asked_of_all(question: str) -> Asked | None:
    """What is asked of the records of all papers, or of those that pass filters which are taken out of the question."""
    for operation, field, pattern in _COMPILED:
        if match := pattern.match(question):
            named = match.groupdict()
            if field == "date":
                return _extreme(match)
            return Asked(operation, field or _field(named["field"]))
    return None


def _extreme(match: re.Match[str]) -> Asked:
    """Which of the newest or oldest papers are asked for, and how many."""
    named = {name.removeprefix("b_"): words for name, words in match.groupdict().items() if words}
    plural = re.search(rf"{NOUN}|\b(?:work|surveys|reviews)\b", match[0], re.IGNORECASE) is not None
    amount = named.get("amount") or named.get("amount2")
    count = number(amount) if amount else 5 if plural else 1
    topic = " ".join(filter(None, [named.get(part, "").strip() for part in ("kind", "topic", "topic2")]))
    return Asked("lowest" if "old" in named else "highest", "added" if "added" in named else "date", count, topic)


def _field(words: str) -> Field:
    return next(field for field, names in _NAMES.items() if re.fullmatch(names, words, re.IGNORECASE))
