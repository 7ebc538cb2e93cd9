"""Finds what a question points at among the papers shown before: "[2]", "the second source", "the other one"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.listing import ListedPaper
from assistant.query.scope import scope_of
from assistant.types import Answer, Citation, Evidence


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper that an answer showed."""

    paper_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question as it was understood, and what its answer showed."""

    question: str
    papers: tuple[Shown, ...]
    """Each once, in the order in which they were shown."""
    numbered: tuple[Shown, ...] = ()
    """The paper of each citation, by its number from 1 on."""
    only_listed: bool = False
    """Whether they were listed for what their records say; a question means one of them only where it points at it."""

    @classmethod
    def of(cls, answer: Answer) -> Turn:
        """The papers that an answer cites, or else those that it lists, or quotes as nearest."""
        lists = answer.listing.papers if answer.listing is not None else ()
        quoted: Sequence[Citation | Evidence | ListedPaper] = answer.citations or lists or answer.nearest
        shown = [Shown(q.paper_id, q.title) for q in quoted]
        papers = tuple(dict.fromkeys(shown))
        only_listed = not answer.citations and bool(lists) and answer.listing is not None and answer.listing.of > 1
        return cls(answer.standalone_question, papers, tuple(shown) if answer.citations else (), only_listed)


@dataclass(frozen=True, slots=True)
class Pointer:
    """The words of a question that point at papers, and the papers."""

    start: int
    end: int
    papers: tuple[Shown, ...]


_PAPER = r"(?:one|paper|article|study|work|publication|abstract|hit|result)"
_SOURCE = r"(?:source|citation|reference|quote|footnote)"
_METHOD = r"(?:method|model|approach|system|dataset|framework|network|technique)"
_DIGITS = dict(zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True))
_ORDINALS = {
    name: i
    for i, names in enumerate(
        "first 1st former,second 2nd,third 3rd,fourth 4th,fifth 5th,sixth 6th,seventh 7th,eighth 8th".split(",")
    )
    for name in names.split()
} | {"last": -1, "final": -1, "latter": -1}
_NUMBERS = r"\d{1,2}(?:\s*(?:,|;|and|&)\s*\d{1,2})*"
_END = r"(?=\s*(?:[?.!,;:]|$|['’]s\b))"
_NUMBERED = re.compile(
    rf"\[\s*(?P<bare>{_NUMBERS})\s*\]"
    rf"|\b(?:the )?(?P<unit>{_SOURCE}|ref\.?|paper|article|study|result)s?\s+(?:(?:number|no\.?|nr\.?)\s*|\#\s*)?(?P<listed>{_NUMBERS})\b(?![.%]\d|%)"
    rf"|\b(?:number|no\.|\#)\s*(?P<counted>\d{{1,2}}|{'|'.join(_DIGITS)}){_END}",
    re.IGNORECASE,
)
_OF_THEM = r"of (?:them|these|those|the (?:two|three|papers|sources|results))"
_ORDINAL = re.compile(
    rf"\b(?:the|your|that|this) (?:very )?(?P<ordinal>{'|'.join(_ORDINALS)}|other|previous|earlier)"
    rf"(?: (?P<unit>{_PAPER}|{_SOURCE}|{_METHOD}|two|three)(?: (?:papers|sources|ones|results|studies))?\b"
    rf"(?! (?:to|that|which|who|where|on|about|with|from|for|of(?! (?:them|these|those|the (?:two|three|papers))))\b)"
    rf"|(?<=former)|(?<=latter)|{_END}|(?= {_OF_THEM}\b))(?: {_OF_THEM})?"
    rf"(?P<ever>,? (?:(?:that |which )?(?:we|you|I) (?:talked|discussed|mentioned|spoke|showed|cited|named|listed|asked|started)\b"
    rf"(?: about| with)?|(?:of|in) (?:this|the|our) (?:conversation|chat)))?",
    re.IGNORECASE,
)
_ALONE = frozenset({"former", "latter"} | {n for n in _ORDINALS if n not in ("last", "final")} | {"other"})
"""Ordinals that point without a noun behind them."""


def pointers(question: str, turns: Sequence[Turn]) -> list[Pointer]:
    """What the question points at, in its order; what points at nothing that was shown is left out.

    `turns` are those that showed papers, oldest first.
    """
    found = [*_numbered(question, turns), *_by_ordinal(question, turns)] if turns else []
    return sorted(found, key=lambda pointer: pointer.start)


def unknown_citation(question: str, turns: Sequence[Turn]) -> int | None:
    """The first number of a citation in the question that no answer has shown, if answers have shown any."""
    most = max((len(turn.numbered) for turn in turns), default=0)
    asked = (int(n) for m in _NUMBERED.finditer(question) if m["bare"] for n in re.findall(r"\d+", m["bare"]))
    return next((n for n in asked if most and not 0 < n <= most), None)


def _numbered(question: str, turns: Sequence[Turn]) -> Iterator[Pointer]:
    for match in _NUMBERED.finditer(question):
        found = (match["bare"] or match["listed"] or match["counted"]).lower()
        numbers = [int(_DIGITS.get(n, n)) for n in re.findall(r"\d+|[a-z]{3,}", found) if n != "and"]
        by_paper = match["unit"] is not None and re.fullmatch("paper|article|study|result", match["unit"], re.I)
        lists = [turn.papers if by_paper else turn.numbered for turn in turns]
        newest = next((shown for shown in reversed(lists) if 0 < max(numbers) <= len(shown)), ())
        if newest and min(numbers) > 0:
            yield Pointer(*match.span(), tuple(dict.fromkeys(newest[n - 1] for n in numbers)))


def _by_ordinal(question: str, turns: Sequence[Turn]) -> Iterator[Pointer]:
    for match in _ORDINAL.finditer(question):
        ordinal, unit = match["ordinal"].lower(), (match["unit"] or "").lower()
        if not unit and ordinal not in _ALONE:
            continue
        listed = _discussed(turns) if match["ever"] else _listed(turns, cited=bool(re.fullmatch(_SOURCE, unit)))
        if re.fullmatch(_METHOD, unit) and len(listed) < 2:
            continue  # more likely one of several methods in the same paper
        if ordinal in ("other", "previous", "earlier"):
            papers = _other(turns, listed, before=ordinal != "other")
        else:
            count = {"two": 2, "three": 3}.get(unit, 1)
            papers = _at(listed, _ORDINALS[ordinal], count) or _at(_discussed(turns), _ORDINALS[ordinal], count)
        if papers:
            yield Pointer(*match.span(), papers)


def _at(listed: Sequence[Shown], place: int, count: int) -> tuple[Shown, ...]:
    if place < 0:
        return tuple(listed[-count:])
    return tuple(listed[place : place + count])


def _listed(turns: Sequence[Turn], *, cited: bool) -> tuple[Shown, ...]:
    """What an ordinal counts: the sources of the last answer, the papers of the newest list that is still talked about,
    or else the papers that were discussed one after the other."""
    if cited and turns[-1].numbered:
        return turns[-1].numbered
    for i, turn in reversed(list(enumerate(turns))):
        if len(turn.papers) > 1 and (i == 0 or scope_of(turn.question) != "one"):
            if all(later.papers[0] in turn.papers for later in turns[i + 1 :]):
                return turn.papers
            break
    discussed = _discussed(turns)
    return discussed if len(discussed) > 1 else turns[-1].papers


def _discussed(turns: Sequence[Turn]) -> tuple[Shown, ...]:
    """The papers that the answers were about, in the order of the conversation."""
    return tuple(dict.fromkeys(turn.papers[0] for turn in turns))


def _other(turns: Sequence[Turn], listed: Sequence[Shown], *, before: bool) -> tuple[Shown, ...]:
    """The paper beside the one that was discussed last, or the one discussed `before` it."""
    now = turns[-1].papers[0]
    earlier = [shown for shown in reversed([turn.papers[0] for turn in turns]) if shown != now]
    others = earlier if before else [*(shown for shown in listed if shown != now), *earlier]
    return tuple(others[:1])
