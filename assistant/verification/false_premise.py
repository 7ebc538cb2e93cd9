"""Decides whether a question takes for granted what an abstract contradicts, and names the words and the sentence.

The question is read as a claim, which says all that it takes for granted. A rule for claims that objects to it decides
alone where the abstract is about the same subject, because these rules are exact; else one logistic function weighs what
the reading network found. `eval/training/fit_premise_model.py` writes its coefficients and the threshold (`premise.json`).
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.reading.evidence import MAX_ABSTRACT, Passage
from assistant.reading.network import CLASSES, Marks, Outcome
from assistant.text.names import mentions, names
from assistant.text.numbers import quantities
from assistant.text.same_quantity import agree
from assistant.text.words import content_words, normalize, words
from assistant.types import Span
from assistant.verification import rules
from assistant.verification.finding import Kind, Source
from assistant.verification.observations import MAX_CLAIM
from assistant.verification.verifier import ABOUT_THE_SAME

_CONTRADICTED, _NOT_STATED = CLASSES.index("contradicted"), CLASSES.index("not_stated")
FEATURES = ("stated", "contradicted")
_OBJECTIONS = frozenset[Kind](
    (
        "figure missing",
        "figure replaced",
        "figure misplaced",
        "name missing",
        "name replaced",
        "opposite",
        "roles reversed",
    )
)
"""Findings that few honest questions give rise to."""
_WHETHER = re.compile(
    r"\W*(?:(?:and|so|but|or) )?(?:do|does|did|is|are|was|were|can|could|must|should|will|would|has|have|had|may|might)(?:n['’]t)?\b",
    re.IGNORECASE,
)
"""The opening of a question that asks whether something is so, and takes nothing for granted."""
_MARKED = 0.5
"""Probability from which a word is taken as wrong."""
_CLAUSE_ENDS = re.compile(r"[,;:.?!](?=\s|$)")


@dataclass(frozen=True)
class Conflict:
    """A false premise."""

    stated: str
    """The words of the question that the abstract contradicts."""
    span: Span
    """The sentence of the abstract that says otherwise."""
    probability: float


@dataclass(frozen=True)
class PremiseModel:
    """The content of `premise.json`."""

    coefficients: dict[str, float]
    """By the names in `FEATURES`; the others have no weight."""
    intercept: float
    named: float
    """Lowest probability of a false premise that is named."""

    def probability(self, found: dict[str, float]) -> float:
        """The logistic function of the weighted features."""
        z = sum(weight * found[name] for name, weight in self.coefficients.items()) + self.intercept
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


@lru_cache(maxsize=1)
def packaged() -> PremiseModel:
    """The fitted model that comes with the package."""
    return PremiseModel(**json.loads((Path(__file__).parent / "premise.json").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Asked:
    """A question beside an abstract, and what the network found."""

    question: str
    title: str
    abstract: str
    passage: Passage
    """The part of the abstract that was read."""
    outcome: Outcome
    """Of the question."""
    as_claim: Outcome
    """Of the question read as a claim."""
    closeness: float
    """Cosine of the question with the closest sentence."""

    @property
    def same_subject(self) -> bool:
        """Whether the abstract speaks of what the question is about."""
        said = self.as_claim.logits[_CONTRADICTED] > self.as_claim.logits[_NOT_STATED]
        return bool(said) or self.closeness >= ABOUT_THE_SAME


def find_conflict(asked: Asked, model: PremiseModel | None = None) -> Conflict | None:
    """The premise of the question that the abstract contradicts, or None.

    `model` replaces the packaged one, for measuring others.
    """
    model, question, passage = model or packaged(), asked.question[:MAX_CLAIM], asked.passage
    if not passage.spans or _WHETHER.match(question):
        return None
    probability = model.probability(features(asked.as_claim))
    if probability < model.named and not objections(asked):
        return None
    marks = passage.strengths(asked.outcome.stating[0])
    span = passage.spans[max(range(len(marks)), key=marks.__getitem__)]
    stated = _stated(question, asked.outcome.wrong)
    return None if _respelled(question, stated, asked.title, asked.abstract) else Conflict(stated, span, probability)


def features(as_claim: Outcome) -> dict[str, float]:
    """The inputs of the premise model by the names in `FEATURES`."""
    return {name: value for name, value in as_claim.features().items() if name in FEATURES}


def objections(asked: Asked) -> frozenset[Kind]:
    """What exact rules for claims find wrong with the question; nothing where the abstract is about something else."""
    lines = " ".join(asked.abstract[s.start : s.end] for s in asked.passage.spans)
    source = Source(asked.title, asked.abstract[:MAX_ABSTRACT], lines)
    found = rules.findings(asked.question[:MAX_CLAIM], source) if asked.same_subject else []
    return frozenset(f.kind for f in found) & _OBJECTIONS


def _stated(question: str, wrong: Marks) -> str:
    """The phrase that is marked as wrong, or else the clause that is most surely wrong."""
    places = [m.span() for m in re.finditer(r"\S+", question)]
    if not places:
        return question
    marks = [wrong.highest(start, end) for start, end in places]
    at = max(range(len(places)), key=marks.__getitem__)
    if marks[at] >= _MARKED:
        first, last = _phrase(question, places, _with_figures(question, places, [m >= _MARKED for m in marks]), at)
        return question[places[first][0] : places[last][1]].strip(" .,;:?!()“”\"'")
    ends = [0, *(m.end() for m in _CLAUSE_ENDS.finditer(question)), len(question)]
    start = max(e for e in ends if e <= places[at][0])
    return question[start : min(e for e in ends if e > places[at][0])].strip(" .,;:?!")


def _with_figures(question: str, places: list[tuple[int, int]], marked: list[bool]) -> list[bool]:
    """The marks on words, where a word of a figure is marked on all of it: `1.2 million`, not `1.2`."""
    found = marked.copy()
    for figure in quantities(question):
        start = question.find(figure.text)
        inside = [i for i, (a, b) in enumerate(places) if start >= 0 and a < start + len(figure.text) and start < b]
        if any(marked[i] for i in inside):
            found = [yes or i in inside for i, yes in enumerate(found)]
    return found


def _respelled(question: str, stated: str, title: str, abstract: str) -> bool:
    """Whether the abstract has the figures and names that are stated, some in another spelling: `7T` for `7 Tesla`.

    The network takes spellings that it has seldom read for other values; where the spelling is the same, it decides.
    """
    whole, asked = f"{title} ; {abstract}", normalize(question)
    at = max(0, asked.find(normalize(stated)))
    figures = [q for q in quantities(question) if q.start < at + len(stated) and at < q.end]
    units = " ".join(asked[q.start : q.end + len(q.unit) + 1] for q in figures)
    named, known = [n for n in names(f"x {stated}") if n not in units], quantities(whole)
    here = " ".join(normalize(whole).casefold().split())
    literal = all(thing.casefold() in here for thing in (*(q.text for q in figures), *named))
    return (
        not literal
        and all(any(agree(q, k) for k in known) for q in figures)
        and all(mentions(name, abstract, title, abstract) for name in named)
    )


def _phrase(question: str, places: list[tuple[int, int]], marked: list[bool], at: int) -> tuple[int, int]:
    """First and last word of the marked run around a word, across one unmarked word, up to the next word with content."""
    first = last = at
    while first > 0 and any(marked[max(0, first - 2) : first]):
        first -= 1
    while last + 1 < len(marked) and any(marked[last + 1 : last + 3]):
        last += 1

    def empty() -> bool:
        return not content_words(words(question[places[first][0] : places[last][1]]))

    while empty() and last + 1 < len(places):
        last += 1
    while empty() and first > 0:
        first -= 1
    return first, last
