"""Decides whether a question takes for granted what an abstract contradicts, and names the words and the sentence.

One logistic function weighs what the reading network found, and which rules for sentences object to the question when it
is read like a sentence. Its coefficients and the threshold stand in `premise.json`, which `eval/training/fit_premise_model.py` writes.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.reading.evidence import MAX_ABSTRACT, Passage, overlap, terms
from assistant.reading.network import Marks, Outcome
from assistant.text.names import mentions, names
from assistant.text.numbers import quantities
from assistant.text.same_quantity import agree
from assistant.text.words import content_words, normalize, stems, words
from assistant.types import Span
from assistant.verification import rules
from assistant.verification.finding import Source
from assistant.verification.observations import MAX_CLAIM

NETWORK = ("contradicted", "wrong")
RULES = ("figure", "name", "reversal")
"""What a rule objects to."""
FEATURES = (*NETWORK, "containment", *RULES)
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


def find_conflict(
    question: str, title: str, abstract: str, passage: Passage, outcome: Outcome, model: PremiseModel | None = None
) -> Conflict | None:
    """The premise of the question that the abstract contradicts, or None.

    `outcome` is what the network found when it read the question beside `passage`, a part of the abstract; `model`
    replaces the packaged one, for measuring others.
    """
    model, question = model or packaged(), question[:MAX_CLAIM]
    if not passage.spans:
        return None
    probability = model.probability(features(question, title, abstract, passage, outcome))
    if probability < model.named:
        return None
    marks = passage.strengths(outcome.stating[0])
    span = passage.spans[max(range(len(marks)), key=marks.__getitem__)]
    stated = _stated(question, outcome.wrong)
    return None if _respelled(question, stated, title, abstract) else Conflict(stated, span, probability)


def features(question: str, title: str, abstract: str, passage: Passage, outcome: Outcome) -> dict[str, float]:
    """The inputs of the premise model by the names in `FEATURES`."""
    lines = " ".join(abstract[s.start : s.end] for s in passage.spans)
    kinds = {f.kind for f in rules.findings(question, Source(title, abstract[:MAX_ABSTRACT], lines))}
    return {
        **{name: value for name, value in outcome.features().items() if name in NETWORK},
        "containment": overlap(terms(question), stems(passage.text)),
        "figure": float(bool(kinds & {"figure missing", "figure replaced", "figure misplaced"})),
        "name": float(bool(kinds & {"name missing", "name replaced"})),
        "reversal": float(bool(kinds & {"opposite", "roles reversed"})),
    }


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
