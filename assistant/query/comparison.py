"""Recognizes questions that lay papers side by side: all those of a kind, or several that are named."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.extraction.kind_names import kind_named
from assistant.query.request import Request, may_describe
from assistant.query.vocabulary import LEAD, NOUN

_MOST_NAMES = 8
_LONGEST_COLUMN = 6
"""Words of a column."""
_WAYS = r"(?:methods|approaches|techniques|models|systems|algorithms|architectures|frameworks)"
_ALL = r"(?:(?:all|each|any|some|the|these|those|your|our|my|other|of|different|existing|various|several)\s+)*"
_FORM = re.compile(
    r"[\s,]+(?:(?:in|as|using) (?:an?|one) (?:\w+ )?(?:table|grid|matrix|spreadsheet)|side by side|with each other|to (?:one another|each other))\W*$",
    re.IGNORECASE,
)
_TABLE = re.compile(
    rf"^{LEAD}(?:(?:make|give|show|create|build|draw|produce|generate|write|prepare|i (?:want|need))(?: me)?\s+)?(?:(?:an?|the)\s+)?(?:\w+\s+)?(?:table|grid|matrix|spreadsheet)\s+(?:of|comparing|with|for|on|about|that compares)\s+(?P<what>.+)$"
    rf"|^{LEAD}tabulate\s+(?P<what2>.+)$",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    rf"^{LEAD}(?:(?:compare and contrast|compare|contrast)\s+(?P<what>.+)"
    r"|(?:(?:make|give|show|write|create|do|provide|i (?:want|need))(?: me)?\s+)?(?:an?\s+|the\s+)?(?:\w+\s+)?comparison (?:of|between|among)\s+(?P<what2>.+)"
    r"|(?P<what3>(?:[^\s?.,;:]+\s+){1,6}?(?:vs\.?|versus)(?:\s+[^\s?.,;:]+){1,6}))\W*$",
    re.IGNORECASE,
)
_HOW = re.compile(
    rf"^{LEAD}(?:how (?:do|does)\s+(?P<what>.+?)\s+(?:compare|differ)(?P<tail>\s+.+)?"
    r"|what (?:are|is) (?:the )?(?:main |key )?(?:differences?|similarities)(?: and (?:differences|similarities))?(?: in (?P<columns>.+?))? (?:between|among|across|of)\s+(?P<what2>.+))\W*$",
    re.IGNORECASE,
)
_BY = re.compile(
    r"[\s,]+(?P<word>in terms of|with (?:respect|regard) to|regarding|with (?:the )?columns?(?: for)?|(?:showing|listing)|by|on|in|along|and)\s+(?P<columns>(?:(?:their|the|its)\s+)?[^?.!;:]+?)\W*$",
    re.IGNORECASE,
)
_IN = r"^\s*(?:in(?: terms of)?|with (?:respect|regard) to|regarding|by|on)\b"
_ANY_COLUMN = re.compile(r"in terms of|with |regarding|showing|listing", re.IGNORECASE)
"""Words that only a column follows; behind the others ("by Ann Beek", "on ImageNet") it must be a kind of fact."""
_OWNER = r"(?:of|in|from|across|among|behind|used (?:in|by)|reported (?:in|by)|stated (?:in|by)|proposed (?:in|by))"
_PAPERS = re.compile(
    rf"^(?:(?P<columns>[^?.!;:]+?)\s+{_OWNER}\s+)?{_ALL}(?P<before>(?:(?!(?:of|and|or|in|from)\b)[^\s?.,;:]+\s+){{0,5}}?)"
    rf"(?P<noun>{NOUN}|{_WAYS}(?=\s+(?:for|to|that|on|in|of|based on|using|which|about)\b))(?P<rest>\W*$|\s+.*$)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    rf"\b(?:with|to|against|versus|vs\.?|from|than|and|or)\s+(?:\S+\s+){{0,4}}?(?:ones?|those|that|{NOUN}|{_WAYS})\b",
    re.IGNORECASE,
)
"""A second side that these papers are compared with, which is a question and no table."""
_FEW = re.compile(r"\b(?:two|three|both|2|3|first|second|last|former|latter)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|with|to|versus|vs\.?|against|&)\s+", re.IGNORECASE)
_BEFORE_NAME = re.compile(
    r"\s*(?:the\s+)?(?:(?:papers?|articles?|abstracts?)\s+)?(?:(?:called|titled|on)\s+)?[“\"']?", re.IGNORECASE
)
_BEHIND_NAME = re.compile(r"[”\"']?(?:\s+(?:papers?|articles?))?[\s?.!,;:]*$", re.IGNORECASE)
_EMPTY = re.compile(r"(?:the|their|its|main|reported|used|key|different)\s+", re.IGNORECASE)
_COLUMN = re.compile(r"[^\W_][\w -]*")
_ASKS = re.compile(r"\b(?:what|which|how|why|whether|who|when|where|is|are|does|do|did|can|it|they|them)\b", re.I)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is to be laid side by side, and by what."""

    columns: tuple[str, ...]
    """As they are named; empty where none is."""
    request: Request | None = None
    """The papers, where all those of a kind are meant."""
    topic: str = ""
    """What they are about, where the wording has no word for papers."""
    names: tuple[tuple[int, int], ...] = ()
    """Where in the question each of several papers, or what it introduces, is named."""


