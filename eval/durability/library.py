"""A library for trials: invented papers over a cheap embedder, with the real store and the real indexes."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from assistant.doctor import doctor
from assistant.index import chroma
from assistant.index.manager import IndexManager
from assistant.ingestion.chunking import signature
from assistant.ingestion.pipeline import IngestionPipeline
from assistant.library.answer_log import AnswerLog
from assistant.library.library import Library
from assistant.retrieval.hybrid import HybridRetriever
from assistant.settings import Settings
from assistant.types import Filters, Vectors

BATCH = 8
"""Papers in one commit, few enough for many commits in a small library."""
_WORDS = """harbour kite barley charter tokenizer bus night accordion score buoy current tide drone field scribe stop
route fleet page reader bell rope lantern moss cave chalk glacier signal orchard loom ferry beacon""".split()
_QUESTIONS = (
    "tide and buoy in the harbour",
    "barley field seen by a kite",
    "night bus route",
    "accordion score reader",
)
_RESULTS = 8


class WordEmbedder:
    """Hashes words into a vector: deterministic, and a thousand times faster than an encoder."""

    def __init__(self, name: str = "words") -> None:
        self.name = name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 32)."""
        rows = np.zeros((len(texts), 32), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.casefold().split():
                row[crc32(f"{self.name}{word}".encode()) % 32] += 1
            row /= max(float(np.linalg.norm(row)), 1.0)
        return rows


def write_papers(path: Path, count: int, seed: int = 0, edited: int = 0) -> Path:
    """Writes `count` invented papers as JSON lines; the first `edited` of them have another abstract than otherwise."""
    lines = []
    for i in range(count):
        rng = random.Random(f"{seed}:{i}")
        abstract = " ".join(f"We see {' '.join(rng.choices(_WORDS, k=7))} in case {i}." for _ in range(4))
        if i < edited:
            abstract = abstract.replace("We see", "They measure")
        title = f"{' '.join(rng.choices(_WORDS, k=3))} {i}"
        lines.append(json.dumps({"title": title, "abstract": abstract, "year": 2000 + i % 10}) + "\n")
    path.write_text("".join(lines), encoding="utf-8")
    return path


def fill(home: Path, papers: Path) -> None:
    """Makes a library of these papers, and closes it again."""
    library = TrialLibrary(home)
    library.pipeline.add([papers])
    library.close()


def write_vectors_early() -> None:
    """Chroma writes its vector files after a few records, as it does in a large library, and not at 50,000."""
    chroma._BATCH, chroma._WRITTEN_AT_LEAST_EVERY = 10, 20


class TrialLibrary:
    """The library in one folder, with the parts that write to it and search it."""

    def __init__(self, home: Path, embedder: str = "words") -> None:
        self._settings = settings = Settings(home=home, llm="quotes")
        self._embedder = WordEmbedder(embedder)
        self._library = Library(home, signature(embedder, settings.chunk_tokens, settings.chunk_overlap))
        self._indexes = IndexManager(self._library, settings)
        self._retriever = HybridRetriever(self._library, self._indexes, self._embedder, settings.dense_weight)
        self.store = self._library.store
        self.pipeline = IngestionPipeline(self._library, self._indexes, self._embedder, settings, batch=BATCH)
        self.answers = AnswerLog(self._library, settings)

    def close(self) -> None:
        """Releases the library's files."""
        self._indexes.close()
        self._library.close()

    def is_stale(self) -> bool:
        """Whether another embedder prepared some of the papers."""
        return self._library.is_stale()

    def results(self) -> list[list[tuple[str, float]]]:
        """What a search finds for each question, among all papers and among those of some years."""
        searches = [(q, filters) for q in _QUESTIONS for filters in (None, Filters(year_from=2004))]
        found = [self._retriever.search(question, _RESULTS, filters) for question, filters in searches]
        notes = [note for some in found for note in some.notes]
        assert not notes, f"a retriever failed: {notes}"
        return [[(p.paper.paper_id, round(p.score, 4)) for p in some.passages] for some in found]

    def state(self) -> dict[str, Any]:
        """What a trial must not change: the number of papers, search results, and no complaints from `doctor`."""
        checks = doctor(self._library, self._indexes, self._embedder, self._settings)
        complaints = [f"{c.name}: {c.detail}" for c in checks if not c.ok]
        return {"papers": self.store.count(), "found": self.results(), "complaints": complaints}
