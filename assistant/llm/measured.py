"""Reads what the evaluation found out about model files: how they answer beside plain quotes, and how they judge."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "measured.json"
"""One object for each model, by the name of its file without suffix; `eval.measured` writes it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one model file."""

    as_of: str
    """Year and month."""
    command: str
    """Prints the figures again."""
    questions: int
    facts: dict[str, float]
    """The share of the key facts that was shown, by who wrote: `quotes` (no model), `inline` and `select`."""
    seconds: dict[str, float]
    """Seconds to write an answer, by who wrote."""
    judge_auroc: float | None = None
    """How well it tells true sentences from false ones; None: not measured."""
    packaged_auroc: float | None = None
    """The same figure of the packaged verifier, on the same sentences."""
    list_f1: float | None = None
    """Macro F1 of lists whose unclear papers it read; None: not measured."""
    rules_f1: float | None = None
    """The same figure of the rules alone, over the same criteria."""

    @property
    def makes_lists_better(self) -> bool:
        """Whether lists were measured to be better with it than by the rules alone."""
        return self.list_f1 is not None and self.rules_f1 is not None and self.list_f1 > self.rules_f1

    @property
    def warning(self) -> str:
        """What speaks against answering or judging with this model, in a few words; empty where nothing does."""
        found = []
        best = max((share for who, share in self.facts.items() if who != "quotes"), default=None)
        if best is not None and best < self.facts.get("quotes", 0.0):
            found.append(f"shows {best:.0%} of the key facts where quotes alone show {self.facts['quotes']:.0%}")
        if self.is_poor_judge:
            found.append("judges sentences worse than the packaged verifier")
        return " and ".join(found)

    @property
    def is_poor_judge(self) -> bool:
        """Whether it was measured to judge worse than the packaged verifier."""
        return None not in (self.judge_auroc, self.packaged_auroc) and (self.judge_auroc or 0) < (
            self.packaged_auroc or 0
        )


def measured(stem: str) -> Measured | None:
    """The figures of the file of this name (without suffix), in whatever case; None where it was not measured."""
    return _figures(FILE).get(stem.lower())


@cache
def _figures(file: Path) -> dict[str, Measured]:
    rows: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return {stem.lower(): Measured(**row) for stem, row in rows.items()}
