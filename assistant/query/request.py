"""Recognizes requests for all papers of a kind, "how many papers …", "list the papers that …", and what they are about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.query.metadata import EVERY, Asked
from assistant.query.vocabulary import (
    ANYTHING,
    ARE_THERE,
    HOW_MANY,
    IN_LIBRARY,
    LEAD,
    LIBRARY,
    NOUN,
    ONE,
    OWNER,
    REVIEWS,
    SHOW,
)

_NOUN_OF_KIND = rf"(?:{NOUN}|{REVIEWS})"
_NOUN_ALONE = rf"(?:papers|articles|publications|preprints|{REVIEWS})"
"""Nouns that are no verbs as well, so that a question may begin with them."""
_NO_TOPIC = (
    r"(?!(?:compare|contrast|summari[sz]e|explain|describe|discuss|evaluate|read|open|sort|rank|check)\s|"
    r"(?:these|those|both|two|three|other|more|similar|related|further|such|same|different|first|last|next|previous|cited)\s)"
)
"""What stands before a noun without naming a topic: other commands, and pointers at papers that were shown."""
_OF = r"(?:(?:all|every|each|any|some|the|these|those|your|our|my|other|of|only|just|different|a complete list of|an overview of)\s+)*"
_BEFORE = r"(?:[^\s?.,;:]+\s+)"
_GOES_ON = (
    r"(?:on|about|of|by|from|that|which|with|using|in|at|published|(?:co-?)?authored|written|since|dated|dealing|concerning|added|before|after|between|"
    r"without|no later|not|until|till|up to|older|newer|earlier|later|during|have|has|(?:sorted|ordered) by|\d\d)"
)
_COUNT = re.compile(
    rf"^{LEAD}{HOW_MANY}\s+{_OF}(?P<before>{_BEFORE}{{0,6}}?)(?P<noun>{_NOUN_OF_KIND})\b(?P<rest>.*)$", re.IGNORECASE
)
_LIST = re.compile(
    rf"^{LEAD}(?:{SHOW}|which|what)?\s*(?:every|each)\s+(?:single\s+)?(?P<before1>{_BEFORE}{{0,6}}?)(?P<noun1>{ONE})\b(?P<rest1>.*)$"
    rf"|^{LEAD}(?:(?:which|what)(?:\s+are)?|{SHOW}|{ARE_THERE})\s+{_OF}(?P<before>{_BEFORE}{{0,6}}?)(?P<noun>{_NOUN_OF_KIND})\b(?P<rest>.*)$"
    rf"|^{LEAD}(?:do|does|have|did)\s+(?:any|some)(?:\s+of)?\s+(?:(?:the|these|my|our|your)\s+)?(?P<before4>{_BEFORE}{{0,2}}?)(?P<noun4>{_NOUN_OF_KIND})\b(?P<rest4>.*)$"
    rf"|^{LEAD}{ARE_THERE}\s+(?:an?|any|some)\s+(?P<before5>{_BEFORE}{{0,2}}?)(?P<noun5>{ONE}|survey|review|work)\s+(?P<rest5>(?:on|about|by|from|of)\b.*)$"
    rf"|^{LEAD}(?:all|any|recent|every)?\s*(?P<before2>{_BEFORE}{{0,3}}?)(?P<noun2>{_NOUN_ALONE})\s+(?P<rest2>{_GOES_ON}\b.*)$"
    rf"|^{LEAD}(?:all|any|the)?\s*(?P<before3>(?:{_NO_TOPIC}{_BEFORE}){{0,4}}?)(?P<noun3>{_NOUN_ALONE})(?P<rest3>\W*)$",
    re.IGNORECASE,
)
_ANY = re.compile(
    rf"^{LEAD}(?:(?:{SHOW}|{ARE_THERE})\s+)?(?:all\s+)?{ANYTHING}\s+(?:(?:is|are) there\s+)?(?P<rest>.+)$"
    rf"|^{LEAD}(?:{SHOW}\s+)?what\s+(?P<rest3>(?:(?:was|is|were|came|appeared|has been)\s+)(?:published|written|out|in|by)\s.+)$"
    rf"|^{LEAD}(?P<many>how many)\s+(?P<rest2>(?:(?:are|is|were|was|come|came|appeared|have been)\s+|published\s+|date\s+).+)$",
    re.IGNORECASE,
)
"""A request whose noun says nothing: "anything from 2016", "how many are by Ann Beek"."""
_ABOUT_TOPIC = re.compile(
    r"^(?:(?:is|are|published|written|new)\s+)*(?:on|about|regarding|concerning)\s+(?!this\b|that\b|it\b|how\b|what\b|whether\b)",
    re.I,
)
_FUNCTION = re.compile(
    r"\b(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|in|on|for|by|from|with|to|than|as|that|"
    r"which|what|who|how|why|when|where|if|say|says|it|they|its|their|these|this|per|not|compare|contrast)\b|[\"“”()\[\]]",
    re.IGNORECASE,
)
"""Words that do not stand before the noun of a list: there the noun belongs to something else."""
_OWNED = re.compile(
    rf"^\s*(?:{IN_LIBRARY}\s*)?"
    r"(?:(?:does|do|did|was|were|is|can|could|will|would|should|must)\s+(?:the|a|an|this|that|these|those|it|he|she|they|its|their|each|authors?|"
    r"(?-i:[A-Z][\w-]*))\b|(?:has|have|had)\s+(?:(?:the|these|those|this|their)\s+)?(?:authors?|surveys?|reviews?|it|he|she|they|researchers)\b)(?!\s+(?:about|on)\b)",
    re.IGNORECASE,
)
"""What some other subject does with papers: "how many papers does the survey cover"."""
_MATERIAL = re.compile(
    r"^\s*(?:(?:that|which)\s+)?(?:were|was|are|is|have been|had been|being|get|got)\s+(?:\w+ly\s+)?(?:reviewed|surveyed|cited|included|analy[sz]ed|annotated|"
    r"labell?ed|collected|used|selected|screened|examined|considered|covered|retrieved|crawled|read|downloaded|sampled|summari[sz]ed|"
    r"evaluated|scraped|gathered|excluded|retracted|needed|required|judged|rated|processed|parsed|filtered)\b"
    r"|^\s*(?:per|a|each|every)\s+(?:day|week|month|reviewer|author|person)\b|^\s*[’']s?\s",
    re.IGNORECASE,
)
"""Papers as the material of a study."""
_NEGATED = re.compile(
    r"^\s*(?:(?:that|which)\s+)?(?:(?:are|were|is)\s+)?(?:not|except|other than)\b(?!\s+(?:later|earlier|before|after|older|newer|yet)\b)",
    re.IGNORECASE,
)
"""All papers but some, which no filter can say."""
_ASKS_MORE = re.compile(
    r"(?:,|\band)\s+(?:(?:by|in|on|with|for|to|from|at)\s+)?(?:what|which|how|why|when|where|who|whose|whether)\b",
    re.IGNORECASE,
)
"""A second question within the first, which a list does not answer."""
_WHOSE = re.compile(
    rf"^{LEAD}what (?:all )?(?:(?:has|have|had) (?P<name>{_BEFORE}{{1,4}}?)(?:published|written|authored)|did (?P<name2>{_BEFORE}{{1,4}}?)(?:publish|write|author))\b"
    r"(?P<rest>(?:\W.*)?)$",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r",?\s*(?:sorted|ordered|arranged|ranked|sort|order)\s+by\s+(?:(?:publication\s+)?(?:year|date)|age|time)\b(?:.*?(?P<oldest>oldest|ascending))?.*$"
    r"|,?\s*(?:(?:newest|latest|most recent)\s+first|(?P<oldest2>oldest|earliest)\s+first|(?P<oldest3>in\s+(?:reverse\s+)?chronological\s+order|chronologically))\W*$",
    re.IGNORECASE,
)
WROTE = re.compile(
    rf"\b(?:did|has|have|had|does)\s+(?P<name>(?!(?:an?|the|no|any|more|at|only|exactly|\d+)\b)(?:(?!{NOUN}\b)[^\s?.,;]+\s+){{1,5}}?)(?:write|written|author|authored|publish|published|co-?author(?:ed)?|produced?)\b",
    re.IGNORECASE,
)
"""Whose papers are asked for: "how many papers did Ann Beek write"."""
_HELD = re.compile(
    r"\b(?:(?:are|is)\s+there|do\s+(?:you|we|i)\s+(?:have|hold|know(?:\s+of)?|cover)|have\s+(?:you|we|i)(?:\s+got)?|(?:that|which)?\s*(?:you|we|i)\s+(?:have|hold|know(?:\s+of)?)|"
    rf"does\s+{OWNER}\s+{LIBRARY}\s+(?:have|hold|contain|include)|(?:are\s+|is\s+)?{IN_LIBRARY}|"
    r"(?:are\s+)?(?:in\s+)?here(?=\W*$)|in\s+(?:total|all)(?=\W*$)|altogether|overall(?=\W*$)|at\s+all(?=\W*$)|there(?=\W*$)|please(?=\W*$))",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^(?:(?:that|which|who|do|does|did|are|is|were|was|be|have been|also|all|mainly|mostly|primarily|actually|explicitly)\s+)*"
    r"(?:(?:use|uses|using|used|apply|applies|applying|employ|employs|employing|study|studies|studying|address|addresses|addressing|discuss|"
    r"discusses|discussing|mention|mentions|mentioning|concern|concerns|concerning|cover|covers|covering|treat|treats|treating|explore|explores|"
    r"exploring|investigate|investigates|investigating|consider|considers|considering|involve|involves|involving|regard|regarding|"
    r"(?:deal|deals|dealing|work|works|working|concerned|do)\s+with|(?:focus|focuses|focusing|focused|work|works|working|centred|centered|based|touch|are|report|reports|reporting)\s+on|"
    r"(?:talk|talks|talking|speak|written|write)\s+about|related\s+to|relate\s+to|relevant\s+(?:to|for)|(?:look|looking)\s+(?:at|into))"
    r"(?:\s+(?:or|and)\s+(?:use|study|apply|discuss|address|mention|investigate|consider|explore))?\s+|about\s+|on\s+(?:the\s+(?:topic|subject)\s+of\s+)?|in\s+the\s+(?:field|area)\s+of\s+|regarding\s+|with\s+)?"
    r"(?:the\s+(?:topic|subject|field|area)s?\s+(?:of\s+)?)?",
    re.IGNORECASE,
)
"""What stands between the papers and their topic and adds nothing to it."""
_TAIL = re.compile(
    r"(?:\s+(?:and|or|but|that|which|are|were|is|was|have|do|there|the|of|by|with|from))*[\s?.!,;:]*$", re.I
)
_IDLE = frozenset(
    """the a an of all any some every each other different many exactly exist exists existing available listed stored held known
    currently now so far far do does did are is were was be been that which who have has had got there you we i it and or
    together present included contained recorded total published written released""".split()
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request for papers, cut at the word for them."""

    intent: Literal["list", "count"]
    before: str
    noun: str
    rest: str


