"""Compares a question with stored vectors one by one, where no dense index has them or none can be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from assistant.types import Vectors


class StoredVectors(NamedTuple):
    """Vectors of chunks with the papers that they belong to."""

    paper_ids: list[str]
    matrix: Vectors
    """Shape (len(paper_ids), dim)."""

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Vectors]]) -> StoredVectors:
        """Gathers rows of (paper id, vector)."""
        paper_ids, vectors = list[str](), list[Vectors]()
        for paper_id, vector in rows:
            paper_ids.append(paper_id)
            vectors.append(vector)
        return cls(paper_ids, np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32))


def cosines(vector: Vectors, stored: StoredVectors) -> Iterator[tuple[str, float]]:
    """The (paper id, cosine) of every chunk, best first."""
    if stored.paper_ids:
        # Not `@`: BLAS spreads it over threads, which wait for one another on a busy machine.
        scores = np.vecdot(stored.matrix, vector)
        yield from ((stored.paper_ids[i], float(scores[i])) for i in np.argsort(-scores, kind="stable"))
