"""The papers that one `find` reads, with their stored vectors compared with the criterion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.collection.aliases import Aliases
from assistant.collection.paper_text import PaperText
from assistant.embeddings import word_states
from assistant.embeddings.word_states import TextWords
from assistant.library.store import Store
from assistant.types import Step, Vectors

_SLICE = 100
"""Papers whose word vectors are unpacked at a time: 15 MB."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LibraryText:
    """Papers in the order of their ids, and the short forms that they define."""

    texts: tuple[PaperText, ...]
    aliases: Aliases
    means: Vectors
    """Shape (papers, dim): each paper's mean vector, of length 1."""
    chunks: Vectors
    """Shape (chunks, dim), paper after paper."""
    starts: tuple[int, ...]
    """Each paper's first chunk."""

    @classmethod
    def read(cls, store: Store, paper_ids: Sequence[str], step: Step) -> LibraryText:
        """Reads these papers, which have sorted ids; those without a vector are left out."""
        vectors: dict[str, list[Vectors]] = {}
        for paper_id, vector in store.vectors(paper_ids):
            vectors.setdefault(paper_id, []).append(vector)
        papers, texts = [p for p in store.papers(paper_ids) if p.paper_id in vectors], []
        for i, paper in enumerate(papers):
            texts.append(PaperText.of(paper))
            step(i + 1, len(papers))
        rows = [vectors[p.paper_id] for p in papers]
        starts = tuple(np.cumsum([0, *map(len, rows)])[:-1].tolist())
        chunks = np.stack([v for own in rows for v in own]) if rows else np.zeros((0, 1), dtype=np.float32)
        sums = np.add.reduceat(chunks, starts, axis=0) if rows else chunks
        means = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
        return cls(tuple(texts), Aliases(papers), means.astype(np.float32), chunks, starts)

    def cosines(self, vector: Vectors) -> Floats:
        """The cosine of each paper's nearest chunk."""
        return np.maximum.reduceat(np.vecdot(self.chunks, vector), self.starts).astype(np.float64)

    def words_near(self, store: Store, asked: TextWords | None) -> Floats:
        """The mean, over the asked words, of the cosine of the closest word of each paper; 0 for a paper without words."""
        near = np.zeros(len(self.texts))
        if asked is None or not asked.words:
            return near
        question = word_states.rotate(asked.vectors)
        ids = [t.paper_id for t in self.texts]
        for at in range(0, len(ids), _SLICE):
            stored = store.words.get(ids[at : at + _SLICE])
            rows = [i for i in range(at, min(at + _SLICE, len(ids))) if ids[i] in stored and stored[ids[i]].packed]
            if rows:
                near[rows] = _closest(question, [stored[ids[i]].packed for i in rows])
        return near


def _closest(question: Vectors, packed: Sequence[bytes]) -> Floats:
    vectors = word_states.unpack(b"".join(packed))
    starts = np.cumsum([0, *(len(p) // word_states.BYTES for p in packed)])[:-1]
    # Not `@`: BLAS spreads it over threads, which wait for one another on a busy machine.
    cosines = np.stack([np.vecdot(vectors, word) for word in question], axis=1)
    found: Floats = np.maximum.reduceat(cosines, starts, axis=0).mean(axis=1).astype(np.float64)
    return found
