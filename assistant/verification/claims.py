"""A reader's own sentence against the library: the same gate that answers pass."""

from __future__ import annotations

from assistant.errors import SettingsError
from assistant.library.store import Store
from assistant.reports import ClaimCheck
from assistant.retrieval.hybrid import HybridRetriever
from assistant.types import Evidence, Paper, Span, Verdict
from assistant.verification.grounding import evidence
from assistant.verification.verifier import Judgement, Verifier

_PAPERS = 6
_ORDER: tuple[Verdict, ...] = ("supported", "contradicted", "partial", "unsupported")
"""What is reported first when papers differ; papers of one verdict are all shown."""


def check_claim(
    store: Store, retriever: HybridRetriever, verifier: Verifier, claim: str, paper_id: str | None
) -> ClaimCheck:
    """The strongest verdict among the closest papers (or on the named one), with the spans behind it.

    Where one paper supports the claim and another contradicts it, the verdict is `supported`, both are in the
    evidence, and `why` says so. Raises SettingsError for an unknown paper id.
    """
    papers = _candidates(store, retriever, claim, paper_id)
    rows = list(zip(papers, verifier.check(claim, [(p.title, p.abstract) for p in papers]), strict=True))
    for verdict in _ORDER:
        chosen = [(p, j, s) for p, (j, s) in rows if j.verdict == verdict]
        if not chosen:
            continue
        if verdict == "unsupported":
            chosen = sorted(chosen, key=lambda row: -row[1].score)[:1]
        against = [(p, j, s) for p, (j, s) in rows if verdict == "supported" and j.verdict == "contradicted"]
        why = chosen[0][1].why
        if against:
            why = f"but “{against[0][0].title}” contradicts it: {against[0][1].why}"
        score = max(judgement.score for _, judgement, _ in chosen)
        return ClaimCheck(claim, verdict, why, _evidence([*chosen, *against]), round(score, 6))
    return ClaimCheck(claim, "unsupported", "no abstract in the library speaks of this", ())


def _candidates(store: Store, retriever: HybridRetriever, claim: str, paper_id: str | None) -> list[Paper]:
    if paper_id is not None:
        found = list(store.papers([paper_id]))
        if not found:
            raise SettingsError(f"no paper {paper_id} in the library; `assistant papers` lists them")
        return found
    return [p.paper for p in retriever.search(claim, _PAPERS).passages]


def _evidence(rows: list[tuple[Paper, Judgement, tuple[Span, ...]]]) -> tuple[Evidence, ...]:
    return tuple(evidence(paper, span) for paper, _, spans in rows for span in spans)
