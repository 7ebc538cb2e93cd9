"""Drives Chroma's own client with its sentence-transformers embedding function, in a loop of batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eval.bench.peers.contract import drive, model_folder, read_papers, unique

_BATCH = 100
"""Records per `add`; Chroma's documentation advises 50 to 250."""


class ChromaLoop:
    """One record per paper, unchanged."""

    _embed: Any
    _collection: Any

    def load(self) -> None:
        """Imports, and runs one text through the model."""
        from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

        self._embed = SentenceTransformerEmbeddingFunction(model_name=model_folder())
        self._embed(["warm"])

    def index(self, records: Path, folder: Path) -> int:
        """Adds the papers; the client embeds them."""
        papers = read_papers(records)
        collection = self._client(folder).create_collection("papers", embedding_function=self._embed)
        for i in range(0, len(papers), _BATCH):
            part = papers[i : i + _BATCH]
            collection.add(ids=[p.paper_id for p in part], documents=[p.text for p in part])
        return int(collection.count())

    def open(self, folder: Path) -> None:
        """Opens the stored collection."""
        self.load()
        self._collection = self._client(folder).get_collection("papers", embedding_function=self._embed)

    def search(self, question: str, k: int) -> list[str]:
        """Searches with the collection's own query."""
        return unique(self._collection.query(query_texts=[question], n_results=k)["ids"][0], k)

    def _client(self, folder: Path) -> Any:
        import chromadb

        return chromadb.PersistentClient(str(folder))


if __name__ == "__main__":
    drive(ChromaLoop())
