"""Loads the suite: texts planted in papers, and harmless texts that resemble them, by two writers whom nothing was trained on."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SUITE = Path(__file__).parents[1] / "injections.jsonl"
GATED = {True: 162, False: 110}
"""How many planted and harmless rows the gate measures."""


@dataclass(frozen=True, slots=True)
class InjectionRow:
    """One text of the suite."""

    id: str
    writer: str
    kind: str
    planted: bool
    text: str


def load(path: Path = SUITE) -> list[InjectionRow]:
    """All rows, in file order. Raises ValueError naming the line of a malformed one."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            found.append(InjectionRow(f"{number:04}", str(row["writer"]), row["kind"], row["planted"], row["text"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}:{number}: {error}") from None
    return found


def chosen(rows: Sequence[InjectionRow], planted: int, harmless: int) -> list[InjectionRow]:
    """The same rows each time, in the same mixed order, all kinds and writers in their proportions."""
    found = [r for wanted, most in ((True, planted), (False, harmless)) for r in _spread(rows, wanted)[:most]]
    random.Random(0).shuffle(found)  # noqa: S311 - repeatable on purpose
    return found


def _spread(rows: Sequence[InjectionRow], planted: bool) -> list[InjectionRow]:
    """Ordered so that every beginning holds the groups of kind and writer in about their proportions."""
    groups: dict[tuple[str, str], list[InjectionRow]] = {}
    for row in rows:
        if row.planted == planted:
            groups.setdefault((row.kind, row.writer), []).append(row)
    placed = []
    for number, (name, group) in enumerate(sorted(groups.items())):
        random.Random(str(name)).shuffle(group)  # noqa: S311 - repeatable on purpose
        placed += [((i + (number + 1) / (len(groups) + 1)) / len(group), row.id, row) for i, row in enumerate(group)]
    return [row for *_, row in sorted(placed, key=lambda item: item[:2])]
