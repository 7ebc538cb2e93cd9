"""Scores one answer with pure functions over plain values.

A score is a number, `None` where the metric does not apply to the question, or `UNSCORED` where it applies but could not
be computed. Neither of the last two ever enters a mean; `eval.statistics` counts both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Literal

import numpy as np

UNSCORED: Literal["unscored"] = "unscored"
Score = float | Literal["unscored"] | None
_FIGURE = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*")
"""A number that stands on its own; the 50 of ResNet50 is part of a name."""


def first_rank(ranked: Sequence[str], gold: Sequence[str]) -> int | None:
    """1-based rank of the first gold paper; None when none was retrieved."""
    return next((i for i, paper_id in enumerate(ranked, 1) if paper_id in gold), None)


def hit_at(ranked: Sequence[str], gold: Sequence[str], k: int) -> float:
    """1 when a gold paper is among the first `k`, else 0."""
    rank = first_rank(ranked, gold)
    return float(rank is not None and rank <= k)


def recall_at(ranked: Sequence[str], gold: Sequence[str], k: int) -> float:
    """The share of the gold papers among the first `k`: |top-k ∩ gold| / |gold|."""
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
    """Folds case, whitespace and LaTeX's escaped percent sign, so that a fact can be found in a text."""
    return re.sub(r"\s+", " ", text.replace("\\%", "%")).casefold()


def fact_recall(text: str, facts: Sequence[Sequence[str]]) -> float | None:
    """The share of the facts of which at least one wording occurs in `text`; None without facts."""
    if not facts:
        return None
    folded = fold(text)
    return sum(any(fold(wording) in folded for wording in fact) for fact in facts) / len(facts)


def number_exactness(text: str, facts: Sequence[Sequence[str]]) -> float | None:
    """Among the facts that hold a figure, the share of which one wording occurs with no other digit around it.

    Stricter than `fact_recall`, for which "5x" occurs in "15x". None when no fact holds a figure.
    """
    figures = [fact for fact in facts if any(any(c.isdigit() for c in wording) for wording in fact)]
    if not figures:
        return None
    folded = fold(text)
    return sum(any(_stands(fold(wording), folded) for wording in fact) for fact in figures) / len(figures)


def _stands(wording: str, text: str) -> bool:
    before = r"(?<!\d)(?<!\d[.,])" if wording[0].isdigit() else ""
    after = r"(?![.,]?\d)" if wording[-1].isdigit() else ""
    return re.search(before + re.escape(wording) + after, text) is not None


def figures_cited(sentences: Sequence[tuple[str, str]]) -> float | None:
    """The share of the figures in shown sentences that occur in what the sentence cites; takes (sentence, its quotes).

    None when no figure is shown. Thousands separators are folded; words for numbers are not read.
    """
    found = [(figure, set(_figures(quotes))) for sentence, quotes in sentences for figure in _figures(sentence)]
    return sum(figure in quoted for figure, quoted in found) / len(found) if found else None


def _figures(text: str) -> list[str]:
    return [re.sub(r",(?=\d{3}\b)", "", match) for match in _FIGURE.findall(text)]


def percentiles(values: Sequence[float], at: Sequence[int] = (50, 90, 95, 99)) -> dict[str, float]:
    """Nearest-rank percentiles, as `p50` and so on: the smallest value with `q` % of all at or below it (Hyndman & Fan 1)."""
    found = np.percentile(values, at, method="inverted_cdf").tolist() if len(values) else []
    return {f"p{q}": value for q, value in zip(at, found, strict=False)}
