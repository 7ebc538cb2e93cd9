"""Writes what was measured about a model file into the table that `assistant models list` shows."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

from assistant.llm.measured import FILE, Measured, measured


def record(stem: str, figures: Measured, file: Path = FILE) -> None:
    """Puts the figures of a model file (its name without suffix) in the place of earlier ones."""
    rows = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    rows[stem] = {key: value for key, value in asdict(figures).items() if value is not None}
    file.write_text(json.dumps(rows, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def record_lists(stem: str, list_f1: float, rules_f1: float) -> None:
    """Adds the figures of lists to those of a model file; of one whose answers were not measured, nothing is recorded."""
    if (figures := measured(stem)) is not None:
        record(stem, replace(figures, list_f1=round(list_f1, 3), rules_f1=round(rules_f1, 3)))
