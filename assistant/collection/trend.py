"""The share of papers with a topic in each year, with the interval in which the true share lies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from assistant.library.library import Library
from assistant.listing import Listing
from assistant.types import Filters

FEW = 10
"""Papers of a year below which its share is called uncertain: the interval is then at least 40 points wide for a half."""
_Z = 1.959964
"""Standard normal quantile of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class TrendYear:
    """A year's papers: `count` of `of` have the topic; `low` to `high` is the Wilson interval (95 %) of the share."""

    year: int
    count: int
    of: int
    share: float | None
    """None where the library has no paper of that year."""
    low: float | None
    high: float | None
    few: bool
    """Whether there are too few papers to tell."""


@dataclass(frozen=True, slots=True)
class Trend:
    """The shares of a topic over the years, without gaps; papers without a year are counted and not placed."""

    topic: str
    count: int
    read: int
    """How many papers were judged; fewer than `of` in a very large library."""
    of: int
    years: tuple[TrendYear, ...]
    undated_count: int
    undated_of: int

    @property
    def summary(self) -> str:
        """One line: whether the share rose or fell between the first and the last years that have enough papers."""
        sure = [y for y in self.years if y.share is not None and not y.few]
        if len(sure) < 2:
            return f"too few years with at least {FEW} papers to tell a trend"
        first, last = sure[0], sure[-1]
        shares = f"{_percent(first.share)} in {first.year}, {_percent(last.share)} in {last.year}"
        if (last.low or 0) > (first.high or 0):
            return f"rises: {shares}"
        if (last.high or 0) < (first.low or 0):
            return f"falls: {shares}"
        return f"no change beyond chance: {shares}"

    def to_dict(self) -> dict[str, Any]:
        """The document of `assistant trend --json`."""
        return {**asdict(self), "summary": self.summary}


def trend(library: Library, topic: str, listing: Listing, filters: Filters) -> Trend:
    """The trend of a listing over all papers that pass the filters."""
    every = _years(library, library.store.select(filters))
    stating = _years(library, [p.paper_id for p in listing.papers])
    dated = [year for year in every if year is not None]
    span = range(min(dated), max(dated) + 1) if dated else range(0)
    years = tuple(_year(year, stating[year], every[year]) for year in span)
    return Trend(topic, stating.total(), listing.read, every.total(), years, stating[None], every[None])


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), from 0 to 1; `of` is positive."""
    share, z2 = count / of, _Z * _Z
    centre = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    # Rounding must not push the ends of the scale out of the interval.
    return (centre - half if count else 0.0), (centre + half if count < of else 1.0)


def _year(year: int, count: int, of: int) -> TrendYear:
    if not of:
        return TrendYear(year, 0, 0, None, None, None, True)
    low, high = wilson(count, of)
    return TrendYear(year, count, of, round(count / of, 4), round(low, 4), round(high, 4), of < FEW)


def _years(library: Library, paper_ids: Iterable[str]) -> Counter[int | None]:
    return Counter(paper.year for paper in library.store.papers(list(paper_ids)))


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.0f} %"