def comparison_of(question: str) -> Comparison | None:
    """The comparison that a question asks for, in whole; None for any other. Titles and quoted words must be hidden."""
    bare = _FORM.sub("", question)
    in_table = bare != question
    for pattern, kind in ((_TABLE, "table"), (_COMPARE, "compare"), (_HOW, "how")):
        if match := pattern.match(bare):
            name = "what" if match["what"] is not None else "what2" if match["what2"] is not None else "what3"
            start, end = match.span(name)
            named: tuple[str, ...] = ()
            if kind == "how":
                named = columns_of(match["columns"] or re.sub(_IN, "", match["tail"] or "")) or ()
            return _of(bare, start, end, "table" if in_table else kind, named)
    return None


def columns_of(words: str) -> tuple[str, ...] | None:
    """The columns of "methods, data and results"; None where the words are no list of columns."""
    parts = [
        _EMPTY.sub("", part.strip()).strip()
        for part in re.split(r"\s*,\s*(?:and\s+)?|\s+(?:and|&)\s+", words.strip(" ?.!"))
    ]
    parts = [part for part in parts if part]
    fine = all(_COLUMN.fullmatch(p) and not _ASKS.search(p) and len(p.split()) <= _LONGEST_COLUMN for p in parts)
    return tuple(dict.fromkeys(parts)) if fine else None


def _of(question: str, start: int, end: int, kind: str, columns: tuple[str, ...]) -> Comparison | None:
    if tail := _columns_behind(question, start, end):
        end, columns = tail
    what = question[start:end]
    if found := _of_papers(what, columns):
        return found
    if kind != "how" and (found := _of_names(what, start, columns)):
        return found
    topic = what.strip(" ?.!,;:")
    fine = kind == "table" and not _ASKS.search(topic) and not _FEW.search(topic)
    return Comparison(columns, topic=topic) if fine else None


def _columns_behind(question: str, start: int, end: int) -> tuple[int, tuple[str, ...]] | None:
    """Where the columns that stand behind what is compared begin, and these columns."""
    what = question[start:end]
    for at in (m.start() for m in re.finditer(r"[\s,]+", what)):
        tail = _BY.match(what, at)
        columns = columns_of(tail["columns"]) if tail else None
        if tail and columns and (_ANY_COLUMN.match(tail["word"]) or all(kind_named(c) for c in columns)):
            return start + tail.start(), columns
    return None


def _of_papers(what: str, columns: tuple[str, ...]) -> Comparison | None:
    match = _PAPERS.match(what)
    if match is None or _OTHERS.search(match["rest"]) or _FEW.search(match["before"]):
        return None
    named = columns_of(match["columns"]) if match["columns"] else columns
    if named is None or not may_describe(match["before"]):
        return None
    noun, rest = match["noun"], match["rest"]
    if re.fullmatch(_WAYS, noun, re.IGNORECASE):
        noun, rest = "papers", re.sub(r"^\s*(?:for|to|of|in)\b", " on", rest)
    return Comparison(named, Request("list", match["before"].strip(), noun, rest))


def _of_names(what: str, offset: int, columns: tuple[str, ...]) -> Comparison | None:
    if owned := re.match(rf"(?P<columns>[^?.!;:]+?)\s+{_OWNER}\s+", what, re.IGNORECASE):
        columns = columns_of(owned["columns"]) or columns
        if columns:
            offset, what = offset + owned.end(), what[owned.end() :]
    cuts = [m.span() for m in _BETWEEN.finditer(what)]
    pieces = zip([0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(what)], strict=True)
    names = tuple(span for start, end in pieces if (span := _trimmed(what, start, end)))
    if not 2 <= len(names) <= _MOST_NAMES or len(names) <= len(cuts):
        return None
    return Comparison(columns, names=tuple((offset + start, offset + end) for start, end in names))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without quotation marks and words such as "the paper"; None where nothing is left."""
    left, right = _BEFORE_NAME.match(text, start, end), _BEHIND_NAME.search(text, start, end)
    first, last = (left.end() if left else start), (right.start() if right else end)
    return (first, last) if first < last else None
