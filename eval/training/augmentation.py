"""Makes rows that no one has to write: texts beside another paper's abstract, and true sentences with another number."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from eval.training.supervision import ASKED, CONTRADICTED, NOT_STATED, STATED, Library, Row

_NUMBER = re.compile(r"(?<![\w.-])\d+(?:[.,]\d+)*(?![\w-])")


def misplaced(library: Library, rows: Sequence[Row], papers: Sequence[str], share: float, seed: int) -> Iterator[Row]:
    """Texts beside the abstract of another paper, which says nothing about them."""
    rng = random.Random(seed)  # noqa: S311
    for row in rows:
        if rng.random() < share and len(row.reading.evidence) == 1:
            other = rng.choice(papers)
            passage, _ = library.evidence(row.reading.text, other, ASKED if row.reading.question else 4)
            reading = replace(row.reading, evidence=(passage,))
            yield Row(reading, (NOT_STATED,), None, (), source="misplaced", kind="misplaced")


def renumbered(rows: Sequence[Row], seed: int) -> Iterator[Row]:
    """True sentences in which one number is replaced by another number of the same evidence."""
    rng = random.Random(seed)  # noqa: S311
    for row in rows:
        numbers = list(_NUMBER.finditer(row.reading.text))
        there = sorted({m.group() for p in row.reading.evidence for m in _NUMBER.finditer(p)})
        others = [n for n in there if all(n != m.group() for m in numbers)]
        if row.classes == (STATED,) and not row.reading.question and numbers and others:
            old, new = rng.choice(numbers), rng.choice(others)
            text = row.reading.text[: old.start()] + new + row.reading.text[old.end() :]
            yield Row(
                replace(row.reading, text=text), (CONTRADICTED, NOT_STATED), ((old.start(), old.start() + len(new)),),
                row.stating, row.group, "renumbered", "figure",
            )  # fmt: skip
