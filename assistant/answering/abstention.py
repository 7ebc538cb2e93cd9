"""Decides when a question is not answered, and composes the abstention: its reason and the nearest quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.assessment import Assessment
from assistant.answering.extractive import choose_sentences, scored_papers
from assistant.query.query import Query
from assistant.retrieval.relevance import off_topic
from assistant.retrieval.subjects import SubjectFinder
from assistant.text.names import mentions
from assistant.types import Evidence, Passage, Reason
from assistant.verification.false_premise import Conflict, premise_conflicts
from assistant.verification.grounding import evidence

_NEAREST_QUOTES = 3
_STRICTNESS = {"one": 1.0, "several": 0.5, "list": 0.5}
"""Factor on the least confidence: the model reads one abstract at a time, and each states only its part of an answer."""
_RIVAL, _MEANT = 0.8, 0.5
"""Share of the best paper's score from which another paper may be meant instead, or as well."""


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why a question is not answered: the text to show, and the nearest quotes."""

    reason: Reason
    text: str
    nearest: tuple[Evidence, ...] = ()


def abstain(
    query: Query,
    passages: Sequence[Passage],
    assessment: Assessment,
    finder: SubjectFinder,
    min_confidence: float,
    searched: int,
) -> Abstention | None:
    """The abstention that the question calls for, or None; `searched` is the number of abstracts that pass the filters."""
    reason = "outside_corpus" if query.is_courtesy else off_topic(passages)
    if not passages and query.filters is not None and query.filters.restrict:
        return Abstention("no_match", "No abstract passes the filters; papers without a year pass no filter by year.")
    if reason == "outside_corpus":
        return Abstention(reason, f"This is not what the library is about ({searched} abstracts were searched).")
    if reason is not None:
        return Abstention(reason, f"No abstract in the library deals with this ({searched} were searched).")
    conflict = _false_premise(query, passages, assessment, finder)
    if conflict is not None:
        return _correction(conflict, passages[0])
    if assessment.confidence < min_confidence * _STRICTNESS[assessment.scope]:
        return not_stated(assessment)
    return None


def not_stated(assessment: Assessment) -> Abstention:
    """The abstention for a question that the retrieved abstracts come close to, but do not answer."""
    quotes = choose_sentences(scored_papers(assessment)[:2], _NEAREST_QUOTES, _NEAREST_QUOTES, from_each=True)
    nearest = tuple(e for quote in quotes for e in quote.evidence)
    closest = nearest[0].title if nearest else assessment.subjects[0].paper.title
    text = (
        f"The abstracts found do not seem to state this. The closest is “{closest}”; "
        "what it says is quoted below and may not answer the question."
    )
    return Abstention("related_but_not_stated", text, nearest)


def _false_premise(
    query: Query, passages: Sequence[Passage], assessment: Assessment, finder: SubjectFinder
) -> Conflict | None:
    """The first premise that the best paper contradicts and that no other paper which may be meant explains.

    A question that is certainly about several papers presupposes nothing about one. Another paper may be meant when it
    matches nearly as well, unless the question names its papers; where the wording leaves open how many are meant, a
    weaker match is enough.
    """
    if query.scope in ("several", "list"):
        return None
    best = passages[0]
    share = _RIVAL if query.scope == "one" else _MEANT
    meant = [p for p in passages if p.score >= share * best.score]
    if query.scope == "one":
        meant = finder.named(query.standalone, passages) or meant
    else:
        meant = [*assessment.subjects, *meant]
    others = [p.paper for p in meant if p.paper != best.paper]
    for conflict in premise_conflicts(query.standalone, best.paper.title, best.paper.abstract):
        stated = conflict.stated.casefold()
        if not any(
            stated in f"{p.title} {p.abstract}".casefold()
            or (conflict.kind == "name" and mentions(conflict.stated, p.abstract, p.title, p.abstract))
            for p in others
        ):
            return conflict
    return None


def _correction(conflict: Conflict, best: Passage) -> Abstention:
    quote = evidence(best.paper, conflict.span)
    text = (
        f"The question says “{conflict.stated}”, but the abstract of “{best.paper.title}” says "
        f"“{conflict.abstract_says}”: {quote.quote}"
    )
    return Abstention("false_premise", text, (quote,))
