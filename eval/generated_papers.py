"""Generates papers of Zipfian words with clustered vectors, for measuring libraries of any size without an encoder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from assistant.types import Paper, Vectors

DIM, _CLUSTERS, _SPREAD = 384, 400, 1.2
"""Vectors lie around centres, as topics do; the spread is that of a unit vector's noise beside its centre."""
_VOCABULARY, _ZIPF = 50_000, 1.05
_FIRST_YEAR, _LAST_YEAR = 1991, 2026
_BATCH = 2_000


def generate(papers: int, seed: int = 7) -> Iterator[tuple[Paper, Vectors]]:
    """Papers of Zipfian words, 150 to 200 an abstract, most of them late, each with its vector (shape (dim,))."""
    random = np.random.default_rng(seed)
    words = np.array([_word(i) for i in range(_VOCABULARY)])
    ranks = np.arange(1, _VOCABULARY + 1) ** -_ZIPF
    edges = np.cumsum(ranks / ranks.sum())
    centres = unit(random.standard_normal((_CLUSTERS, DIM)))
    for start in range(0, papers, _BATCH):
        count = min(_BATCH, papers - start)
        lengths = random.integers(150, 201, count)
        drawn = iter(words[np.minimum(np.searchsorted(edges, random.random(int(lengths.sum()) + 10 * count)), 49_999)])
        noise = unit(random.standard_normal((count, DIM)))
        vectors = unit(centres[random.integers(0, _CLUSTERS, count)] + _SPREAD * noise)
        years = _LAST_YEAR - (random.beta(1, 3, count) * (_LAST_YEAR - _FIRST_YEAR + 1)).astype(int)
        for i in range(count):
            title = " ".join(next(drawn) for _ in range(10)).capitalize()
            text = " ".join(next(drawn) for _ in range(lengths[i])).capitalize() + "."
            year, source = int(years[i]), f"part-{(start + i) % 20}.jsonl"
            paper_id = f"arxiv:{(start + i) // 100_000:04d}.{(start + i) % 100_000:05d}"
            yield Paper(paper_id, title, text, ("A. Roe",), 1, None, str(year), year, sources=(source,)), vectors[i]


def _word(rank: int) -> str:
    """A pronounceable word for each rank, the frequent ones short."""
    syllables, text = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"], ""
    rank += 1
    while rank:
        rank, last = divmod(rank, len(syllables))
        text = syllables[last] + text
    return text


def unit(rows: Any) -> Vectors:
    """The rows at length 1."""
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)
