"""From the scores of two searches to one ranking of papers. Knows nothing about how either search works."""

from __future__ import annotations

from collections.abc import Mapping


def fuse(
    dense: Mapping[str, float], lexical: Mapping[str, float], dense_weight: float
) -> list[tuple[str, float]]:
    """Convex combination of both legs' scores, each scaled to 0-1 over the candidates; ties go to the smaller id.

    A paper that a leg did not find has 0 there; where a leg found nothing at all the other one decides alone. Convex
    combination rather than reciprocal ranks after Bruch et al., arXiv 2210.11934, confirmed on SciFact (design, 6).
    """
    weight = dense_weight if lexical else 1.0
    if not dense:
        weight = 0.0
    d, s = _scaled(dense), _scaled(lexical)
    scores = {i: weight * d.get(i, 0.0) + (1 - weight) * s.get(i, 0.0) for i in {*dense, *lexical}}
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _scaled(scores: Mapping[str, float]) -> dict[str, float]:
    """Min-max scaling; all equal (a single candidate, say) gives 1."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high - low < 1e-9:
        return dict.fromkeys(scores, 1.0)
    return {i: (score - low) / (high - low) for i, score in scores.items()}
