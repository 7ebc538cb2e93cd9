"""Checks a user's own sentence: against named papers together, or against each of the closest ones of the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.documents.status import only_says_status, remark
from assistant.injections.screening import are_planted, safe_title, screened
from assistant.library.library import Library
from assistant.reports import ClaimCheck
from assistant.retrieval.hybrid import HybridRetriever
from assistant.types import Paper, Verdict
from assistant.verification.grounding import evidence
from assistant.verification.observations import Question, Text
from assistant.verification.same_subject import contradicts
from assistant.verification.verifier import Judgement, Verifier

_PAPERS = 6
_ORDER: tuple[Verdict, ...] = ("supported", "contradicted", "partial", "unsupported")
"""The verdict that is reported when papers differ, first match first; all papers with that verdict are shown."""
_Row = tuple[tuple[Paper, ...], Judgement]
"""Papers with the judgement against all of them together."""


def check_claim(
    claim: str,
    paper_ids: Sequence[str] | None,
    library: Library,
    retriever: HybridRetriever,
    verifier: Verifier,
    context: str = "",
) -> ClaimCheck:
    """The verdict against the named papers together, or the strongest one among the closest papers, each alone.

    One of the closest papers contradicts the claim only if it speaks of the same subject, setting and measure.
    Where one of them supports the claim and another contradicts it, the verdict is `supported`, the evidence holds
    both, and `why` says so. `context` is the sentence before, which tells what a pronoun stands for. Raises NotFoundError for an unknown paper id.
    """
    if paper_ids is not None:
        groups = [tuple(library.paper(paper_id) for paper_id in paper_ids)]
    else:
        found = (p.paper for p in retriever.search(claim, _PAPERS).passages)
        groups = [(p,) for p in found if not only_says_status(p.editorial_status, p.abstract)]
    rows = _judged(claim, groups, verifier, context)
    if any(are_planted(_quotes(rows))):
        rows = _judged(claim, [tuple(screened(papers)) for papers in groups], verifier, context)
    if paper_ids is None:
        said = any(judgement.verdict == "supported" for _, judgement in rows)
        rows = [_unless_about_something_else(claim, row, by_rule=not said) for row in rows]
    for verdict in _ORDER:
        chosen = [row for row in rows if row[1].verdict == verdict]
        if chosen:
            return _report(claim, verdict, chosen, rows)
    return ClaimCheck(claim, "unsupported", "no abstract in the library speaks of this", ())


def _judged(claim: str, groups: Sequence[tuple[Paper, ...]], verifier: Verifier, context: str) -> list[_Row]:
    asked = [Question(claim, [Text(p.title, p.abstract) for p in papers], context) for papers in groups]
    return list(zip(groups, verifier.judge_all(asked), strict=True))


def _quotes(rows: Sequence[_Row]) -> list[str]:
    """The sentences that the judgements rest on."""
    return [
        paper.abstract[span.start : span.end]
        for papers, judgement in rows
        for paper, spans in zip(papers, judgement.spans, strict=False)
        for span in spans
    ]


def _unless_about_something_else(claim: str, row: _Row, *, by_rule: bool) -> _Row:
    """The row, unsupported instead of contradicted where its paper does not speak of the claim's subject."""
    papers, judgement = row
    text = Text(papers[0].title, papers[0].abstract)
    if judgement.verdict != "contradicted" or contradicts(claim, text, judgement, by_rule=by_rule):
        return row
    return papers, replace(judgement, verdict="unsupported", why="the closest abstracts do not say this")


def _report(claim: str, verdict: Verdict, chosen: list[_Row], rows: list[_Row]) -> ClaimCheck:
    if verdict == "unsupported":
        chosen = [max(chosen, key=lambda row: row[1].score)]
    against = [row for row in rows if verdict == "supported" and row[1].verdict == "contradicted"]
    why = chosen[0][1].why
    if against:
        why = f"but “{safe_title(against[0][0][0])}” contradicts it: {against[0][1].why}"
    remarks = [f"“{safe_title(p)}” {said}" for papers, _ in chosen for p in papers if (said := _remark(p))]
    why = "; ".join(dict.fromkeys(filter(None, [why, *remarks])))
    score = max(judgement.score for _, judgement in chosen)
    found = tuple(
        evidence(paper, span)
        for papers, judgement in [*chosen, *against]
        for paper, spans in zip(papers, judgement.spans, strict=True)
        for span in spans
    )
    return ClaimCheck(claim, verdict, why, found, round(score, 6))


def _remark(paper: Paper) -> str:
    return remark(paper.editorial_status, paper.title, paper.abstract)
