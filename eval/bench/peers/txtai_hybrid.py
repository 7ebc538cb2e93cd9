"""txtai's Embeddings with dense and sparse search and stored content, as its introduction sets them up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eval.bench.peers.contract import drive, model_folder, read_papers, unique


class TxtaiHybrid:
    """One row a paper."""

    _embeddings: Any

    def load(self) -> None:
        """Imports, and the model with one text through it."""
        from txtai import Embeddings

        self._embeddings = Embeddings(path=model_folder(), hybrid=True, content=True)
        self._embeddings.transform("warm")

    def index(self, records: Path, folder: Path) -> int:
        """Indexed and saved."""
        self._embeddings.index((p.paper_id, p.text) for p in read_papers(records))
        self._embeddings.save(str(folder))
        return int(self._embeddings.count())

    def open(self, folder: Path) -> None:
        """What was saved; the path of the model is in it."""
        from txtai import Embeddings

        self._embeddings = Embeddings()
        self._embeddings.load(str(folder))

    def search(self, question: str, k: int) -> list[str]:
        """Both legs, weighted as by default."""
        return unique([row["id"] for row in self._embeddings.search(question, k)], k)


if __name__ == "__main__":
    drive(TxtaiHybrid())
