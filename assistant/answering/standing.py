"""Says which cited papers were retracted, withdrawn or corrected, and keeps out what only says so of a paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.documents.status import asks_about_status, only_says_status, remark
from assistant.injections.screening import safe_title
from assistant.library.store import Store
from assistant.types import Answer, Passage


def noted(answer: Answer, store: Store) -> Answer:
    """The answer with a note on each paper that it quotes and that is not in good standing, as the library knows it now."""
    numbers: dict[str, list[str]] = {}
    for cited in answer.citations:
        numbers.setdefault(cited.paper_id, []).append(f"[{cited.n}]")
    quoted = list(dict.fromkeys([*numbers, *(e.paper_id for e in answer.nearest)]))
    notes = []
    for paper in store.papers(quoted):
        if said := remark(paper.editorial_status, paper.title, paper.abstract):
            marks, title = "".join(numbers.get(paper.paper_id, ())), f"“{safe_title(paper)}”"
            notes.append(f"{marks} {said}: {title}" if marks else f"{title} {said}")
    return replace(answer, notes=tuple(dict.fromkeys((*notes, *answer.notes)))) if notes else answer


def evidence_among(question: str, passages: Sequence[Passage], wanted: Sequence[str] = ()) -> list[Passage]:
    """The passages without notices of retraction, which state nothing about the subject, unless the question asks about such
    notices or points at the paper, whose id is then `wanted`."""
    if asks_about_status(question):
        return list(passages)
    return [
        p
        for p in passages
        if p.paper.paper_id in wanted or not only_says_status(p.paper.editorial_status, p.paper.abstract)
    ]
