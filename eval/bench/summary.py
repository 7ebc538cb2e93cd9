"""Summarises the values of the rounds: medians with ranges, ratios paired by round, and which targets are met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from eval.bench.rounds import Measured


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on one of our figures, or on its ratio to that of a peer."""

    text: str
    peer: str
    measure: str
    over: str | None
    """The peer whose figure it is divided by; None: no ratio."""
    bound: float
    at_least: bool
    """Whether the bound is a minimum or a maximum."""


_OVERLAP = "overlapping chunks"
TARGETS = (
    Target("papers per second, over llama-index", "ours", "papers_per_second", "llama-index", 3.0, True),
    Target(f"the same with {_OVERLAP}", f"ours, {_OVERLAP}", "papers_per_second", "llama-index", 2.5, True),
    Target("papers per second, over raw encoding", "ours", "papers_per_second", "raw encoding", 0.9, True),
    Target(
        f"the same with {_OVERLAP}",
        f"ours, {_OVERLAP}",
        "papers_per_second",
        f"raw encoding, {_OVERLAP}",
        0.9,
        True,
    ),
    Target("cold ask, seconds", "ours", "ask_seconds", None, 2.0, False),
    Target("cold ask, over llama-index", "ours", "ask_seconds", "llama-index", 0.35, False),
    Target("retrieval p95, ms", "ours", "query_p95_ms", None, 15.0, False),
    Target("memory with the index open, MB", "ours", "query_peak_mb", None, 500.0, False),
    Target("no-op re-index, seconds", "ours", "no_op_seconds", None, 2.0, False),
)


def figures(measured: Mapping[str, Measured]) -> dict[str, Any]:
    """For each peer `{"dnf": reason or "", "figures": {name: {"median", "low", "high", "values"}}}`."""
    return {
        name: {"dnf": one.dnf, "figures": {measure: spread(values) for measure, values in one.values.items()}}
        for name, one in measured.items()
    }


def spread(values: Sequence[float]) -> dict[str, Any]:
    """The median and the range of the rounds."""
    return {"median": median(values), "low": min(values), "high": max(values), "values": list(values)}


def verdicts(measured: Mapping[str, Measured], targets: Sequence[Target] = TARGETS) -> list[dict[str, Any]]:
    """Every target with its figure; `met` is None where a peer that it needs did not finish or was not measured."""
    return [{**asdict(target), **_judge(target, _values(target, measured))} for target in targets]


def _judge(target: Target, values: Sequence[float]) -> dict[str, Any]:
    if not values:
        return {"figure": None, "met": None}
    figure = spread(values)
    value = figure["median"]
    return {"figure": figure, "met": value >= target.bound if target.at_least else value <= target.bound}


def _values(target: Target, measured: Mapping[str, Measured]) -> list[float]:
    """The figure of each round; a ratio is taken within a round, before any median."""
    own = _of(measured, target.peer, target.measure)
    if target.over is None:
        return own
    return [a / b for a, b in zip(own, _of(measured, target.over, target.measure), strict=False)]


def _of(measured: Mapping[str, Measured], peer: str, measure: str) -> list[float]:
    return measured[peer].values.get(measure, []) if peer in measured and not measured[peer].dnf else []
