"""From scores to figures: means with intervals, paired differences, ranking of positives, risk against coverage.

Pure functions over numbers. Resampling is over questions, never over sentences, with one fixed seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eval.metrics import UNSCORED, Score

BOOTSTRAP_DRAWS = 10_000
BOOTSTRAP_SEED = 20_260_101
_BLOCK = 500
"""Resamples drawn at a time, so that memory does not grow with the number of questions."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over questions with its 95 % interval; `value` is None when nothing could be scored."""

    value: float | None
    n_scored: int
    n_total: int
    """Questions to which the metric applies; `n_total - n_scored` of them are unscored."""
    low: float | None = None
    high: float | None = None


def figure(scores: Sequence[Score]) -> Figure:
    """Mean of the scored values with their percentile bootstrap interval."""
    scored = [s for s in scores if s is not None and s != UNSCORED]
    total = sum(s is not None for s in scores)
    if not scored:
        return Figure(None, 0, total)
    low, high = interval(scored)
    return Figure(sum(scored) / len(scored), len(scored), total, low, high)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """2.5 % and 97.5 % of the means of `BOOTSTRAP_DRAWS` resamples (percentile bootstrap, Efron 1979).

    With all values equal to a perfect 1 or 0 the bootstrap says nothing; then the bound is 3/n ("rule of three").
    """
    data = np.asarray(values, dtype=np.float64)
    if np.all(data == data[0]) and data[0] in (0.0, 1.0):
        bound = min(1.0, 3.0 / len(data))
        return (1.0 - bound, 1.0) if data[0] == 1.0 else (0.0, bound)
    means = _resampled_means(data)
    return float(np.percentile(means, 2.5)), float(np.percentile(means, 97.5))


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean of new minus old over the questions that both runs scored, with its 95 % interval."""

    delta: float
    low: float
    high: float
    n: int


def paired(new: Sequence[float], old: Sequence[float]) -> Difference:
    """Paired bootstrap: the questions are resampled, each with both of its scores. Raises ValueError when empty."""
    if not new or len(new) != len(old):
        raise ValueError("paired differences need the same questions on both sides, and at least one")
    data = np.asarray(new, dtype=np.float64) - np.asarray(old, dtype=np.float64)
    means = _resampled_means(data)
    low, high = np.percentile(means, [2.5, 97.5])
    return Difference(float(data.mean()), float(low), float(high), len(data))


def _resampled_means(data: Floats) -> Floats:
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    blocks = [
        data[rng.integers(0, len(data), size=(_BLOCK, len(data)))].mean(axis=1)
        for _ in range(BOOTSTRAP_DRAWS // _BLOCK)
    ]
    return np.concatenate(blocks)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Probability that a positive scores above a negative, ties counted half (Mann-Whitney U / mn)."""
    if not len(positive) or not len(negative):
        return None
    n = np.sort(np.asarray(negative, dtype=np.float64))
    p = np.asarray(positive, dtype=np.float64)
    below, not_above = np.searchsorted(n, p, "left"), np.searchsorted(n, p, "right")
    return float((below + not_above).sum() / (2 * len(p) * len(n)))


def auroc_interval(scores: Sequence[float], truth: Sequence[bool]) -> tuple[float, float] | None:
    """2.5 % and 97.5 % of the AUROC over 1,000 resamples of the rows; None when one class is missing."""
    value, label = np.asarray(scores, dtype=np.float64), np.asarray(truth, dtype=bool)
    if label.all() or not label.any():
        return None
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    found = []
    for _ in range(1_000):
        rows = rng.integers(0, len(value), size=len(value))
        drawn = auroc(value[rows][label[rows]].tolist(), value[rows][~label[rows]].tolist())
        found += [] if drawn is None else [drawn]
    return float(np.percentile(found, 2.5)), float(np.percentile(found, 97.5))


def balanced_accuracy(accepted: Sequence[bool], truth: Sequence[bool]) -> float | None:
    """½ (true positive rate + true negative rate), as LLM-AggreFact; None when one class is missing."""
    positive = [a for a, t in zip(accepted, truth, strict=True) if t]
    negative = [a for a, t in zip(accepted, truth, strict=True) if not t]
    if not positive or not negative:
        return None
    return 0.5 * (sum(positive) / len(positive) + sum(not a for a in negative) / len(negative))


def risk_coverage(confidence: Sequence[float], loss: Sequence[float], total: int) -> list[tuple[float, float]]:
    """(coverage, risk) after each accepted answer, the most confident first (El-Yaniv & Wiener 2010).

    `loss` is 0 for a right and 1 for a wrong answer, `total` the number of questions asked, so that coverage ends
    where the system stopped to answer. Answers of equal confidence are taken at their mean loss, so that their order
    does not matter.
    """
    order = sorted(range(len(confidence)), key=lambda i: -confidence[i])
    points, taken, lost, at = [], 0, 0.0, 0
    while at < len(order):
        tied = [i for i in order[at:] if confidence[i] == confidence[order[at]]]
        share = sum(loss[i] for i in tied) / len(tied)
        for _ in tied:
            taken, lost = taken + 1, lost + share
            points.append((taken / total, lost / taken))
        at += len(tied)
    return points


def risk_area(points: Sequence[tuple[float, float]]) -> float | None:
    """Area under the risk-coverage curve: mean risk over the accepted answers (AURC, Geifman et al. 2019)."""
    return sum(risk for _, risk in points) / len(points) if points else None


def rounded(value: float | None) -> float | None:
    """Four decimals: more than the number of questions can carry, and the same on every machine."""
    return None if value is None else round(value, 4)


def to_dict(found: Figure) -> dict[str, float | int | None]:
    """The figure as plain rounded values."""
    return {
        "value": rounded(found.value),
        "n_scored": found.n_scored,
        "n_total": found.n_total,
        "low": rounded(found.low),
        "high": rounded(found.high),
    }
