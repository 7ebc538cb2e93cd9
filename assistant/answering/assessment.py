"""Assesses the retrieved papers: which of them the question is about, and whether they state the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answerability.model import Answerability, AnswerabilityModel
from assistant.query.query import Query
from assistant.retrieval.relevance import relevance
from assistant.retrieval.subjects import SubjectFinder
from assistant.types import Passage

_READ_FOR_ONE = 3
"""Best papers that are read closely for a question about one paper."""
_LISTED = 0.6
"""Share of the best paper's score from which a paper belongs in a list."""

_SURE = 0.75
"""Confidence from which a quote is shown where a model found nothing that states the answer, or wrote what does not."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The papers that a question is about, and how well they state the answer."""

    scope: Literal["one", "several", "list"]
    """How many papers the question is about, now that they are known."""
    subjects: tuple[Passage, ...]
    """The papers that it is about; an answer without a model quotes these alone."""
    readings: tuple[Answerability, ...]
    """How well each subject states the answer, in the same order."""
    confidence: float
    """Calibrated probability that the best subject states the answer, lowered when it matches the question weakly."""

    @property
    def strictness(self) -> float:
        """Factor on a confidence that is required: where several papers are meant, each states only its part."""
        return 1.0 if self.scope == "one" else 0.4

    @property
    def sure_of(self) -> tuple[bool, ...]:
        """Of each subject, whether it surely states the answer, so that its best sentence may stand for one."""
        found = (relevance(p.score) * r.confidence for p, r in zip(self.subjects, self.readings, strict=True))
        return tuple(confidence >= _SURE * self.strictness for confidence in found)


NOTHING_READ = Assessment("one", (), (), 0.0)


def assess(query: Query, passages: Sequence[Passage], finder: SubjectFinder, model: AnswerabilityModel) -> Assessment:
    """Reads the papers that the question is about; a list question is about all that were found."""
    scope, subjects = _subjects(query, passages, finder)
    pinned = query.filters.pinned if query.filters is not None and not query.about else ()
    subjects += [p for p in passages if p.paper.paper_id in pinned and p not in subjects]
    others = [] if query.scope == "one" else [(p.paper.title, p.paper.abstract) for p in passages]
    papers = [(p.paper.title, p.paper.abstract) for p in subjects]
    readings = model.read(query.standalone, papers, others) if papers else []
    found = [relevance(p.score) * r.confidence for p, r in zip(subjects, readings, strict=True)]
    return Assessment(scope, tuple(subjects), tuple(readings), round(max(found, default=0.0), 4))


def _subjects(
    query: Query, passages: Sequence[Passage], finder: SubjectFinder
) -> tuple[Literal["one", "several", "list"], list[Passage]]:
    if pointed := [p for p in passages if p.paper.paper_id in query.about]:
        named = finder.named(query.question, passages)
        subjects = [*pointed, *(p for p in named if p not in pointed)] if query.scope == "several" else pointed
        return ("several" if len(subjects) > 1 else "one"), subjects
    if query.scope == "list":
        return "list", [p for p in passages if p.score >= _LISTED * passages[0].score]
    if query.scope in ("several", "maybe several"):
        subjects = finder.subjects(query.standalone, passages, query.scope == "several", query.filters)
        if len(subjects) > 1:
            return "several", subjects
    named = finder.named(query.standalone, passages)
    return "one", (named or list(passages))[:_READ_FOR_ONE]
