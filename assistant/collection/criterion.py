"""Reduces what a list or count question asks for to the terms that a paper has to state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.collection.common_words import COMMON_WORDS
from assistant.collection.paper_text import stems_of
from assistant.collection.statements import Statement, statement_of
from assistant.collection.thesaurus import Concept, Part, parts_of

_ASKING = re.compile(
    r"""(?ix)^\W*(?:please\s+)?(?:can\s+you\s+|could\s+you\s+)?
    (?:(?:list|show|find|name|give|count|enumerate|tell)\b(?:\s+(?:me|us|out))?
      |how\s+many|how\s+much|which|what|number\s+of|are\s+there(?:\s+any)?|is\s+there)\b""",
)
_PAPERS = r"(?:papers?|works?|studies|study|articles?|abstracts?|publications?|documents?)"
_SUBJECT = re.compile(
    rf"(?i)^\W*(?:(?:of|all|every|each|any|some|the|these|those|my|our|single)\s+)*(?:[^.,;]{{0,30}}?\s)??{_PAPERS}\b"
    r"(?:\s+(?:in|of|from)\s+(?:the|my|this|our)\s+(?:library|collection|corpus|pile))?"
)
_FILLER = re.compile(
    r"""(?ix)^\W*(?:(?:that|which|who|where|whose|are|is|be|there|do|does|we|i|have|has|a|an|the|any|some|all|in|my|library|
    or|and|to|of|with|on|about|for|into|around|regarding|concerning|they|their|say|says|state|states|mention|mentions|
    this|papers?|actually|also|mainly|explicitly|
    us(?:e|es|ing|ed)|stud(?:y|ies|ied|ying)|deal(?:s|ing)?|work(?:s|ing)?|appl(?:y|ies|ied|ying)|consider\w*|address\w*|discuss\w*|
    investigat\w+|examin\w+|explor\w+|focus\w*|concern\w*|cover\w*|treat\w*|involv\w+|employ\w*|based|tackl\w+|look(?:s|ing)?\ at|
    evaluat\w+|experiment\w*|report\w*|test\w*|give|gives|show|shows|contain\w*|topics?|subjects?|field|area)\b\s*)+"""
)
_TAIL = re.compile(
    r"(?ix)(?:\s+(?:are|is)\s+there|\s+(?:are\s+)?in\s+(?:the|my|this|our)\s+(?:library|collection|corpus|pile)|\s+do\s+(?:we|i|you)\s+have)?\W*$"
)
_RESULTS = re.compile(
    r"(?i)^(?:an?\s+|the\s+)?(?:results?|experiments?|figures?|numbers?|accurac(?:y|ies)|scores?)\s+(?:on|for|with)\s+(?:the\s+)?"
)
_OR = re.compile(
    r"\s*,?\s*\b(?:such\s+as|e\.g\.,?|for\s+example,?|including)\s+(?:by\s+)?|\s*,\s*(?:and\s+|or\s+)?|\s+(?:or|and|and/or)\s+|\s*/\s*"
)
_LIKE = re.compile(r"(\b[\w-]*[A-Z][\w-]*)-(?:like|based|style|type)\b")
_NAME = re.compile(r"\w*[A-Z]\w*[A-Z0-9]\w*$")
_INTRODUCES = re.compile(
    r"(?i)^\W*(?:(?:introduc|propos|present|develop|contribut|design|invent|creat|build|put\s+forward)\w*\s+(?:an?\s+|the\s+)?(?:new\s+|novel\s+)?|(?:new|novel)\s+)"
)
_KIND_THAT = re.compile(
    r"(?i)^(?:methods?|models?|approach(?:es)?|techniques?|algorithms?|systems?)\s+(?:that|which|to|for|with)\s+"
)
"""What is asked of the methods is what is asked for: "methods that need no labels"."""
_ABOUT = re.compile(rf"(?i)\b{_PAPERS}\s+(?:on|about)\s+(?P<topic>[^,?]+?)\s+(?:that|which|with|whose)\b")
_SURVEYED = re.compile(
    r"(?i)\b(?:surveys?|reviews?|overviews?|tutorials?)(?:\s+papers?)?\s+(?:of|on|about|in)\s+(?!these\b|the\s+(?:library|papers)\b)(?P<topic>[^,?]+)"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One of the alternatives of a criterion."""

    text: str
    stems: tuple[str, ...]
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, text: str) -> Term:
        """The term with these words."""
        return cls(text, stems_of(text), parts_of(text))

    @property
    def is_name(self) -> bool:
        """Whether it is one word written as a name, such as `CLIP` or `ImageNet`."""
        return bool(_NAME.fullmatch(self.text))

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """The concepts of the thesaurus that the term as a whole stands for, any of which is meant."""
        known = [part.concepts for part in self.parts if part.concepts]
        rest = {stem for part in self.telling if not part.concepts for stem in part.stems}
        shared = (c for c in (known[0] if known else ()) if all(c in others for others in known))
        return tuple(c for c in shared if rest <= c.own_words)

    @property
    def telling(self) -> tuple[Part, ...]:
        """The parts that say what it is about."""
        return tuple(p for p in self.parts if p.concepts or not set(p.stems) <= COMMON_WORDS)

    @property
    def canonical(self) -> str:
        """The usual names of its concepts, else the term as it is."""
        return " or ".join(c.name for c in self.concepts) or self.text


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a paper has to state: any of the terms, or what the statement says about itself."""

    text: str
    """The criterion without the words that only ask for papers."""
    terms: tuple[Term, ...]
    statement: Statement | None
    introduces: bool = False
    """Whether the paper has to put it forward itself."""


def criterion_of(wording: str) -> Criterion:
    """The criterion behind a topic ("diffusion models") or a question ("How many papers are about diffusion models?")."""
    predicate = _predicate(wording)
    text = _RESULTS.sub("", _FILLER.sub("", predicate)).strip(" ?.,;:") or predicate.strip(" ?.") or wording.strip()
    if (statement := statement_of(wording)) is not None:
        about = _ABOUT.search(wording) or (_SURVEYED.search(wording) if statement.name == "survey" else None)
        return Criterion(text, _terms(about["topic"]) if about else (), statement)
    introduced = _INTRODUCES.match(text)
    if introduced is None:
        return Criterion(text, _terms(text), None)
    thing = _FILLER.sub("", text[introduced.end() :])
    asked = _KIND_THAT.sub("", thing)
    return Criterion(asked, _terms(asked), None, introduces=asked == thing)


def _predicate(wording: str) -> str:
    """What is asked of the papers: all after "which papers"."""
    asking = _ASKING.match(wording)
    if asking is None:
        return wording
    rest = wording[asking.end() :]
    subject = _SUBJECT.match(rest)
    if subject is None:
        return _TAIL.sub("", rest)
    before = re.sub(
        rf"(?i)\b{_PAPERS}$|^\W*(?:(?:of|all|every|each|any|some|the|these|those|my|our|single)\s+)*", "", subject[0]
    ).strip()
    after = _TAIL.sub("", rest[subject.end() :])
    return after if _FILLER.sub("", after).strip(" ?.") else before


def _terms(text: str) -> tuple[Term, ...]:
    """The alternatives; "medical or biomedical data" are "medical data" and "biomedical data"."""
    whole = Term.of(text)
    if whole.concepts and len([p for p in whole.parts if p.concepts]) == 1:
        return (whole,)  # one name of a concept, though it may have an "and" in it
    parts = [p for p in _OR.split(text) if p.strip()]
    found: dict[tuple[str, ...], Term] = {}
    for i, part in enumerate(parts):
        wording = _completed(part, parts[i - 1].split() if i else [], parts[-1].split() if i < len(parts) - 1 else [])
        for each in (wording, *(m[1] for m in _LIKE.finditer(wording))):
            term = Term.of(each)
            if term.stems:
                found.setdefault(term.stems, term)
    return tuple(found.values())


def _completed(part: str, before: Sequence[str], last: Sequence[str]) -> str:
    """A single word with what it shares: "continual or lifelong learning", "video understanding or generation"."""
    if all(map(_NAME.fullmatch, part.split())):
        return max(part.split(), key=len)  # "MS COCO" is mostly called "COCO"
    if len(part.split()) > 1 or Term.of(part).concepts:
        return part
    if len(last) > 1:
        return f"{part} {last[-1]}"
    return " ".join([*before[:-1], part])
