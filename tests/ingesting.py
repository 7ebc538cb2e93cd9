"""What tests of ingestion share: a cheap embedder that counts, small records, and libraries over both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant import Assistant, Settings
from assistant.index.manager import IndexManager
from assistant.ingestion.chunking import signature
from assistant.ingestion.pipeline import IngestionPipeline
from assistant.library.library import Library
from assistant.types import Embedder, Vectors

LONG = "Boats drift in the harbour at night. We measure them with ropes and bells. The error is two metres."


class CountingEmbedder:
    """Hashes words into a small vector and remembers what it was asked to embed."""

    name = "counting"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        rows = np.zeros((len(texts), 32), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.casefold().split():
                row[sum(word.encode()) % 32] += 1
            row /= max(float(np.linalg.norm(row)), 1.0)
        return rows


def library(home: Path, embedder: CountingEmbedder | None = None, **values: object) -> Assistant:
    return Assistant(Settings(home=home, llm="quotes", **values), embedder=embedder or CountingEmbedder())


@dataclass(frozen=True)
class Opened:
    """The parts under an Assistant that tests of batches need."""

    library: Library
    indexes: IndexManager
    pipeline: IngestionPipeline


@contextmanager
def opened(home: Path, embedder: Embedder, **sizes: int) -> Iterator[Opened]:
    """A library whose pipeline has batches of these sizes."""
    settings = Settings(home=home)
    library = Library(home, signature(embedder.name, settings.chunk_tokens, settings.chunk_overlap))
    indexes = IndexManager(library, settings)
    yield Opened(library, indexes, IngestionPipeline(library, indexes, embedder, settings, **sizes))
    indexes.close()
    library.close()


def records(*rows: tuple[str, str]) -> list[dict[str, object]]:
    return [{"title": t, "abstract": a} for t, a in rows]