def request_of(question: str) -> Request | None:
    """The request for all papers of a kind; None for any other question. Quoted words must be hidden in `question`."""
    for intent, pattern in (("count", _COUNT), ("list", _LIST)):
        match = pattern.match(question)
        if match is None:
            continue
        named = match.groupdict()
        before, noun, rest = (
            next((v for n in ("", 1, 2, 3, 4, 5) if (v := named.get(f"{key}{n}")) is not None), "")
            for key in ("before", "noun", "rest")
        )
        if _NEGATED.match(rest) or _FUNCTION.search(before) or _MATERIAL.match(rest) or _ASKS_MORE.search(rest):
            return None
        if _OWNED.match(rest) and not (_HELD.match(rest.strip()) or WROTE.search(rest)):
            return None
        return Request("count" if intent == "count" else "list", before.strip(), noun, rest)
    return None


def may_describe(words: str) -> bool:
    """Whether the words before the word for papers can describe them, as an adjective or a year does."""
    return not _FUNCTION.search(words)


def published_by(question: str) -> tuple[str, str] | None:
    """Whose papers are asked for without the word for papers ("what did Ann Beek write about fog?"), and what follows."""
    match = _WHOSE.match(question)
    return (match["name"] or match["name2"], match["rest"] or "") if match else None


