"""A dense index on a Chroma server, from which several programs on several machines answer.

A snapshot is a collection of its own. It counts as published when its own metadata says so, which is written last and
only after the server has counted all its records; nobody ever searches an unfinished one. Its state is named by
the library's id, the store's revision and fingerprint, and the embedder, so that two copies of a library that went
different ways never use each other's.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from assistant.errors import LibraryError
from assistant.index.chroma_api import ChromaServer
from assistant.index.chroma_api import Collection as Remote
from assistant.index.dense_index import chunk_id, paper_of
from assistant.types import Chunk, Vectors

_LOG = logging.getLogger(__name__)
_BEAT_SECONDS = 60.0
"""Interval at which a build reports that it is still at work."""
_ABANDONED_MS = 3_600_000
"""Silence after which an unfinished snapshot of another machine counts as abandoned."""
_TEXT_BYTES, _VALUE_BYTES = 16_384, 4_096
"""Chroma Cloud's limits of a document and of a metadata value (docs.trychroma.com/cloud/quotas-limits)."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of one library."""

    library: str
    """Random id of the library, letters and digits."""
    revision: int
    fingerprint: str
    """Of the store's content at this revision."""
    signature: str
    """Names the embedder and the chunking."""

    def metadata(self, **more: Any) -> dict[str, Any]:
        """The metadata of a collection: short values, since Chroma Cloud takes 256 bytes each, and whole numbers, since it
        returns others slightly changed."""
        maker = hashlib.sha256(self.signature.encode()).hexdigest()[:16]
        return {
            "library": self.library,
            "revision": self.revision,
            "fingerprint": self.fingerprint,
            "maker": maker,
            **more,
        }

    def matches(self, remote: Remote) -> bool:
        """True for a published snapshot of this very state."""
        return _is_published(remote) and self.metadata().items() <= remote.metadata.items()


def prefix(library: str) -> str:
    """The beginning of the names of this library's collections."""
    return f"assistant-{library}-"


def new_name(edition: Edition) -> str:
    """A name that no other build uses."""
    return f"{prefix(edition.library)}{edition.revision}-{secrets.token_hex(4)}"


class RemoteIndex:
    """One published snapshot on a server."""

    def __init__(self, server: ChromaServer, remote: Remote) -> None:
        """`remote` is one that `Edition.matches`."""
        self._server = server
        self._uid = remote.uid
        self.name = remote.name
        self.revision = int(remote.metadata["revision"])
        self.chunks = int(remote.metadata["windows"])
        self.most_results = min(self.chunks, server.most_results or self.chunks)

    def search(self, vector: Vectors, n: int, chunk_ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The nearest chunks, as `DenseIndex.search` describes it.

        Raises MissingError when the collection is gone, UnavailableError and other LibraryErrors as the server fails.
        """
        found = self._server.nearest(self._uid, vector, min(n, self.most_results), chunk_ids)
        return [(paper_of(name), 1.0 - float(distance)) for name, distance in found]

    def count(self) -> int:
        """Chunks as the server counts them."""
        return self._server.count(self._uid)

    def warm(self) -> None:
        """Nothing: the first request opens the connection."""

    def close(self) -> None:
        """Nothing: the connections belong to the server's client."""

    @classmethod
    def open(cls, server: ChromaServer, editions: Collection[Edition]) -> RemoteIndex | None:
        """The newest published snapshot of these states of one library that the server holds whole, or None."""
        library = next((e.library for e in editions), None)
        if library is None:
            return None
        fitting = [r for r in server.collections(prefix(library)) if any(e.matches(r) for e in editions)]
        for remote in sorted(fitting, key=_age, reverse=True):
            index = cls(server, remote)
            if index.count() == index.chunks:
                return index
            _LOG.warning("collection %s on %s is not whole; it is not used", remote.name, server.url)
        return None

    @classmethod
    def build(
        cls,
        server: ChromaServer,
        edition: Edition,
        chunks: Iterable[tuple[Chunk, Vectors]],
        *,
        name: str,
        unfinished: str | None = None,
    ) -> RemoteIndex:
        """Writes a snapshot of all `chunks` under `name`, publishes it, and removes the snapshots that it replaces.

        `unfinished` is the name of an earlier build that is certainly not running any more. Raises LibraryError; the
        published snapshots then stay as they are.
        """
        _sweep(server, edition.library, unfinished)
        remote = server.create(name, edition.metadata(published=False, beat=server.now()))
        try:
            count = _fill(server, remote, edition, chunks)
            found = server.count(remote.uid)
            if found != count:
                raise LibraryError(
                    f"Chroma server {server.url} stored {found} of {count} chunks; run: assistant rebuild"
                )
        except BaseException:
            _forget(server, name)
            raise
        metadata = edition.metadata(published=True, windows=count, built=server.now())
        server.describe(remote.uid, metadata)
        published = Remote(remote.uid, remote.name, metadata, remote.space)
        _retire(server, edition.library, published)
        return cls(server, published)


def _fill(server: ChromaServer, remote: Remote, edition: Edition, chunks: Iterable[tuple[Chunk, Vectors]]) -> int:
    count, last_beat = 0, time.monotonic()
    size, source = server.batch(), iter(chunks)
    while batch := list(islice(source, size)):
        # Text and metadata let other programs read the collection; ours come from the store, so cutting them is harmless.
        server.upsert(
            remote.uid,
            ids=[chunk_id(c) for c, _ in batch],
            vectors=np.stack([v for _, v in batch]),
            documents=[_cut(c.text, _TEXT_BYTES) for c, _ in batch],
            metadatas=[{"paper_id": _cut(c.paper_id, _VALUE_BYTES), "start": c.start, "end": c.end} for c, _ in batch],
        )
        count += len(batch)
        if time.monotonic() - last_beat > _BEAT_SECONDS:
            server.describe(remote.uid, edition.metadata(published=False, beat=server.now()))
            last_beat = time.monotonic()
    return count


def _cut(text: str, size: int) -> str:
    """At most `size` bytes of UTF-8, whole characters."""
    return text.encode("utf-8")[:size].decode("utf-8", errors="ignore")


def _sweep(server: ChromaServer, library: str, unfinished: str | None) -> None:
    """Removes unfinished snapshots whose builds have stopped."""
    now = server.now()  # fails at once where the server is down, not after the long timeout of a write
    for remote in server.collections(prefix(library)):
        silent = now - int(remote.metadata.get("beat", 0)) > _ABANDONED_MS
        if not _is_published(remote) and (remote.name == unfinished or silent):
            _LOG.info("removing the unfinished collection %s from %s", remote.name, server.url)
            server.delete(remote.name)


def _retire(server: ChromaServer, library: str, published: Remote) -> None:
    """Removes published snapshots older than the one before `published`, which other programs may still search."""
    found = server.collections(prefix(library))
    older = [r for r in found if _is_published(r) and _age(r) < _age(published)]
    for remote in sorted(older, key=_age)[:-1]:
        _forget(server, remote.name)


def _forget(server: ChromaServer, name: str) -> None:
    """Deletes a collection if possible; otherwise the next build finds it."""
    try:
        server.delete(name)
    except LibraryError as error:
        _LOG.warning("%s; the collection %s stays there until the next build", error, name)


def _is_published(remote: Remote) -> bool:
    return remote.metadata.get("published") is True


def _age(remote: Remote) -> tuple[int, int]:
    return int(remote.metadata.get("revision", 0)), int(remote.metadata.get("built", 0))
