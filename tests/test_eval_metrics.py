"""Metrics and statistics are what their definitions say, on cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from eval import citations, metrics, statistics
from eval.metrics import UNSCORED

GOOD = "The error is 0.27 knots."


def test_ranking_metrics() -> None:
    ranked, gold = ["a", "b", "c", "d"], ["c", "x"]
    assert metrics.first_rank(ranked, gold) == 3
    assert metrics.reciprocal_rank(ranked, gold) == pytest.approx(1 / 3)
    assert (metrics.hit_at(ranked, gold, 2), metrics.hit_at(ranked, gold, 3)) == (0.0, 1.0)
    assert metrics.recall_at(ranked, gold, 4) == 0.5
    assert metrics.ndcg(["b", "a"], {"a": 1.0}) == pytest.approx(0.6309, abs=1e-4)
    assert metrics.ndcg(["a", "b"], {"a": 1.0}) == 1.0
    assert metrics.ndcg(["z"], {}) == 0.0


def test_fact_recall_folds_case_space_and_latex() -> None:
    assert metrics.fact_recall("It reaches 98.7\\%  accuracy", [["98.7% Accuracy"], ["never", "It reaches"]]) == 1.0
    assert metrics.fact_recall("nothing", [["a"], ["h"]]) == 0.5
    assert metrics.fact_recall("nothing", []) is None


@pytest.mark.parametrize(
    ("text", "exact"),
    [("a 5x gain", 1.0), ("a 15x gain", 0.0), ("a 1.5x gain", 0.0), ("a 5xl", 1.0), ("by 5X.", 1.0), ("none", 0.0)],
)
def test_a_figure_counts_only_digit_for_digit(text: str, exact: float) -> None:
    assert metrics.number_exactness(text, [["5x"], ["of words only"]]) == exact


@pytest.mark.parametrize(("text", "exact"), [("93.2% now", 1.0), ("93.25", 0.0), ("93.2.", 1.0), ("193.2", 0.0)])
def test_decimals_are_not_cut(text: str, exact: float) -> None:
    assert metrics.number_exactness(text, [["93.2"]]) == exact
    assert metrics.number_exactness(text, [["words"]]) is None


def test_shown_figures_must_stand_in_the_quote() -> None:
    assert metrics.figures_cited([("8,000 boats and 3 ports", "There are 8000 boats")]) == 0.5
    assert metrics.figures_cited([("ResNet50 wins", "it wins")]) is None, "part of a name"


def test_percentiles_are_values_that_occurred() -> None:
    assert metrics.percentiles([4, 1, 3, 2]) == {"p50": 2, "p90": 4, "p95": 4, "p99": 4}
    assert metrics.percentiles([]) == {}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("a [1].", (1,)), ("a [1, 2]", (1, 2)), ("a [2][1] b [2]", (2, 1)), ("[1; 3] and [x]", (1, 3)), ("none [ ]", ())],
)
def test_markers_are_read_in_full(text: str, numbers: tuple[int, ...]) -> None:
    assert citations.markers(text) == numbers


def supports(sentence: str, numbers: tuple[int, ...]) -> bool | None:
    """Citation 1 carries GOOD, 2 nothing, 3 and 4 only together, 5 cannot be decided."""
    if 5 in numbers:
        return None
    return 1 in numbers or {3, 4} <= set(numbers)


@pytest.mark.parametrize(
    ("cited", "recall", "precision"),
    [
        ((1,), 1.0, 1.0),
        ((2,), 0.0, 0.0),
        ((1, 2), 1.0, 0.5),  # the second is not needed
        ((3, 4), 1.0, 1.0),  # neither alone, but both are needed
        ((1, 99), 0.0, 0.0),  # an invented number takes the sentence with it and stays in the denominator
        ((), 0.0, None),
        ((5,), UNSCORED, UNSCORED),
    ],
)
def test_citation_recall_and_precision(cited: tuple[int, ...], recall: object, precision: object) -> None:
    known = {1, 2, 3, 4, 5}
    assert citations.recall([(GOOD, cited)], known, supports) == recall
    assert citations.precision([(GOOD, cited)], known, supports) == precision


def test_citations_are_not_inherited() -> None:
    sentences = [(GOOD, (1,)), ("It follows.", ())]
    assert citations.recall(sentences, {1}, supports) == 0.5
    assert citations.coverage(sentences) == 0.5
    assert citations.coverage([]) is citations.recall([], {1}, supports) is None


def test_missing_and_unscored_values_never_enter_a_mean() -> None:
    figure = statistics.figure([1.0, None, 0.0, UNSCORED])
    assert (figure.value, figure.n_scored, figure.n_total) == (0.5, 2, 3)
    assert statistics.figure([None]) == statistics.Figure(None, 0, 0)
    assert statistics.figure([UNSCORED]).value is None


def test_intervals() -> None:
    assert statistics.interval([1.0] * 30) == (0.9, 1.0)
    assert statistics.interval([0.0] * 30) == (0.0, 0.1)
    low, high = statistics.interval([0.0, 1.0] * 20)
    assert 0.3 < low < 0.5 < high < 0.7
    assert statistics.interval([0.0, 1.0] * 20) == (low, high), "a fixed seed"
    assert statistics.interval([0.5]) == (0.5, 0.5)
    exact = 1.96 * np.sqrt(0.25 / 40)
    assert high - low == pytest.approx(2 * exact, rel=0.1), "as wide as theory says"


def test_paired_differences_are_narrower_than_unpaired_ones() -> None:
    old = [float(i % 2) for i in range(60)]
    new = [*old[:-6], *(1.0 for _ in range(6))]
    d = statistics.paired(new, old)
    assert d.delta == pytest.approx(0.05)
    assert 0 <= d.low < d.delta < d.high < 0.12
    with pytest.raises(ValueError):
        statistics.paired([], [])


def test_auroc_and_balanced_accuracy() -> None:
    assert statistics.auroc([3, 2, 1, 2], [True, True, False, False]) == pytest.approx(0.875)
    assert statistics.auroc([1], [False]) is statistics.auroc_interval([1], [False]) is None
    low, high = statistics.auroc_interval([4, 3, 2, 2, 1], [True, True, False, True, False]) or (0.0, 0.0)
    assert 0.5 <= low < high == 1.0, "resamples of one class do not count"
    assert statistics.balanced_accuracy([True, False, True, False], [True, True, False, False]) == 0.5
    assert statistics.balanced_accuracy([True], [True]) is None


def test_risk_and_coverage() -> None:
    points = statistics.risk_coverage([0.9, 0.5, 0.7], [0.0, 1.0, 0.0], 4)
    assert points == [(0.25, 0.0), (0.5, 0.0), (0.75, pytest.approx(1 / 3))]
    assert statistics.risk_area(points) == pytest.approx(1 / 9)
    tied = statistics.risk_coverage([0.5, 0.5], [1.0, 0.0], 2)
    assert [risk for _, risk in tied] == [0.5, 0.5], "the order of ties does not matter"
    assert statistics.risk_area([]) is None


def test_calibration_error() -> None:
    assert statistics.calibration_error([0.0, 1.0, 1.0], [False, True, True]) == 0.0
    assert statistics.calibration_error([0.85, 0.85, 0.25, 0.25], [True, False, True, False]) == pytest.approx(0.3)
    assert statistics.calibration_error([], []) is None
