"""The share of papers with a topic in each year, with the interval in which the true share lies."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

FEW = 10
"""Papers of a year below which its share is called uncertain: the interval is then at least 40 points wide for a half."""


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

    @property
    def sentence(self) -> str:
        """The summary for a reader who asked how a topic developed."""
        known = f"{self.count:,} of {self.of:,} paper{'s' * (self.of != 1)} state “{self.topic}”"
        how = self.summary
        verb = how.startswith(("rises", "falls"))
        return f"{known}; {'over the years, their share ' if verb else 'by year, there are ' if how.startswith('too') else 'by year, there is '}{how}."

    def to_dict(self) -> dict[str, Any]:
        """The document of `assistant trend --json`."""
        return {**asdict(self), "summary": self.summary}

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Trend:
        """The inverse of `to_dict`, also after a round trip through JSON."""
        values = {f.name: document[f.name] for f in fields(cls)}
        return cls(**{**values, "years": tuple(TrendYear(**year) for year in document["years"])})


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.0f} %"
