"""Leaves planted sentences out of what an answer rests on, and says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.injections.screening import safe_title, screened
from assistant.types import Passage


def without_planted(passages: Sequence[Passage]) -> list[Passage]:
    """The passages, their abstracts without planted sentences; those whose abstract was nothing else are gone."""
    papers = screened([p.paper for p in passages])
    return [replace(p, paper=paper) for p, paper in zip(passages, papers, strict=True) if paper.abstract.strip()]


def notes_on_planted(found: Sequence[Passage], used: Sequence[Passage], shown: Collection[str]) -> list[str]:
    """A note on the papers of which something was left out, as far as it concerns the answer: the best one, and those that
    it shows, whose ids are in `shown`."""
    concerned = {*shown, *(p.paper.paper_id for p in found[:1])}
    kept = {p.paper.paper_id: p.paper.abstract for p in used}
    touched = [
        f"“{safe_title(p.paper)}”"
        for p in found
        if p.paper.paper_id in concerned and kept.get(p.paper.paper_id) != p.paper.abstract
    ]
    said = "text that addresses the program that reads it, instead of stating a finding"
    return [f"Left out of {', '.join(touched)}: {said}."] if touched else []
