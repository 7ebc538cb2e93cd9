"""Decides when a question is not answered, and composes the abstention: its reason and the nearest quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answerability.asked_kind import SeldomStated
from assistant.answering.assessment import Assessment
from assistant.answering.courtesies import reply
from assistant.answering.extractive import choose_sentences, scored_papers
from assistant.collection.reply import EMPTY_LIBRARY
from assistant.injections.screening import are_planted, safe_title
from assistant.query.cues import without_naming
from assistant.query.query import Query
from assistant.retrieval.relevance import off_topic
from assistant.retrieval.subjects import SubjectFinder
from assistant.text.names import mentions, names
from assistant.text.numbers import quantities
from assistant.text.same_quantity import same
from assistant.text.spelling import canonical
from assistant.text.words import stems
from assistant.types import Evidence, Paper, Passage, Reason
from assistant.verification.false_premise import Asked, Conflict, find_conflict
from assistant.verification.grounding import evidence

NEAREST_QUOTES = 3
"""Sentences of one paper that an abstention quotes at most."""
_SELDOM_STATED: dict[SeldomStated, str] = {
    "limits": "any limitation that this asks for",
    "plans": "what comes next",
    "judgement": "a judgement of it",
    "affairs": "this: it concerns people, institutions, money or rights, of which abstracts say little",
}
_RIVAL = 0.8
"""Share of the best paper's score from which another paper may be meant instead."""


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why a question is not answered: the text to show, and the nearest quotes."""

    reason: Reason
    text: str
    nearest: tuple[Evidence, ...] = ()
    shows_example: bool = False
    """Whether an example of a question helps, which follows the text."""


def abstain(
    query: Query,
    passages: Sequence[Passage],
    assessment: Assessment,
    finder: SubjectFinder,
    min_confidence: float,
    searched: int,
) -> Abstention | None:
    """The abstention that the question calls for, or None; `searched` is the number of abstracts that pass the filters."""
    if query.intent == "smalltalk":
        return Abstention("outside_corpus", reply(query.question, searched), shows_example=True)
    if query.intent == "no question":
        return Abstention("no_question", "This asks nothing about the papers.", shows_example=True)
    if query.intent == "unclear":
        return Abstention(
            "unclear", "Which paper or subject do you mean? Nothing before this names one.", shows_example=True
        )
    if query.unknown_citation is not None:
        return Abstention("no_match", f"No answer of this conversation has a citation [{query.unknown_citation}].")
    reason = off_topic(passages)
    if not passages and query.filters is not None and query.filters.restrict:
        return Abstention(
            "no_match", "No abstract passes the filters; papers whose records leave a field empty pass no filter by it."
        )
    if not searched:
        return Abstention("no_match", EMPTY_LIBRARY)
    if reason == "outside_corpus":
        text = f"This is not what the library is about ({searched} abstracts were searched)."
        return Abstention(reason, text, shows_example=True)
    if reason is not None:
        text = f"No abstract in the library deals with this ({searched} were searched)."
        return Abstention(reason, text, shows_example=True)
    conflict = _false_premise(query, assessment, finder)
    if conflict is not None:
        correction = _correction(conflict, assessment.subjects[0].paper)
        if not any(are_planted([e.quote for e in correction.nearest])):
            return correction
    if assessment.confidence < min_confidence * assessment.strictness:
        return not_stated(assessment)
    return None


def not_stated(assessment: Assessment) -> Abstention:
    """The abstention for a question that the retrieved abstracts come close to, but do not answer."""
    quotes = choose_sentences(scored_papers(assessment)[:2], NEAREST_QUOTES, NEAREST_QUOTES, from_each=True)
    nearest = tuple(e for quote in quotes for e in quote.evidence)
    closest = nearest[0].title if nearest else safe_title(assessment.subjects[0].paper)
    text = (
        f"The abstracts found do not seem to state {_what(assessment)}. The closest is “{closest}”; "
        "what it says is quoted below and may not answer the question."
    )
    return Abstention("related_but_not_stated", text, nearest)


def _what(assessment: Assessment) -> str:
    """What is not stated, where the question asks for a kind of thing that abstracts seldom state."""
    kinds = {reading.lacks for reading in assessment.readings}
    kind = kinds.pop() if len(kinds) == 1 else None
    return _SELDOM_STATED[kind] if kind is not None else "this"


def _false_premise(query: Query, assessment: Assessment, finder: SubjectFinder) -> Conflict | None:
    """The premise that the best subject contradicts, unless another paper that may be meant explains it.

    A question about several papers, or one that compares them, presupposes nothing about one. Another paper may be meant
    when it matches nearly as well; where the question names its papers, only these may.
    """
    if query.scope in ("several", "list") or not assessment.subjects:
        return None
    best, *others = zip(assessment.subjects, assessment.readings, strict=True)
    named = finder.named(query.standalone, assessment.subjects)
    several = assessment.scope == "several"
    meant = [(p, r) for p, r in others if several or p in named or (not named and p.score >= _RIVAL * best[0].score)]
    paper, read = best[0].paper, best[1]
    if read.outcome is None or read.passage is None or read.as_claim is None:
        return None
    if any(r.outcome and r.outcome.odds > 0 for _, r in meant):
        return None
    question = canonical(query.standalone)  # as it was read
    found = find_conflict(
        Asked(question, paper.title, paper.abstract, read.passage, read.outcome, read.as_claim, read.closeness)
    )
    return (
        None
        if found is None
        or any(
            _holds(p.paper, found.stated) or (several and _says_more(p.paper, paper, found.stated)) for p, _ in meant
        )
        else found
    )


def _holds(paper: Paper, stated: str) -> bool:
    """Whether the paper has all names and figures of what is stated, which then may be about that paper."""
    named, figures = names(f"x {stated}"), quantities(stated)
    known = quantities(f"{paper.title} ; {paper.abstract}")
    return bool(named or figures) and (
        all(mentions(name, paper.abstract, paper.title, paper.abstract) for name in named)
        and all(any(same(q, k) for k in known) for q in figures)
    )


def _says_more(other: Paper, paper: Paper, stated: str) -> bool:
    """Whether the other paper has words of what is stated that this one lacks: the question may say them of that one."""
    lacking = stems(stated) - stems(f"{paper.title} {paper.abstract}")
    return bool(lacking & stems(f"{other.title} {other.abstract}"))


def _correction(conflict: Conflict, paper: Paper) -> Abstention:
    quote = evidence(paper, conflict.span)
    text = f"The question says “{without_naming(conflict.stated)}”, but the abstract of “{safe_title(paper)}” says: “{quote.quote}”"
    return Abstention("false_premise", text, (quote,))
