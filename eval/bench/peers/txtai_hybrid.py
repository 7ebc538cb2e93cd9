"""Drives txtai's Embeddings with dense and sparse search and stored content, set up as in its introduction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eval.bench.peers.contract import drive, model_folder, read_papers, unique


class TxtaiHybrid:
    """One row per paper."""

    _embeddings: Any

    def load(self) -> None:
        """Imports, and runs one text through the model."""
        from txtai import Embeddings

        self._embeddings = Embeddings(path=model_folder(), hybrid=True, content=True)
        self._embeddings.transform("warm")

    def index(self, records: Path, folder: Path) -> int:
        """Indexes and saves the papers."""
        self._embeddings.index((p.paper_id, p.text) for p in read_papers(records))
        self._embeddings.save(str(folder))
        return int(self._embeddings.count())

    def open(self, folder: Path) -> None:
        """Loads what was saved, which names the path of the model."""
        from txtai import Embeddings

        self._embeddings = Embeddings()
        self._embeddings.load(str(folder))

    def search(self, question: str, k: int) -> list[str]:
        """Searches with both retrievers at their default weights."""
        return unique([row["id"] for row in self._embeddings.search(question, k)], k)


if __name__ == "__main__":
    drive(TxtaiHybrid())
