"""Nearest windows of a question by cosine, from a Chroma collection. Knows nothing about text or fusion.

A collection is built once, in a folder of its own (a generation), and never written again: Chroma's files do not
survive a crash in the middle of an update (chroma #7238, #7678). A pointer file names the published generation; it is
replaced atomically, so that there is always a whole one. What changed in the library since is searched exactly, by
`core`, until the next generation.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import LibraryError
from assistant.types import Chunk, Vectors

_LOG = logging.getLogger(__name__)
_COLLECTION = "abstracts"
_POINTER = "CURRENT"
_MANIFEST = "manifest.json"
_BATCH = 1_000
_HNSW = {
    "space": "cosine",
    "ef_construction": 200,
    "max_neighbors": 16,
    "ef_search": 100,
    # Each persist rewrites the whole id map, so few large ones (pitfalls of the stack, section 1).
    "batch_size": 10_000,
    "sync_threshold": 20_000,
}


class DenseIndex:
    """One published generation, open for reading."""

    def __init__(self, folder: Path) -> None:
        """Opens the generation in `folder`. Raises LibraryError when it is damaged in a way that shows."""
        self.folder = folder
        self._client: Any = None
        try:
            manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            self.revision = int(manifest["revision"])
            self.chunks = int(manifest["chunks"])
            self._check_files(manifest["files"])
        except (OSError, ValueError, KeyError) as error:
            raise LibraryError(f"dense index {folder} is damaged ({error})") from error

    def _check_files(self, sizes: dict[str, int]) -> None:
        """A shortened vector file makes Chroma crash the whole process (#7238): it is never opened then."""
        for name, size in sizes.items():
            found = (self.folder / name).stat().st_size
            if found != size:
                raise ValueError(f"{name} has {found} bytes instead of {size}")

    def search(self, vector: Vectors, n: int) -> list[tuple[str, float]]:
        """The `n` nearest windows as (paper id, cosine), best first. Raises LibraryError when Chroma fails."""
        try:
            collection = self._open()
            found = collection.query(
                query_embeddings=[vector.tolist()], n_results=min(n, self.chunks), include=["distances"]
            )
        except Exception as error:  # whatever the Rust core raises: the caller answers without this index
            raise LibraryError(f"dense index {self.folder} failed ({error}); run: assistant rebuild") from error
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(chunk_id.rpartition("#")[0], 1.0 - float(distance)) for chunk_id, distance in pairs]

    def count(self) -> int:
        """Windows that Chroma itself says it holds."""
        return int(self._open().count())

    def _open(self) -> Any:
        if self._client is None:
            self._client = _client(self.folder / "chroma")
        return self._client.get_collection(_COLLECTION, embedding_function=None)

    def close(self) -> None:
        """Releases Chroma's files."""
        if self._client is not None:
            self._client.close()
            self._client = None

    @classmethod
    def open(cls, home: Path) -> DenseIndex | None:
        """The published generation under `home`, or None where there is none or it is damaged (this is logged)."""
        try:
            name = (home / _POINTER).read_text(encoding="utf-8").strip()
            return cls(home / name)
        except FileNotFoundError:
            return None
        except (LibraryError, OSError, ValueError) as error:
            _LOG.warning("%s; it will be rebuilt from the store", error)
            return None

    @classmethod
    def build(cls, home: Path, revision: int, chunks: Iterable[tuple[Chunk, Vectors]]) -> DenseIndex:
        """Builds a generation of all `chunks` beside the published one, then publishes it and removes the others.

        `revision` is the store's, read before the first chunk. Raises LibraryError when the folder cannot be written.
        """
        generation = home / f"gen-{revision}-{os.getpid()}"
        try:
            shutil.rmtree(generation, ignore_errors=True)
            (generation / "chroma").mkdir(parents=True)
            count = _fill(generation / "chroma", chunks)
            files = {str(p.relative_to(generation)): p.stat().st_size for p in sorted(generation.rglob("*.bin"))}
            manifest = {"revision": revision, "chunks": count, "files": files}
            _write(generation / _MANIFEST, json.dumps(manifest))
            _write(home / _POINTER, generation.name)
        except OSError as error:
            raise LibraryError(
                f"cannot write the index in {home} ({error}); the papers themselves are stored"
            ) from error
        for old in home.glob("gen-*"):
            if old != generation:
                shutil.rmtree(old, ignore_errors=True)
        return cls(generation)


def best_by_paper(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Paper id -> its best window's score."""
    best: dict[str, float] = {}
    for paper_id, score in pairs:
        if score > best.get(paper_id, -2.0):
            best[paper_id] = score
    return best


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False))


def _fill(folder: Path, chunks: Iterable[tuple[Chunk, Vectors]]) -> int:
    client = _client(folder)
    try:
        collection = client.create_collection(_COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW})
        size = min(_BATCH, client.get_max_batch_size())
        count, source = 0, iter(chunks)
        while batch := list(islice(source, size)):
            collection.upsert(**_records(batch))
            count += len(batch)
        return count
    finally:
        client.close()


def _records(batch: Sequence[tuple[Chunk, Vectors]]) -> dict[str, Any]:
    """Chroma's columns; text and metadata let llama-index's ChromaVectorStore read the collection as it is."""
    return {
        "ids": [f"{c.paper_id}#{c.ordinal}" for c, _ in batch],
        "embeddings": np.stack([v for _, v in batch]),
        "documents": [c.text for c, _ in batch],
        "metadatas": [{"paper_id": c.paper_id, "start": c.start, "end": c.end} for c, _ in batch],
    }


def _write(path: Path, text: str) -> None:
    """Whole or not at all, also through a power cut."""
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
