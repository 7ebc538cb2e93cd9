"""An answer without a model: which sentences of which abstracts to quote, and in which order.

Knows nothing about how sentences were scored.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Draft, Evidence, Paper, Span

_SEVERAL = re.compile(
    r"\b(?:which|what|list|name|find|show|are there)\b[^?.]{0,40}\b(?:papers|works|studies|methods|approaches|articles|"
    r"authors|abstracts|models)\b|\bcompar|\bversus\b|\bvs\b|\bdiffer|\bboth\b|\beach\b|\bpapers\b|\bhow many papers\b|"
    r"\b(?:two|three|several|various|different) (?:papers|works|methods|approaches|studies)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scored:
    """One abstract with its sentences and how well each answers the question; `weight` is the paper's own score."""

    paper: Paper
    weight: float
    spans: tuple[Span, ...]
    scores: tuple[float, ...]


def asks_for_several(question: str) -> bool:
    """Does the question ask about more than one paper?"""
    return bool(_SEVERAL.search(question))


def choose_quotes(scored: Sequence[Scored], limit: int) -> list[Draft]:
    """The best `limit` sentences over all the papers: papers in the order of their best sentence, sentences in the
    order of the abstract."""
    pool = [
        (s.weight + score, -rank, -i)
        for rank, s in enumerate(scored)
        for i, score in enumerate(s.scores)
    ]
    best = sorted(pool, reverse=True)[:limit]
    ranks = list(dict.fromkeys(-rank for _, rank, _ in best))
    return [
        _draft(scored[rank].paper, scored[rank].spans[i])
        for rank in ranks
        for i in sorted(-i for _, r, i in best if -r == rank)
    ]


def _draft(paper: Paper, span: Span) -> Draft:
    quote = paper.abstract[span.start : span.end]
    return Draft(quote, (Evidence(paper.paper_id, paper.title, quote, span.start, span.end),))
