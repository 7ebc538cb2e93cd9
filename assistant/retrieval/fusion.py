"""Fuses the scores of two retrievers, and those of several searches, into one ranking of papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def fuse(dense: Mapping[str, float], bm25: Mapping[str, float], dense_weight: float) -> list[tuple[str, float]]:
    """Papers by `w * cosine + (1 - w) * share`, best first; ties go to the smaller id.

    Both scores are absolute: `bm25` is the share of the question's own weight that a paper matches, so that a question
    in everyday words, which matches nothing well, is left to the dense retriever. (The common scaling of each score to
    0-1 over the candidates makes the best of many poor keyword matches count as a perfect one.) A paper that a
    retriever did not find scores 0 there; where a retriever found nothing at all, the other decides alone.

    Convex combination rather than reciprocal ranks after Bruch et al., arXiv 2210.11934.
    """
    weight = dense_weight if dense and bm25 else float(bool(dense))
    scores = {i: weight * dense.get(i, 0.0) + (1 - weight) * bm25.get(i, 0.0) for i in {*dense, *bm25}}
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def average(*rankings: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Papers by the mean of their scores in several rankings, best first; one that does not hold a paper counts 0."""
    sums: dict[str, float] = {}
    for paper_id, score in (pair for ranking in rankings for pair in ranking):
        sums[paper_id] = sums.get(paper_id, 0.0) + score / len(rankings)
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))
