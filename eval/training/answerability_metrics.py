"""Computes the figures with which the answerability model is reported: over labelled questions, and over quotes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from scipy.stats import binned_statistic

from assistant.answerability.model import Signals
from eval import statistics

Floats = npt.NDArray[np.float64]


class Labelled(Protocol):
    """A question about one paper."""

    @property
    def answered(self) -> bool:
        """Whether the abstract answers it."""

    @property
    def pair(self) -> str:
        """The name of its minimal pair, or ''."""

    @property
    def paper(self) -> str:
        """The paper's id."""


class Labels(NamedTuple):
    """The labels of some rows as arrays."""

    answered: npt.NDArray[np.bool_]
    pair: npt.NDArray[np.int64]
    """A number for each minimal pair; -1 for rows without one."""
    paper: npt.NDArray[np.int64]

    @staticmethod
    def of(rows: Sequence[Labelled]) -> Labels:
        """The labels of the rows, in order."""
        pairs = {name: n for n, name in enumerate(sorted({r.pair for r in rows if r.pair}))}
        papers = {name: n for n, name in enumerate(sorted({r.paper for r in rows}))}
        pair, paper = [pairs.get(r.pair, -1) for r in rows], [papers[r.paper] for r in rows]
        return Labels(np.array([r.answered for r in rows]), np.array(pair), np.array(paper))


Metric = Callable[[Labels, Floats], float]


def auroc(known: Labels, scores: Floats) -> float:
    """NaN where only one label is present."""
    found = statistics.auroc(scores, known.answered)
    return np.nan if found is None else found


def within_pair(known: Labels, scores: Floats) -> float:
    """The share of minimal pairs whose answered question scores higher, ties counted half; NaN without pairs."""
    found: list[float] = []
    for pair in np.unique(known.pair[known.pair >= 0]):
        here = known.pair == pair
        gaps = scores[here & known.answered][:, None] - scores[here & ~known.answered][None]
        found += ((gaps > 0) + 0.5 * (gaps == 0)).ravel().tolist()
    return float(np.mean(found)) if found else np.nan


def passed(known: Labels, scores: Floats, refused: float = 0.1) -> float:
    """The share of unanswered questions that pass where a share `refused` of the answered ones is refused."""
    return float((scores[~known.answered] >= np.quantile(scores[known.answered], refused)).mean())


def calibration_error(known: Labels, scores: Floats) -> float:
    """The expected calibration error of log odds in ten equal bins: Σ |Σ (p - y) within a bin| / n."""
    p = expit(scores)
    gaps = binned_statistic(p, p - known.answered, "sum", bins=10, range=(0, 1)).statistic
    return float(np.abs(gaps).sum() / len(p))


def interval(known: Labels, scores: Floats, metric: Metric) -> str:
    """The value and its 95 % interval over 1,000 resamples of the papers."""
    papers = [np.flatnonzero(known.paper == n) for n in np.unique(known.paper)]

    def resampled(drawn: npt.NDArray[np.int64]) -> float:
        at = np.concatenate([papers[n] for n in drawn])
        some = Labels(*(values[at] for values in known))
        return metric(some, scores[at]) if 0 < some.answered.sum() < len(at) else np.nan

    low, high = statistics.bootstrap(resampled, np.arange(len(papers)), draws=1_000, vectorized=False)
    return f"{metric(known, scores):.3f} ({low:.2f}-{high:.2f})"


def risk_at(curve: Sequence[tuple[float, float]], coverage: float) -> float:
    """The risk of the first point of a risk-coverage curve that reaches the coverage."""
    return next((risk for covered, risk in curve if covered >= coverage - 1e-9), curve[-1][1])


def rank(found: Signals, gold: Sequence[int], *, numbers: bool) -> int:
    """The rank of the best sentence that holds the answer: by the scores, or without `numbers` by the bare marks."""
    scores = np.array(found.sentence_scores if numbers else found.marks)
    order: list[int] = np.argsort(-scores, kind="stable").tolist()
    return min(order.index(i) for i in gold)


def quoted(scores: Sequence[float], share: float, most: int) -> list[int]:
    """The sentences of one abstract that `extractive.choose_sentences` quotes at this `STATING_SHARE`."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    return [i for i in order if scores[i] >= share * scores[order[0]] > 0][:most] or order[:1]
