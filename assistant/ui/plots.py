"""Lays out the plot of a trend: shares per year as points, their intervals as lines."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant import Trend
from assistant.trend import FEW

_LEFT, _TOP, _BOTTOM, _HEIGHT = 66, 12, 34, 220
_RIGHT, _STEP, _LEAST_WIDTH, _MOST_WIDTH = 12, 34, 340, 760
_NAMED = 12
"""Years that are named below the plot; of more, every second, fifth or tenth."""
_STEPS = (0.02, 0.05, 0.1, 0.2, 0.25)
"""Distances of the lines of shares; the first with at most five lines is taken."""


@dataclass(frozen=True, slots=True)
class Point:
    """A year with papers, in the picture's units; `low` and `high` are the ends of its interval."""

    x: str
    y: str
    low: str
    high: str
    few: bool
    words: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What the template draws."""

    trend: Trend
    width: int
    height: int
    left: int
    words: str
    lines: list[tuple[str, str]]
    points: list[Point]
    years: list[tuple[str, int]]
    few: int = FEW

    @property
    def any_few(self) -> bool:
        """Whether a year has too few papers to tell."""
        return any(point.few for point in self.points)


def plot(trend: Trend) -> Plot | None:
    """The plot of a trend; None where no paper has a year."""
    if not trend.years:
        return None
    count = len(trend.years)
    width = min(_MOST_WIDTH, max(_LEAST_WIDTH, _LEFT + _STEP * count + _RIGHT))
    step = (width - _LEFT - _RIGHT) / count
    top = _highest(trend)

    def across(i: int) -> str:
        return f"{_LEFT + (i + 0.5) * step:.1f}"

    def up(share: float) -> str:
        return f"{_HEIGHT - _BOTTOM - min(share, top) / top * (_HEIGHT - _BOTTOM - _TOP):.1f}"

    points = [
        Point(across(i), up(y.share), up(y.low or 0), up(y.high or 0), y.few, _words(y.year, y.count, y.of, y.share))
        for i, y in enumerate(trend.years)
        if y.share is not None
    ]
    apart = next((s for s in _STEPS if top / s <= 5), _STEPS[-1])
    lines = [(up(i * apart), f"{100 * i * apart:.0f} %") for i in range(math.floor(top / apart + 1e-9) + 1)]
    every = next((n for n in (1, 2, 5, 10, 20) if count / n <= _NAMED), 50)
    years = [(across(i), y.year) for i, y in enumerate(trend.years) if (y.year - trend.years[-1].year) % every == 0]
    return Plot(trend, round(width), _HEIGHT, _LEFT, f"Plot of shares per year. {trend.sentence}", lines, points, years)


def _highest(trend: Trend) -> float:
    """The highest share that the plot has room for: intervals of years with few papers would flatten all others."""
    sure = [y.high or 0 for y in trend.years if not y.few]
    shares = [y.share or 0 for y in trend.years]
    return min(1.0, math.ceil(20 * max([0.05, *sure, *shares]) + 1e-9) / 20)


def _words(year: int, count: int, of: int, share: float) -> str:
    return f"{year}: {100 * share:.0f} %, {count} of {of} papers"
