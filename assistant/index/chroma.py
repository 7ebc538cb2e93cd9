"""Nearest windows of a question by cosine, from a Chroma collection. Knows nothing about text or fusion.

A collection is built once, as a generation of its own, and never written again: Chroma's files do not survive a crash
in the middle of an update (chroma #7238, #7678). What changed in the library since is searched exactly, by `core`, until
the next generation.
"""

from __future__ import annotations

import json
import logging
import math
import shutil
import threading
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import LibraryError
from assistant.failpoints import pass_by
from assistant.index import checksums
from assistant.index.checksums import Damaged
from assistant.index.chroma_folder import open_client, settle
from assistant.index.exact import ExactIndex
from assistant.index.native_errors import failing_as
from assistant.index.snapshots import Snapshot, begin, publish, published
from assistant.types import Chunk, ChunkVector, Vectors

_LOG = logging.getLogger(__name__)
_COLLECTION = "abstracts"
_BATCH = 5_000
"""Records written at once; Chroma takes 5,461 (it counts SQLite's variables)."""
_WRITTEN_AT_LEAST_EVERY = 50_000
"""Records after which Chroma writes its graph to disk; each time it rewrites the whole map of ids."""
HNSW: dict[str, Any] = {"space": "cosine", "ef_construction": 200, "max_neighbors": 16, "ef_search": 100}
"""The settings of Chroma's graph."""


class ChromaIndex:
    """One published generation, open for reading."""

    def __init__(self, generation: Snapshot) -> None:
        """Opens a generation that was proven whole. Raises OSError and ValueError for one of an earlier release."""
        self.folder = generation.folder
        self.revision = generation.revision
        self.chunks = generation.count
        self._client: Any = None
        self._collection: Any = None
        self._guard = threading.Lock()
        self.matrix = ExactIndex.open(generation.folder)

    def search(self, vector: Vectors, n: int) -> list[tuple[str, float]]:
        """The `n` nearest windows as (paper id, cosine), best first. Raises LibraryError when Chroma fails."""
        with failing_as(f"dense index {self.folder} failed"):
            found = self._open().query(
                query_embeddings=[vector.tolist()], n_results=min(n, self.chunks), include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(chunk_id.rpartition("#")[0], 1.0 - float(distance)) for chunk_id, distance in pairs]

    def count(self) -> int:
        """Windows that Chroma itself says it holds. Raises LibraryError when Chroma fails."""
        with failing_as(f"dense index {self.folder} failed"):
            return int(self._open().count())

    def _open(self) -> Any:
        with self._guard:
            if self._collection is None:
                self._client = open_client(self.folder / "chroma")
                checksums.restamp(self.folder)
                self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            return self._collection

    def close(self) -> None:
        """Releases Chroma's files."""
        if self._client is not None:
            self._client.close()
            self._client = self._collection = None

    @classmethod
    def open(cls, home: Path) -> ChromaIndex | None:
        """The published generation under `home`, or None where there is none or it is damaged (this is logged)."""
        try:
            generation = published(home)
            return cls(generation) if generation else None
        except (Damaged, OSError, ValueError) as error:
            _LOG.warning("dense index %s; until it is rebuilt from the store, vectors are compared one by one", error)
            return None

    @classmethod
    def build(
        cls, home: Path, revision: int, chunks: Iterable[tuple[Chunk, Vectors]], vectors: Iterable[ChunkVector]
    ) -> ChromaIndex:
        """Builds a generation of all `chunks` (and their `vectors`, see `ExactIndex.write`) beside the published one, then publishes it and removes the others.

        `revision` is the store's, read before the first chunk. Raises LibraryError when the folder cannot be written.
        """
        folder = home
        try:
            with failing_as(f"cannot write the index in {home}", "the papers themselves are stored"):
                folder = begin(home, revision)
                (folder / "chroma").mkdir()
                count = ExactIndex.write(folder, vectors)
                generation = Snapshot(folder, revision, _fill(folder / "chroma", chunks, count))
                leave_out, changing = settle(folder / "chroma", _COLLECTION)
                publish(generation, "dense", leave_out=leave_out, changing=changing)
        except LibraryError:
            if folder != home:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        return cls(generation)


def best_by_paper(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Paper id -> its best window's score."""
    best: dict[str, float] = {}
    for paper_id, score in pairs:
        if score > best.get(paper_id, -2.0):
            best[paper_id] = score
    return best


def _fill(folder: Path, chunks: Iterable[tuple[Chunk, Vectors]], total: int) -> int:
    client = open_client(folder)
    try:
        size, threshold = _steps(total, min(_BATCH, client.get_max_batch_size()))
        hnsw = HNSW | {"batch_size": threshold, "sync_threshold": threshold}
        collection = client.create_collection(_COLLECTION, embedding_function=None, configuration={"hnsw": hnsw})
        count, source = 0, iter(chunks)
        while batch := list(islice(source, size)):
            collection.upsert(**_records(batch))
            pass_by("dense-upserted")
            count += len(batch)
        return count
    finally:
        client.close()


def _steps(total: int, most: int) -> tuple[int, int]:
    """Records a batch (`most` at most), and after how many Chroma writes its graph to disk.

    The last of these comes right at the end: what is not in the graph's files is put into the graph again, one by one,
    each time the index is opened (12 s for 20,000 records).
    """
    parts = math.ceil(total / _WRITTEN_AT_LEAST_EVERY) or 1
    batches = math.ceil(total / parts / most) or 1
    size = max(1, total // parts // batches)
    return size, max(2, size * batches)


def _records(batch: Sequence[tuple[Chunk, Vectors]]) -> dict[str, Any]:
    """Chroma's columns. The text is kept as llama-index writes nodes, so that its ChromaVectorStore reads the collection
    as it is: as a Chroma document it would go into an index of all three-letter pieces, which nobody asks and which took
    three quarters of the time of a build."""
    ids = [f"{c.paper_id}#{c.ordinal}" for c, _ in batch]
    nodes = [
        {"id_": i, "text": c.text, "metadata": {"paper_id": c.paper_id, "start": c.start, "end": c.end}}
        for i, (c, _) in zip(ids, batch, strict=True)
    ]
    return {
        "ids": ids,
        "embeddings": np.stack([v for _, v in batch]),
        "metadatas": [
            {"paper_id": c.paper_id, "_node_content": json.dumps(node, ensure_ascii=False)}
            for (c, _), node in zip(batch, nodes, strict=True)
        ],
    }
