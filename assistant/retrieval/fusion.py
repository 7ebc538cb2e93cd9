"""From the scores of two searches to one ranking of papers. Knows nothing about how either search works."""

from __future__ import annotations

from collections.abc import Mapping


def fuse(dense: Mapping[str, float], lexical: Mapping[str, float], dense_weight: float) -> list[tuple[str, float]]:
    """Papers by `w * cosine + (1 - w) * share`, best first; ties go to the smaller id.

    Both scores are absolute: `lexical` is the share of the question's own weight that a paper matches, so that a
    question in everyday words, which matches nothing well, is left to the dense leg. (Scaling each leg to 0-1 over the
    candidates, as is common, makes the best of many poor keyword matches count as a perfect one.) A paper that a leg
    did not find has 0 there; a leg that found nothing at all leaves the ranking to the other.

    Convex combination rather than reciprocal ranks after Bruch et al., arXiv 2210.11934.
    """
    weight = dense_weight if dense and lexical else float(bool(dense))
    scores = {i: weight * dense.get(i, 0.0) + (1 - weight) * lexical.get(i, 0.0) for i in {*dense, *lexical}}
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
