"""Recognizes questions that the records of papers answer, not their abstracts: of one paper, or of all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.query.record import RecordField, record_field
from assistant.query.request import LEAD, NOUN
from assistant.text.number_words import WORDS

Field = Literal[
    "authors", "year", "date", "added", "venue", "categories", "organisation", "sources", "doi", "link", "author count"
]
Operation = Literal["record", "highest", "lowest", "ranking", "values", "recorded", "not recorded"]

_NAMES: dict[Field, str] = {
    "authors": r"(?:authors?|writers?|researchers?|people|persons?|names?)",
    "year": r"years?",
    "venue": r"(?:venues?|journals?|conferences?)",
    "categories": r"(?:categor(?:y|ies)|arxiv categor(?:y|ies))",
    "organisation": r"(?:organi[sz]ations?|affiliations?|institutions?|companies|company|labs?)",
    "sources": r"(?:source files?|sources?|files?|documents?)",
    "doi": r"dois?",
    "link": r"(?:links?|urls?)",
    "date": r"(?:publication )?dates?",
}
_PAPERS = rf"(?:papers?|articles?|publications?|stud(?:y|ies)|works?|{NOUN})"
_HERE = r"(?:(?:are|is)\s+)?(?:(?:in|of|from|for)\s+(?:the|this|my|our|your)\s+(?:library|collection|corpus|database|papers|set|pile)|here|overall|there|in total|do (?:you|we) have|are (?:there|covered|represented|included|recorded|listed))?"
_END = rf"\s*{_HERE}\W*$"
_AMOUNT = rf"(?:(?P<amount>\d{{1,3}}|{'|'.join(WORDS)})\s+)?"
_NEW = r"(?P<new>newest|latest|most recent(?:ly published)?|youngest|last published)"
_OLD = r"(?P<old>oldest|earliest|least recent|first published)"
_ADDED = r"(?P<added>(?:most recently|last|latest|newest|recently) (?:added|indexed|stored))"
_ASK = r"(?:(?:what|which|who)(?:[’']s| is| are| was| were)?|show(?: me)?|give me|find|list|name|tell me)?\s*"

_PATTERNS: tuple[tuple[Operation, Field | None, str], ...] = (
    ("highest", "date", rf"{_ASK}(?:the\s+)?{_AMOUNT}(?:{_ADDED}|{_NEW}|{_OLD})\s+{_AMOUNT.replace('amount', 'amount2')}{_PAPERS}(?:\s+titles?)?{_END}"),
    ("highest", "date", rf"(?:which|what) {_PAPERS} (?:is|are|was|were) (?:the )?(?:{_ADDED}|{_NEW}|{_OLD})(?:\s+{_PAPERS}|\s+one)?{_END}"),
    ("highest", "author count", rf"{_ASK}(?:the\s+)?{_PAPERS} (?:with|has|have|having) the (?:most|largest number of|highest number of|greatest number of|longest list of) authors{_END}"),
    ("lowest", "author count", rf"{_ASK}(?:the\s+)?{_PAPERS} (?:with|has|have|having) the (?:fewest|least|smallest number of|lowest number of) authors{_END}"),
    ("ranking", "authors", rf"who (?:wrote|has written|authored|published|has published|is the author of|appears on) (?:the )?(?:most|largest number of)(?: {_PAPERS})?{_END}"),
    ("ranking", "authors", rf"(?:who is|who are|which is|what is) the most (?:prolific|frequent|common|productive) (?:author|writer|researcher)s?{_END}"),
    ("ranking", None, rf"(?:which|what) (?P<field>{{names}}) (?:has|have|had|wrote|contributed|contributes?|accounts? for|holds?|contains?|published|appears? (?:in|on)|is behind|saw|with) (?:the )?(?:most|largest number of|highest number of|greatest number of)(?: {_PAPERS})?{_END}"),
    ("ranking", None, rf"(?:(?:which|what)(?: is| are)|show(?: me)?|name|list) (?:the )?most (?:prolific|frequent|common|productive) (?P<field>{{names}}){_END}"),
    ("ranking", None, rf"(?:from|in) (?:which|what) (?P<field>{{names}}) (?:do|are|come|were|is|did) (?:the )?most (?:of the )?{_PAPERS}(?: (?:come|published|appear|stem))?(?: from| in)?{_END}"),
    ("values", None, rf"(?:how many|what is the (?:total )?number of|number of|count (?:the|all)) (?:different |distinct |unique )?(?P<field>{{names}}){_END}"),
    ("values", None, rf"(?:which|what|list|show(?: me)?|name|give me)(?: are)?(?: all)?(?: of)?(?: the)?(?: different| distinct| unique)? (?P<field>{{names}})(?: do (?:the|these|your) {_PAPERS} (?:come from|cover|have))?{_END}"),
    ("values", None, rf"(?:how many|{_ASK}the number of|number of|count(?: of)?)? ?{_PAPERS} (?:are there |do (?:you|we) have |were published |are |come )?(?:per|by|in each|for each|from each|from every) (?P<field>{{names}}){_END}"),
    ("values", None, rf"(?:show(?: me)?|give me|what is) (?:the )?(?:distribution|breakdown|histogram) (?:of|by|per|over) (?:{_PAPERS} (?:by|per|over) )?(?P<field>{{names}}){_END}"),
    ("not recorded", None, rf"(?:how many|which|what|list|show(?: me)?|count)(?: all| the)* {_PAPERS} (?:(?:that |which )?(?:are|is) (?:without|missing)|(?:that |which )?(?:have|has) no|without|lack(?:ing)?|miss(?:ing)?|(?:that |which )?(?:do not|does not|don[’']t|doesn[’']t) (?:have|state|give|name)|with no) (?:an? |any |the )?(?:known |recorded |stated )?(?P<field>{{names}})(?: recorded| stated)?{_END}"),
    ("not recorded", "year", rf"(?:how many|which|list|show(?: me)?)(?: all| the)* {_PAPERS} are undated{_END}|(?:how many|list|show)(?: all| the)* undated {_PAPERS}{_END}"),
    ("recorded", None, rf"(?:how many|which|what|list|show(?: me)?|count)(?: all| the)* {_PAPERS} (?:that |which )?(?:with|have|has|give|state) (?:an? |any |the |their )?(?:known |recorded |stated )?(?P<field>{{names}})(?: recorded| stated)?{_END}"),
)  # fmt: skip
_ANY = "|".join(_NAMES.values())
_COMPILED = [
    (operation, field, re.compile(rf"^{LEAD}(?:{pattern.replace('{names}', _ANY)})$", re.IGNORECASE))
    for operation, field, pattern in _PATTERNS
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks of records."""

    operation: Operation
    """`record`: of one paper. Of all: the papers with the `highest` or `lowest` value; the values with how many papers
    have each, as a `ranking` or in their order; the papers in whose record the field is, or is not, filled."""
    field: RecordField | Field
    count: int = 1
    """How many papers are asked for."""


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
        match = pattern.match(question)
        if match is None:
            continue
        named = match.groupdict()
        if field == "date":
            amount = named.get("amount") or named.get("amount2")
            plural = re.search(rf"{NOUN}", match[0], re.IGNORECASE) is not None
            count = _number(amount) if amount else 5 if plural else 1
            by = "added" if named.get("added") else "date"
            return Asked("lowest" if named.get("old") else "highest", by, count)  # type: ignore[arg-type]
        return Asked(operation, field or _field(named["field"]))
    return None


def _field(words: str) -> Field:
    return next(field for field, names in _NAMES.items() if re.fullmatch(names, words, re.IGNORECASE))


def _number(words: str) -> int:
    return int(words) if words.isdigit() else int(WORDS[words.lower()])
