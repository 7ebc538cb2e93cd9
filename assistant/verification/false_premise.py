"""Finds false premises: figures, names and directions that a question presupposes and the abstract contradicts.

`Why does X reach only 72.1 on ImageNet?` presupposes 72.1. A detail that the abstract omits is not a conflict: the
abstract must state something else about the same thing.
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
from assistant.verification.entity_similarity import ASKING, METRICS, similarity
from assistant.verification.negation import negated_stems
from assistant.verification.number_roles import misplaced

Kind = Literal["figure", "name", "direction"]
_MIN_OVERLAP = 0.5
"""Share of the question's words that a sentence must hold to speak of the same thing."""
_MIN_NAME_FIT = 0.65
_MIN_FIGURE_FIT = 0.5
_SAME_FIGURES = 0.3
"""Added to the fit of a name whose sentence holds all figures of the question: it speaks of the same thing."""
_PRESUPPOSES = re.compile(
    r"(?i)\b(?:why|how come|how (?:does|do|did|is|are|was|were|can|could)|what (?:makes|explains|causes|lets|"
    r"allows|enables|is the reason)|reason)\b"
)
"""Openings of a question that presupposes its own statement."""
_ASIDE = re.compile(
    r"(?i)\b(?:other than|besides|apart from|except|instead of|rather than|compared (?:to|with)|versus|vs\.?|"
    r"unlike|or)\s(?:the\s)?$"
)
"""Words before a name that the question sets aside or offers as an alternative."""
_PLACE = re.compile(r"(?i)\b(?:on|with|at|over|using|in|for)\s(?:the\s|a\s)?$")
"""Words before a name that stands for a condition, such as a data set."""
_NEEDS = frozenset(map(stem, "necessary needed require required essential indispensable vital crucial rely".split()))


@dataclass(frozen=True)
class Conflict:
    """A premise `stated` in the question, and the conflicting words of the abstract in the sentence at `span`."""

    stated: str
    abstract_says: str
    span: Span
    kind: Kind


@dataclass(frozen=True)
class _Line:
    """A sentence of the abstract."""

    span: Span
    text: str
    overlap: float
    """Share of the question's words that the sentence holds."""


def premise_conflicts(question: str, title: str, abstract: str) -> tuple[Conflict, ...]:
    """The premises of the question that the abstract contradicts: figures first, then names, or else a direction."""
    question, abstract = question[:2_000], abstract[:20_000]
    lines = _lines(question, title, abstract)
    if not lines:
        return ()
    found = [*_figures(question, title, abstract, lines), *_names(question, title, abstract, lines)]
    if not found and _PRESUPPOSES.search(question):
        found = list(_directions(question, title, abstract, lines))
    return tuple(dict.fromkeys(found))


def _lines(question: str, title: str, abstract: str) -> list[_Line]:
    """The sentences of the abstract, the one closest to the question first."""
    wanted = _topic_stems(question, title, abstract)
    rows = []
    for span in sentences.split(abstract):
        text = abstract[span.start : span.end]
        rows.append(_Line(span, text, len(wanted & stems(text)) / len(wanted) if wanted else 0.0))
    return sorted(rows, key=lambda row: -row.overlap)


def _topic_stems(question: str, title: str, abstract: str) -> frozenset[str]:
    """The question's stems without asking words, figures, the paper's own name and names that it does not use."""
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
        if best and best[0] >= _MIN_FIGURE_FIT and not any(same(q, best[2]) for q in quantities(question)):
            yield Conflict(item.shown(), best[2].shown(), best[3].span, "figure")


def _rival(item: Quantity, other: Quantity) -> bool:
    """Whether `other` could be the right value of the question's figure."""
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
    """How well the contexts of the two figures match: the sentence's overlap, words near both, and the unit."""
    near = _near(normalize(question), item) & _near(normalize(line.text), other)
    same_unit = bool(item.unit) and item.unit == other.unit
    return line.overlap + 0.25 * len(near) + 0.3 * same_unit


