"""Generates papers of real sentences: those of the bundled sample, mixed anew, so that facts and topics are found in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from assistant.ingestion.pipeline import SAMPLE
from assistant.text import sentences
from assistant.types import Paper, Vectors
from eval.generated_papers import DIM, unit

_MIXED = 3
"""Papers of the sample whose sentences one paper takes."""
_SENTENCES = (6, 11)
_NOISE = 0.7
_FIRST_YEAR, _LAST_YEAR = 2005, 2026
_AUTHORS, _VENUES = 5_000, 60
_BATCH = 1_000


def generate(papers: int, seed: int = 11, sample: Path = SAMPLE) -> Iterator[tuple[Paper, Vectors]]:
    """Papers of 6 to 10 sentences that three papers of the sample share, each with its vector (shape (dim,))."""
    random = np.random.default_rng(seed)
    titles, texts = _read(sample)
    centres = unit(random.standard_normal((len(titles), DIM)))
    for start in range(0, papers, _BATCH):
        count = min(_BATCH, papers - start)
        picked = random.integers(0, len(titles), (count, _MIXED))
        noise = _NOISE * unit(random.standard_normal((count, DIM)))
        vectors = unit(unit(centres[picked].sum(axis=1)) + noise)
        for i, own in enumerate(picked):
            number = start + i
            pool = [text for p in own for text in texts[p]]
            size = min(int(random.integers(*_SENTENCES)), len(pool))
            abstract = " ".join(pool[j] for j in random.permutation(len(pool))[:size])
            year = int(random.integers(_FIRST_YEAR, _LAST_YEAR + 1))
            authors = tuple(f"A. Name{n}" for n in random.integers(0, _AUTHORS, int(random.integers(1, 9))))
            paper = Paper(
                f"arxiv:{number // 100_000:04d}.{number % 100_000:05d}",
                f"{titles[own[0]]} ({number})",
                abstract,
                authors,
                len(authors),
                date=f"{year}-{int(random.integers(1, 13)):02d}-15",
                year=year,
                sources=(f"part-{number % 20}.jsonl",),
                venue=f"Venue {int(random.integers(0, _VENUES))}",
            )
            yield paper, vectors[i]


def _read(sample: Path) -> tuple[list[str], list[list[str]]]:
    """The titles, and the sentences of each abstract."""
    records = [json.loads(line) for line in sample.read_text(encoding="utf-8").splitlines()]
    texts = [[a[s.start : s.end] for s in sentences.split(a)] for a in (r["abstract"] for r in records)]
    return [r["title"] for r in records], texts
