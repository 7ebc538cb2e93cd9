"""What a question takes for granted and the abstract says otherwise: a figure, a name, a direction.

`Why does X reach only 72.1 on ImageNet?` presupposes 72.1. A detail that the abstract does not give at all is no
conflict: that needs a place where the abstract speaks of the very thing and says something else. Knows nothing
about answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.text import sentences
from assistant.text.names import form, forms, has_name_shape, mentions, names, own_names
from assistant.text.numbers import Quantity, comparable, digits_in_names, quantities, same
from assistant.text.stems import stem
from assistant.text.stop_words import GENERIC_WORDS
from assistant.text.words import content_words, normalize, stems, words
from assistant.types import Span
from assistant.verification import comparisons
from assistant.verification.contradictions import opposite_words
from assistant.verification.entity_similarity import ASKING, METRICS, alike, alike_places
from assistant.verification.negation import scopes
from assistant.verification.number_roles import misplaced

Kind = Literal["figure", "name", "direction", "other"]
_ABOUT = 0.5
"""Share of the question's own words that a sentence must hold to count as speaking of the same thing."""
_NAME_FIT = 0.65
_FIGURE_FIT = 0.5
_ANCHORED = 0.3
"""For a name in the sentence that holds all the figures of the question: it speaks of the same thing."""
_PRESUPPOSES = re.compile(
    r"(?i)\b(?:why|how come|how (?:does|do|did|is|are|was|were|can|could)|what (?:makes|explains|causes|lets|"
    r"allows|enables|is the reason)|reason)\b"
)
_ASIDE = re.compile(
    r"(?i)\b(?:other than|besides|apart from|except|instead of|rather than|compared (?:to|with)|versus|vs\.?|"
    r"unlike|or)\s(?:the\s)?$"
)

_PLACE = re.compile(r"(?i)\b(?:on|with|at|over|using|in|for)\s(?:the\s|a\s)?$")
_NEEDS = frozenset(map(stem, "necessary needed require required essential indispensable vital crucial rely".split()))


@dataclass(frozen=True)
class Conflict:
    """`stated` stands in the question, `abstract_says` in the sentence at `span` of the abstract."""

    stated: str
    abstract_says: str
    span: Span
    kind: Kind


@dataclass(frozen=True)
class _Line:
    span: Span
    text: str
    about: float
    """Share of the question's words that the sentence (with the title) holds."""


def premise_conflicts(question: str, title: str, abstract: str) -> tuple[Conflict, ...]:
    """Every premise of the question that the abstract contradicts, with what it says instead."""
    question, abstract = question[:2_000], abstract[:20_000]
    lines = _lines(question, title, abstract)
    if not lines:
        return ()
    found = [*_figures(question, title, abstract, lines), *_names(question, title, abstract, lines)]
    if not found and _PRESUPPOSES.search(question):
        found = list(_directions(question, title, abstract, lines))
    return tuple(dict.fromkeys(found))


def known_name(name: str, title: str, abstract: str) -> bool:
    """Does the paper know the name, as it stands, as an abbreviation or spelled out?"""
    return mentions(name, abstract, title, abstract)


def _lines(question: str, title: str, abstract: str) -> list[_Line]:
    """The sentences of the abstract, the one closest to the question first."""
    wanted = _wanted(question, title, abstract)
    rows = []
    for span in sentences.split(abstract):
        text = abstract[span.start : span.end]
        about = len(wanted & stems(text)) / len(wanted) if wanted else 0.0
        rows.append(_Line(span, text, about))
    return sorted(rows, key=lambda row: -row.about)


def _wanted(question: str, title: str, abstract: str) -> frozenset[str]:
    """The question's stems that one sentence could hold: no asking words, figures, names of the paper itself."""
    own, here = own_names(title, abstract), forms(abstract)
    skip = {w.stem for n in names(question) if form(n) not in here for w in words(n)}
    return frozenset(
        w.stem
        for w in content_words(words(question))
        if w.stem not in skip
        and w.stem not in ASKING
        and w.lower not in GENERIC_WORDS
        and not w.lower[0].isdigit()
        and form(w.text) not in own
    )


def _figures(question: str, title: str, abstract: str, lines: list[_Line]) -> Iterator[Conflict]:
    known = quantities(title + " ; " + abstract)
    inside = digits_in_names(title + " " + abstract)
    for line in lines:
        wrong = misplaced(question, line.text)
        if wrong is not None:
            yield Conflict(wrong[0].shown(), wrong[1].shown(), line.span, "figure")
            return
    for item in quantities(question):
        if any(same(item, q) for q in known) or item.value in inside or item.text.lower() in {"one", "single", "both"}:
            continue
        best = max(
            (
                (_fit(item, q, question, line), -i, q, line)
                for i, line in enumerate(lines)
                for q in quantities(line.text)
                if _rival(item, q)
            ),
            default=None,
            key=lambda row: row[:2],
        )
        if best and best[0] >= _FIGURE_FIT and not any(same(q, best[2]) for q in quantities(question)):
            yield Conflict(item.shown(), best[2].shown(), best[3].span, "figure")