def unnamed_request_of(question: str) -> Request | None:
    """The request for whatever passes filters, or is about a topic; the caller checks that the rest says one of these."""
    match = _ANY.match(question)
    if match is None:
        return None
    return Request(
        "count" if match["many"] else "list", "", "papers", match["rest"] or match["rest2"] or match["rest3"]
    )


def names_topic(rest: str) -> bool:
    """Whether what follows "anything" says what papers are about."""
    return _ABOUT_TOPIC.match(rest) is not None


def without_order(rest: str) -> tuple[str, Asked | None]:
    """What follows the papers without the order in which they are wanted, and that order."""
    match = _ORDER.search(rest)
    if match is None:
        return rest, None
    oldest = (match["oldest"] or match["oldest2"] or match["oldest3"]) is not None and not re.search(
        r"reverse", match[0], re.IGNORECASE
    )
    return rest[: match.start()], Asked("lowest" if oldest else "highest", "date", EVERY)


def names_in(words: str) -> tuple[str, ...]:
    """The names that are joined by "and"."""
    return tuple(filter(None, (name.strip() for name in re.split(r",|\s+(?:and|or|&)\s+|&", words))))


def without_holding(text: str) -> str:
    """The text without words that only say that the library holds what is asked for."""
    return " ".join(_HELD.sub(" ", text).split())


def topic_of(left: str) -> str:
    """What papers are about, from the words that are left when the filters are taken out; empty where they say nothing."""
    bare = _TAIL.sub("", left.strip(" ,;:?!."))
    words = _ABOUT.sub("", bare, count=1).strip(" ,;:?!.")
    if all(word in _IDLE for word in re.findall(r"\w+", words.casefold())):
        return ""
    return words
