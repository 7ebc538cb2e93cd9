"""A reader's own sentence against the library: the same gate that answers pass."""

from __future__ import annotations

from assistant.core.gate import evidence
from assistant.core.library import Library
from assistant.core.search import Search
from assistant.errors import SettingsError
from assistant.reports import ClaimCheck
from assistant.settings import Settings
from assistant.types import Evidence, Paper, Span, Verdict
from assistant.verify import Judgement, Verifier

_PAPERS = 6
_ORDER: tuple[Verdict, ...] = ("supported", "contradicted", "partial", "unsupported")
"""What is reported first when papers differ; papers of one verdict are all shown."""


def check_claim(
    library: Library, settings: Settings, verifier: Verifier, claim: str, paper_id: str | None
) -> ClaimCheck:
    """The strongest verdict among the closest papers (or on the named one), with the spans behind it.

    Where one paper supports the claim and another contradicts it, the verdict is `supported`, both are in the
    evidence, and `why` says so. Raises SettingsError for an unknown paper id.
    """
    papers = _candidates(library, settings, claim, paper_id)
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


def _candidates(library: Library, settings: Settings, claim: str, paper_id: str | None) -> list[Paper]:
    if paper_id is not None:
        found = list(library.store.papers([paper_id]))
        if not found:
            raise SettingsError(f"no paper {paper_id} in the library; `assistant papers` lists them")
        return found
    return [p.paper for p in Search(library, settings).passages(claim, _PAPERS, None, [])]


def _evidence(rows: list[tuple[Paper, Judgement, tuple[Span, ...]]]) -> tuple[Evidence, ...]:
    return tuple(evidence(paper, span) for paper, _, spans in rows for span in spans)