def _rival(item: Quantity, other: Quantity) -> bool:
    """Could `other` be what the question's figure should have been?"""
    if item.weak:
        return other.weak and bool(set(item.nouns[:1]) & set(other.nouns[:1]))
    if other.weak:
        return False
    if comparable(item, other):
        return True
    plain = {item.unit, other.unit} in ({""}, {"", "%"})
    return (
        plain
        and ("." in item.text) == ("." in other.text)
        and (item.unit != "" or other.unit == "" or "." in item.text)
    )


def _fit(item: Quantity, other: Quantity, question: str, line: _Line) -> float:
    """How much the two figures stand in the same words: the sentence's share plus what is near both."""
    near = _near(normalize(question), item) & _near(normalize(line.text), other)
    same_unit = bool(item.unit) and item.unit == other.unit
    return line.about + 0.25 * len(near) + 0.3 * same_unit


def _near(text: str, item: Quantity) -> frozenset[str]:
    before, after = text[: item.start].split()[-6:], text[item.end :].split()[:6]
    return stems(" ".join(before)) | stems(" ".join(after))


def _names(question: str, title: str, abstract: str, lines: list[_Line]) -> Iterator[Conflict]:
    own = own_names(title, abstract)
    asked = forms(question)
    plain = normalize(question)
    stated = _firm(question)
    for name in names(question):
        at = plain.find(name)
        if form(name) in own or mentions(name, abstract, title, abstract) or _asked_for(name, plain, at):
            yield from () if form(name) in own else _misattributed(name, question, title, lines)
            continue
        best: tuple[float, str, _Line] | None = None
        for line in lines:
            for other in names("x " + line.text):
                if form(other) in asked or not (has_name_shape(other) or form(other) in own):
                    continue
                fit = line.about + alike(name, other) + alike_places(plain, name, normalize(line.text), other)
                fit += _ANCHORED * (bool(stated) and _holds(line.text, stated))
                if form(other) in own:
                    fit += -0.5 if own & asked or _PLACE.search(plain[:at]) else 0.5
                if other.lower() in METRICS or (_PLACE.search(plain[:at]) and not _PRESUPPOSES.search(question)):
                    fit -= 0.4
                if best is None or fit > best[0]:
                    best = fit, other, line
        if best and best[0] >= _NAME_FIT:
            yield Conflict(name, best[1], best[2].span, "name")


def _misattributed(name: str, question: str, title: str, lines: list[_Line]) -> Iterator[Conflict]:
    """The question's figures stand in one sentence, which gives them to another name of the same kind."""
    stated = _firm(question)
    if not stated or form(name) in forms(title):
        return
    holders = [line for line in lines if _holds(line.text, stated)]
    if len(holders) != 1 or form(name) in forms(holders[0].text):
        return
    for other in names("x " + holders[0].text):
        if (
            form(other) not in forms(question)
            and alike(name, other) + alike_places(normalize(question), name, normalize(holders[0].text), other) >= 0.4
            and has_name_shape(other)
        ):
            yield Conflict(name, other, holders[0].span, "name")
            return


def _firm(question: str) -> list[Quantity]:
    """The figures that the question states, small counts aside."""
    return [q for q in quantities(question) if not q.weak]


def _holds(text: str, stated: list[Quantity]) -> bool:
    known = quantities(text)
    return all(any(same(q, k) for k in known) for q in stated)


def _asked_for(name: str, question: str, at: int) -> bool:
    """A metric, a name set aside, or one of the alternatives offered: nothing is taken for granted."""
    after = question[at + len(name) :]
    return name.lower() in METRICS or bool(_ASIDE.search(question[:at])) or bool(re.match(r",?\s(?:\w+\s)?or\s", after))


def _directions(question: str, title: str, abstract: str, lines: list[_Line]) -> Iterator[Conflict]:
    for line in lines:
        source = comparisons.Plain(title, abstract, line.text)
        if comparisons.reversed_roles(question.rstrip("?"), source):
            yield Conflict(normalize(question).rstrip("?"), normalize(line.text), line.span, "direction")
            return
    for line in lines[:2]:
        if line.about < (_ABOUT if len(lines) > 1 else 0):
            return
        turned = _opposite(question, line.text)
        if turned:
            yield Conflict(*turned, line.span, "direction")
            return


def _opposite(question: str, sentence: str) -> tuple[str, str] | None:
    """A directional word of the question whose opposite stands at the same place of the sentence."""
    found = opposite_words(question, sentence)
    if found:
        return found
    denied = scopes(sentence)
    if denied and not scopes(question):
        needs = [w for w in words(question) if w.stem in _NEEDS]
        if denied & _NEEDS and needs:
            return needs[0].text, "not necessary"
    return None