def _near(text: str, item: Quantity) -> frozenset[str]:
    before, after = text[: item.start].split()[-6:], text[item.end :].split()[:6]
    return stems(" ".join(before)) | stems(" ".join(after))


def _names(question: str, title: str, abstract: str, lines: list[_Line]) -> Iterator[Conflict]:
    own, asked = own_names(title, abstract), forms(question)
    for name in names(question):
        if form(name) in own:
            continue
        if mentions(name, abstract, title, abstract) or _presupposes_nothing(name, question):
            yield from _misattributed(name, question, title, lines)
            continue
        rivals = (
            (_name_fit(name, other, question, line, own), other, line)
            for line in lines
            for other in names("x " + line.text)
            if form(other) not in asked and (has_name_shape(other) or form(other) in own)
        )
        fit, other, line = max(rivals, key=lambda row: row[0], default=(0.0, "", lines[0]))
        if fit >= _MIN_NAME_FIT:
            yield Conflict(name, other, line.span, "name")


def _name_fit(name: str, other: str, question: str, line: _Line, own: frozenset[str]) -> float:
    """How well `other` fits the place that `name` has in the question."""
    plain, stated = normalize(question), _exact_figures(question)
    in_place = bool(_PLACE.search(plain[: plain.find(name)]))
    fit = line.overlap + similarity(plain, name, normalize(line.text), other)
    fit += _SAME_FIGURES * (bool(stated) and _holds(line.text, stated))
    if form(other) in own:
        fit += -0.5 if own & forms(question) or in_place else 0.5
    if other.lower() in METRICS or (in_place and not _PRESUPPOSES.search(question)):
        fit -= 0.4
    return fit


def _misattributed(name: str, question: str, title: str, lines: list[_Line]) -> Iterator[Conflict]:
    """A conflict where the one sentence with the question's figures assigns them to another name of the same kind."""
    stated = _exact_figures(question)
    if not stated or form(name) in forms(title):
        return
    holders = [line for line in lines if _holds(line.text, stated)]
    if len(holders) != 1 or form(name) in forms(holders[0].text):
        return
    for other in names("x " + holders[0].text):
        alike = similarity(normalize(question), name, normalize(holders[0].text), other) >= 0.4
        if form(other) not in forms(question) and alike and has_name_shape(other):
            yield Conflict(name, other, holders[0].span, "name")
            return


def _exact_figures(question: str) -> list[Quantity]:
    """The figures of the question without small counts."""
    return [q for q in quantities(question) if not q.weak]


def _holds(text: str, stated: list[Quantity]) -> bool:
    known = quantities(text)
    return all(any(same(q, k) for k in known) for q in stated)


def _presupposes_nothing(name: str, question: str) -> bool:
    """Whether the name is a metric, an exception or one of several alternatives."""
    question = normalize(question)
    at = question.find(name)
    after = question[at + len(name) :]
    return name.lower() in METRICS or bool(_ASIDE.search(question[:at])) or bool(re.match(r",?\s(?:\w+\s)?or\s", after))


def _directions(question: str, title: str, abstract: str, lines: list[_Line]) -> Iterator[Conflict]:
    for line in lines:
        if comparisons.reversed_roles(question.rstrip("?"), title, abstract, line.text):
            yield Conflict(normalize(question).rstrip("?"), normalize(line.text), line.span, "direction")
            return
    for line in lines[:2]:
        if line.overlap < (_MIN_OVERLAP if len(lines) > 1 else 0):
            return
        opposite = _opposite(question, line.text)
        if opposite:
            yield Conflict(*opposite, line.span, "direction")
            return


def _opposite(question: str, sentence: str) -> tuple[str, str] | None:
    """A directional word of the question and its opposite in the sentence, or None."""
    found = opposite_words(question, sentence)
    if found:
        return found
    denied = negated_stems(sentence)
    if denied and not negated_stems(question):
        needs = [w for w in words(question) if w.stem in _NEEDS]
        if denied & _NEEDS and needs:
            return needs[0].text, "not necessary"
    return None
