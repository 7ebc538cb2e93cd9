"""The nearest chunks of a question by cosine, from a Chroma collection in the library's folder.

A collection is built once, as a snapshot of its own, and never written again: Chroma's files do not survive a crash
in the middle of an update (chroma #7238, #7678). Until the next snapshot, changes are compared exactly.
"""

from __future__ import annotations

import contextlib
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
from assistant.index.chroma_folder import open_client, query_once, settle
from assistant.index.dense_index import chunk_id, paper_of
from assistant.index.native_errors import failing_as
from assistant.index.snapshots import Snapshot, begin, publish, published
from assistant.types import Chunk, Vectors

_LOG = logging.getLogger(__name__)
_COLLECTION = "abstracts"
_BATCH = 5_000
"""Records written at once; Chroma takes 5,461 (it counts SQLite's variables)."""
_WRITTEN_AT_LEAST_EVERY = 50_000
"""Records after which Chroma writes its graph to disk; each time it rewrites the whole map of ids."""
HNSW: dict[str, Any] = {"space": "cosine", "ef_construction": 200, "max_neighbors": 16, "ef_search": 500}
"""The settings of Chroma's graph. With an `ef_search` of 100, the nearest 150 chunks missed .5 % of the true ones among 493
abstracts and 2.4 % among 5,183; with 500 they miss none and .05 %, for half a millisecond more."""


class ChromaIndex:
    """One published snapshot, open for reading."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Opens a snapshot that was proven whole; Chroma itself loads with the first search, or with `warm`."""
        self.folder = snapshot.folder
        self.revision = snapshot.revision
        self.chunks = self.most_results = snapshot.count
        self._client: Any = None
        self._collection: Any = None
        self._guard = threading.Lock()
        self._warming: threading.Thread | None = None

    def search(self, vector: Vectors, n: int, chunk_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The nearest chunks, as `DenseIndex.search` describes it. Raises LibraryError when Chroma fails."""
        with failing_as(f"dense index {self.folder} failed"):
            found = self._open().query(
                query_embeddings=[vector.tolist()],
                n_results=min(n, self.chunks),
                ids=None if chunk_ids is None else list(chunk_ids),
                include=["distances"],
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(paper_of(name), 1.0 - float(distance)) for name, distance in pairs]

    def count(self) -> int:
        """Chunks as Chroma itself counts them. Raises LibraryError when Chroma fails."""
        with failing_as(f"dense index {self.folder} failed"):
            return int(self._open().count())

    def warm(self) -> None:
        """Imports chromadb (half a second) and loads the graph in the background, while the encoder loads."""
        with self._guard:
            if self._collection is None and self._warming is None:
                self._warming = threading.Thread(target=self._warm, name="open-chroma")
                self._warming.start()

    def _warm(self) -> None:
        # The search that follows meets the same error, and reports it.
        with contextlib.suppress(LibraryError), failing_as(f"dense index {self.folder} failed"):
            query_once(self._open())

    def _open(self) -> Any:
        with self._guard:
            if self._collection is None:
                self._client = open_client(self.folder / "chroma")
                checksums.restamp(self.folder)
                self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            return self._collection

    def close(self) -> None:
        """Releases Chroma's files."""
        if self._warming is not None:
            self._warming.join()
        if self._client is not None:
            self._client.close()
            self._client = self._collection = None

    @classmethod
    def open(cls, home: Path) -> ChromaIndex | None:
        """The published snapshot under `home`, or None where there is none or it is damaged (this is logged)."""
        try:
            snapshot = published(home)
            return cls(snapshot) if snapshot else None
        except Damaged as error:
            _LOG.warning("dense index %s; until it is rebuilt from the store, vectors are compared one by one", error)
            return None

    @classmethod
    def build(cls, home: Path, revision: int, chunks: Iterable[tuple[Chunk, Vectors]], total: int) -> ChromaIndex:
        """Builds a snapshot of all `chunks` (about `total`) beside the published one, then publishes it and removes the
        others.

        `revision` is the store's, read before the first chunk. Raises LibraryError when the folder cannot be written.
        """
        folder = home
        try:
            with failing_as(f"cannot write the index in {home}", "the papers themselves are stored"):
                folder = begin(home, revision)
                (folder / "chroma").mkdir()
                snapshot = Snapshot(folder, revision, _fill(folder / "chroma", chunks, total))
                leave_out, changing = settle(folder / "chroma", _COLLECTION)
                publish(snapshot, "dense", leave_out=leave_out, changing=changing)
        except LibraryError:
            if folder != home:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        return cls(snapshot)


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
    """Records per batch (`most` at most), and the number of records after which Chroma writes its graph to disk.

    The last write has to come right at the end: records that are not in the graph's files are inserted into the graph
    again, one by one, each time the index is opened (12 s for 20,000 records).
    """
    parts = math.ceil(total / _WRITTEN_AT_LEAST_EVERY) or 1
    batches = math.ceil(total / parts / most) or 1
    size = max(1, total // parts // batches)
    return size, max(2, size * batches)


def _records(batch: Sequence[tuple[Chunk, Vectors]]) -> dict[str, Any]:
    """Chroma's columns. The text is stored as llama-index writes its nodes, so that ChromaVectorStore reads the
    collection as it is. As a Chroma document it would go into a trigram index that nobody queries and that takes three
    quarters of the time of a build."""
    ids = [chunk_id(c) for c, _ in batch]
    metadatas = []
    for i, (c, _) in zip(ids, batch, strict=True):
        node = {"id_": i, "text": c.text, "metadata": {"paper_id": c.paper_id, "start": c.start, "end": c.end}}
        metadatas.append({"paper_id": c.paper_id, "_node_content": json.dumps(node, ensure_ascii=False)})
    return {"ids": ids, "embeddings": np.stack([v for _, v in batch]), "metadatas": metadatas}
