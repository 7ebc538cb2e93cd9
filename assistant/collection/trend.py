"""Counts the papers with a topic in each year, with the interval in which the true share lies."""

from __future__ import annotations

import math
from collections import Counter

from assistant.library.library import Library
from assistant.listing import Listing
from assistant.trend import FEW, Trend, TrendYear
from assistant.types import Filters

_Z = 1.959964
"""Standard normal quantile of a 95 % interval."""


def trend(library: Library, topic: str, listing: Listing, filters: Filters) -> Trend:
    """The trend of a listing over all papers that pass the filters."""
    every = Counter(library.store.years(library.store.select(filters)))
    stating = Counter(library.store.years([p.paper_id for p in listing.papers]))
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
