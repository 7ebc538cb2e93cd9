"""From values a round to the table: medians with ranges, ratios paired by round, and which of the targets are met.

Pure functions over numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from eval.bench.rounds import Measured


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on a figure of ours, or on its ratio to somebody else's."""

    text: str
    peer: str
    measure: str
    over: str | None
    """Whose figure it is divided by; None: none."""
    bound: float
    at_least: bool
    """Whether the bound is the least that will do, or the most."""


_OVERLAP = "overlapping windows"
TARGETS = (
    Target("papers a second, of llama-index's", "ours", "papers_per_second", "llama-index", 3.0, True),
    Target(f"the same with {_OVERLAP}", f"ours, {_OVERLAP}", "papers_per_second", "llama-index", 2.5, True),
    Target("papers a second, of raw encoding", "ours", "papers_per_second", "raw encoding", 0.9, True),
    Target(
        f"the same with {_OVERLAP}",
        f"ours, {_OVERLAP}",
        "papers_per_second",
        f"raw encoding, {_OVERLAP}",
        0.9,
        True,
    ),
    Target("cold ask, seconds", "ours", "ask_seconds", None, 2.0, False),
    Target("cold ask, of llama-index's", "ours", "ask_seconds", "llama-index", 0.35, False),
    Target("retrieval p95, ms", "ours", "query_p95_ms", None, 15.0, False),
    Target("memory with the index open, MB", "ours", "query_peak_mb", None, 500.0, False),
    Target("no-op re-index, seconds", "ours", "no_op_seconds", None, 2.0, False),
)


def figures(measured: Mapping[str, Measured]) -> dict[str, Any]:
    """For each peer `{"dnf": why or "", "figures": {name: {"median", "low", "high", "values"}}}`."""
    return {
        name: {"dnf": one.dnf, "figures": {measure: spread(values) for measure, values in one.values.items()}}
        for name, one in measured.items()
    }


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Median and range of the rounds."""
    return {"median": median(values), "low": min(values), "high": max(values), "values": list(values)}


def verdicts(measured: Mapping[str, Measured], targets: Sequence[Target] = TARGETS) -> list[dict[str, Any]]:
    """Every target with its figure; `met` is None where somebody needed for it did not finish or was not asked."""
    return [{**asdict(target), **_judge(target, _values(target, measured))} for target in targets]


def _judge(target: Target, values: Sequence[float]) -> dict[str, Any]:
    if not values:
        return {"figure": None, "met": None}
    figure = spread(values)
    value = figure["median"]
    return {"figure": figure, "met": value >= target.bound if target.at_least else value <= target.bound}


def _values(target: Target, measured: Mapping[str, Measured]) -> list[float]:
    """The figure in each round; a ratio is taken within a round, before any median."""
    own = _of(measured, target.peer, target.measure)
    if target.over is None:
        return own
    return [a / b for a, b in zip(own, _of(measured, target.over, target.measure), strict=False)]


def _of(measured: Mapping[str, Measured], peer: str, measure: str) -> list[float]:
    return measured[peer].values.get(measure, []) if peer in measured and not measured[peer].dnf else []
