"""Figures over records: per type and over all, each with how many questions stand behind it and an interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from eval import metrics
from eval.questions import ANSWERABLE_TYPES, UNANSWERABLE_TYPES
from eval.run import Record

_COLUMNS = ("hit@1", "hit@5", "mrr", "key_facts", "over_refusal", "false_answer", "correction", "citation_validity")


def summarise(records: Sequence[Record]) -> dict[str, Any]:
    """Group name -> metric -> {value, n, of, low, high}; groups are the question types, `all`, and `answerable`."""
    groups: dict[str, list[Record]] = {"all": list(records)}
    groups["answerable"] = [r for r in records if r.answerable]
    groups["unanswerable"] = [r for r in records if not r.answerable]
    for kind in (*ANSWERABLE_TYPES, *UNANSWERABLE_TYPES):
        groups[kind] = [r for r in records if r.type == kind]
    return {name: _figures(rows) for name, rows in groups.items() if rows}


def _figures(records: Sequence[Record]) -> dict[str, Any]:
    figures: dict[str, Any] = {"questions": len(records)}
    for name in records[0].scores:
        values = [r.scores[name] for r in records]
        value, n = metrics.mean(values)
        if value is None:
            continue
        low, high = metrics.interval([v for v in values if v is not None]) or (value, value)
        figures[name] = {
            "value": round(value, 4), "n": n, "of": len(records), "low": round(low, 4), "high": round(high, 4),
        }
    separated = metrics.auroc(
        [r.answer["confidence"] for r in records if r.answerable],
        [r.answer["confidence"] for r in records if not r.answerable],
    )
    if separated is not None:
        figures["confidence_auroc"] = {"value": round(separated, 4), "n": len(records), "of": len(records)}
    return figures


def table(summary: dict[str, Any]) -> Table:
    """The summary for a terminal; an empty cell means that the metric does not apply to the group."""
    shown = Table(title="value (n scored)", header_style="bold")
    shown.add_column("questions")
    for name in _COLUMNS:
        shown.add_column(name, justify="right")
    for group, figures in summary.items():
        cells = [figures.get(name) for name in _COLUMNS]
        shown.add_row(f"{group} ({figures['questions']})", *(f"{c['value']:.3f} ({c['n']})" if c else "" for c in cells))
    return shown
