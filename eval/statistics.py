"""Turns scores into figures: means with intervals, paired differences, AUROC, and risk against coverage.

Everything is resampled over questions, never over sentences, from one fixed seed.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from eval.metrics import UNSCORED, Score

BOOTSTRAP_DRAWS = 10_000
BOOTSTRAP_SEED = 20_260_101
_BLOCK = 500
"""Resamples drawn at a time, so that memory does not grow with the number of questions."""
_BINS = 10
"""Customary number of bins of a calibration error."""
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
    """The mean of the scored values with its percentile bootstrap interval."""
    scored = [s for s in scores if s is not None and s != UNSCORED]
    total = sum(s is not None for s in scores)
    if not scored:
        return Figure(None, 0, total)
    low, high = interval(scored)
    return Figure(sum(scored) / len(scored), len(scored), total, low, high)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the mean (Efron 1979), from `BOOTSTRAP_DRAWS` resamples.

    When every value is a perfect 1 or 0, resampling shows no spread; the bound is then 3/n (the "rule of three").
    """
    data = np.asarray(values, dtype=np.float64)
    if np.all(data == data[0]) and data[0] in (0.0, 1.0):
        bound = min(1.0, 3.0 / len(data))
        return (1.0 - bound, 1.0) if data[0] == 1.0 else (0.0, bound)
    return bootstrap(np.mean, data)


def bootstrap(
    statistic: Callable[..., Any], *columns: npt.ArrayLike, draws: int = BOOTSTRAP_DRAWS, vectorized: bool = True
) -> tuple[float, float]:
    """The 95 % percentile interval of a statistic of `columns`, whose rows are resampled together.

    A resample for which the statistic is NaN (an AUROC of one class) does not count.
    """
    data = tuple(np.asarray(column) for column in columns)
    if len(data[0]) == 1:  # scipy asks for two rows, and a resample of one row is that row
        only = float(statistic(*data))
        return only, only
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)  # scipy's own interval, when a resample is NaN
        found = stats.bootstrap(
            data,
            statistic,
            n_resamples=draws,
            batch=_BLOCK,
            vectorized=vectorized,
            paired=True,
            method="percentile",
            rng=rng,
        )
    low, high = np.nanpercentile(found.bootstrap_distribution, [2.5, 97.5])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of new minus old over the questions that both runs scored, with its 95 % interval."""

    delta: float
    low: float
    high: float
    n: int


def paired(new: Sequence[float], old: Sequence[float]) -> Difference:
    """The paired bootstrap: each question is resampled with both of its scores. Raises ValueError when empty."""
    if not new or len(new) != len(old):
        raise ValueError("paired differences need the same questions on both sides, and at least one")
    data = np.asarray(new, dtype=np.float64) - np.asarray(old, dtype=np.float64)
    return Difference(float(data.mean()), *bootstrap(np.mean, data), len(data))


def auroc(scores: npt.ArrayLike, truth: npt.ArrayLike) -> float | None:
    """The probability that a true row scores above a false one, ties counted half; None when one class is missing."""
    labels = np.asarray(truth, dtype=bool)
    return None if labels.all() or not labels.any() else float(roc_auc_score(labels, scores))


def auroc_interval(scores: npt.ArrayLike, truth: npt.ArrayLike, draws: int = 1_000) -> tuple[float, float] | None:
    """The 95 % percentile bootstrap interval of the AUROC over the rows; None when one class is missing."""
    if auroc(scores, truth) is None:
        return None

    def drawn(scores: Floats, truth: npt.NDArray[np.bool_]) -> float:
        found = auroc(scores, truth)
        return np.nan if found is None else found

    return bootstrap(drawn, scores, truth, draws=draws, vectorized=False)


def balanced_accuracy(accepted: Sequence[bool], truth: Sequence[bool]) -> float | None:
    """½ (true positive rate + true negative rate), as in LLM-AggreFact; None when one class is missing."""
    return float(balanced_accuracy_score(truth, accepted)) if len(set(truth)) == 2 else None


def risk_coverage(confidence: Sequence[float], loss: Sequence[float], total: int) -> list[tuple[float, float]]:
    """(coverage, risk) after each accepted answer, the most confident first (El-Yaniv & Wiener 2010).

    `loss` is 0 for a right and 1 for a wrong answer; `total` is the number of questions asked, so that coverage ends
    where the system stopped answering. Answers of equal confidence count with their mean loss, so that their order
    does not matter.
    """
    _, tied, counts = np.unique(-np.asarray(confidence, dtype=np.float64), return_inverse=True, return_counts=True)
    lost = np.cumsum(np.repeat(np.bincount(tied, loss, len(counts)) / counts, counts))
    taken = np.arange(1, len(lost) + 1)
    return list(zip((taken / total).tolist(), (lost / taken).tolist(), strict=True))


def risk_area(points: Sequence[tuple[float, float]]) -> float | None:
    """The area under the risk-coverage curve: mean risk over the accepted answers (AURC, Geifman et al. 2019)."""
    return sum(risk for _, risk in points) / len(points) if points else None


def calibration_error(confidence: Sequence[float], truth: Sequence[bool]) -> float | None:
    """The expected calibration error in `_BINS` bins of equal width (Guo et al. 2017); None without a row.

    It is the mean distance between the confidence in a bin and the share of its rows that are true, weighed by rows.
    """
    if not len(confidence):
        return None
    sure, right = np.asarray(confidence, dtype=np.float64), np.asarray(truth, dtype=np.float64)
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    return float(np.abs(np.bincount(bins, sure - right)).sum() / len(sure))


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
