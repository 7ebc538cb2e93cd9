"""Metrics as pure functions over plain values. `None` means "not applicable here" and never enters a mean."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

import numpy as np

BOOTSTRAP_DRAWS = 10_000
BOOTSTRAP_SEED = 20_260_101


def first_rank(ranked: Sequence[str], gold: Sequence[str]) -> int | None:
    """1-based rank of the first gold paper; None when none was retrieved."""
    return next((i for i, paper_id in enumerate(ranked, 1) if paper_id in gold), None)


def hit_at(ranked: Sequence[str], gold: Sequence[str], k: int) -> float:
    """1 when a gold paper is among the first `k`, else 0."""
    rank = first_rank(ranked, gold)
    return float(rank is not None and rank <= k)


def recall_at(ranked: Sequence[str], gold: Sequence[str], k: int) -> float:
    """Share of the gold papers among the first `k`: |top-k ∩ gold| / |gold|."""
    return len(set(ranked[:k]) & set(gold)) / len(set(gold))


def reciprocal_rank(ranked: Sequence[str], gold: Sequence[str]) -> float:
    """1 / rank of the first gold paper, 0 when none was retrieved (Voorhees, TREC-8 QA)."""
    rank = first_rank(ranked, gold)
    return 1.0 / rank if rank else 0.0


def ndcg(ranked: Sequence[str], relevance: dict[str, float], k: int = 10) -> float:
    """Σ_{i≤k} rel_i / log2(i+1) over the same sum for the ideal order (Järvelin & Kekäläinen 2002; as BEIR)."""
    gains = sum(relevance.get(d, 0.0) / math.log2(i + 1) for i, d in enumerate(ranked[:k], 1))
    ideal = sorted(relevance.values(), reverse=True)[:k]
    best = sum(gain / math.log2(i + 1) for i, gain in enumerate(ideal, 1))
    return gains / best if best else 0.0


def fold(text: str) -> str:
    """Case, whitespace and LaTeX's escaped percent folded, for finding a fact in a text."""
    return re.sub(r"\s+", " ", text.replace("\\%", "%")).casefold()


def fact_recall(text: str, facts: Sequence[Sequence[str]]) -> float | None:
    """Share of the facts of which one wording occurs in `text`; None without facts."""
    if not facts:
        return None
    folded = fold(text)
    return sum(any(fold(wording) in folded for wording in fact) for fact in facts) / len(facts)


def mean(values: Sequence[float | None]) -> tuple[float | None, int]:
    """Mean over the values that apply, and how many they are; (None, 0) when there are none."""
    scored = [v for v in values if v is not None]
    return (sum(scored) / len(scored), len(scored)) if scored else (None, 0)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Probability that a positive scores above a negative, ties counted half (Mann-Whitney U / mn)."""
    if not positive or not negative:
        return None
    p, n = np.asarray(positive)[:, None], np.asarray(negative)[None, :]
    return float(np.mean((p > n) + 0.5 * (p == n)))


def interval(
    values: Sequence[float], statistic: Callable[[Sequence[float]], float] | None = None
) -> tuple[float, float] | None:
    """Percentile bootstrap over questions: 2.5 % and 97.5 % of `BOOTSTRAP_DRAWS` resampled means, fixed seed.

    With all values equal to a perfect 1 or 0 the bootstrap says nothing; then the bound is 3/n ("rule of three").
    """
    if not values:
        return None
    data = np.asarray(values, dtype=np.float64)
    if np.all(data == data[0]) and data[0] in (0.0, 1.0):
        bound = min(1.0, 3.0 / len(data))
        return (1.0 - bound, 1.0) if data[0] == 1.0 else (0.0, bound)
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    draws = rng.integers(0, len(data), size=(BOOTSTRAP_DRAWS, len(data)))
    if statistic is None:
        samples = data[draws].mean(axis=1)
    else:
        samples = np.asarray([statistic(list(data[row])) for row in draws])
    return float(np.percentile(samples, 2.5)), float(np.percentile(samples, 97.5))
