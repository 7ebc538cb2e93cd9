"""Stores the dense index of a library in the library's folder, or on a Chroma server."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from assistant.errors import LibraryError
from assistant.index.chroma import ChromaIndex
from assistant.index.dense_index import DenseIndex
from assistant.library.store import Store
from assistant.settings import Settings
from assistant.types import Chunk, Step, Vectors

_LIBRARY, _UNFINISHED, _EDITIONS = "chroma_library", "chroma_unfinished", "chroma_editions"
"""Notes of the library: its id on servers, the collection that it is building, the states that it has published."""
_REMEMBERED = 8
"""Published states that are remembered."""
_PAUSE_SECONDS = 60.0
"""Time after a failed build during which questions do not start the same build again."""
_STEP = 500
"""Papers between two reports of progress."""


def no_progress(done: int, total: int) -> None:
    """Reports nothing."""


class IndexBackend(Protocol):
    """Opens and builds the dense index of one library."""

    shared: bool
    """True where other machines may publish a newer index at any time."""

    def open(self) -> DenseIndex | None:
        """The newest published index that fits the library, or None. Raises LibraryError when it cannot be looked for."""

    def build(self, progress: Step) -> DenseIndex:
        """Publishes a new index of all that the store holds; the caller holds the library's lock. Raises LibraryError."""

    def describe(self) -> str:
        """The place of the index, in a few words for `doctor`. Raises LibraryError when it cannot be reached."""

    def close(self) -> None:
        """Releases connections."""


def backend_for(settings: Settings, store: Store, signature: str) -> IndexBackend:
    """The backend that the settings name. `signature` names the embedder and the chunking."""
    return ServerBackend(settings, store, signature) if settings.chroma_url else FolderBackend(settings, store)


class FolderBackend:
    """Stores the index in the library's own folder."""

    shared = False

    def __init__(self, settings: Settings, store: Store) -> None:
        self._home = settings.home / "index"
        self._store = store

    def open(self) -> DenseIndex | None:
        """The published index; None where it is damaged as well, or read-only, since Chroma opens a folder only to write."""
        found = ChromaIndex.open(self._home)
        return None if self._store.read_only else found

    def build(self, progress: Step) -> DenseIndex:
        """Publishes a new index of all that the store holds. Raises LibraryError."""
        revision, total = self._store.revision, self._store.count_chunks()
        return ChromaIndex.build(self._home, revision, _reporting(self._store, progress), total)

    def describe(self) -> str:
        """The folder."""
        return f"in {self._home}"

    def close(self) -> None:
        """Does nothing: there are no connections."""


class ServerBackend:
    """Stores the index on a Chroma server. The library's own notes say which of its states were published there."""

    shared = True

    def __init__(self, settings: Settings, store: Store, signature: str) -> None:
        from assistant.index.chroma_api import ChromaServer

        self._store = store
        self._signature = signature
        self._server = ChromaServer(settings)
        self._failed: tuple[object, float, str] = (None, 0.0, "")

    def open(self) -> DenseIndex | None:
        """The newest published index of a state that this library is or was in. Raises LibraryError."""
        from assistant.index.remote_index import Edition, RemoteIndex

        library = self._store.get(_LIBRARY)
        if library is None:
            return None
        states = {self._now(), *self._published()}
        with _papers_are_safe():
            return RemoteIndex.open(self._server, [Edition(library, *state, self._signature) for state in states])

    def build(self, progress: Step) -> DenseIndex:
        """Publishes a new index of all that the store holds. Raises LibraryError; a failed build is not retried for a minute."""
        from assistant.index.remote_index import Edition, RemoteIndex, new_name

        state = self._now()
        failed, until, why = self._failed
        if failed == state and time.monotonic() < until:
            raise LibraryError(why)
        try:
            with _papers_are_safe():
                self._server.now()  # fails at once where the server is down, before anything is noted
                edition = Edition(self._library(), *state, self._signature)
                unfinished, name = self._store.get(_UNFINISHED), new_name(edition)
                self._store.note(_UNFINISHED, name)
                chunks = _reporting(self._store, progress)
                index = RemoteIndex.build(self._server, edition, chunks, name=name, unfinished=unfinished)
        except LibraryError as error:
            self._failed = state, time.monotonic() + _PAUSE_SECONDS, str(error)
            raise
        recent = [s for s in self._published() if s != state][-_REMEMBERED + 1 :]
        self._store.note(_EDITIONS, json.dumps([*recent, state]))
        return index

    def describe(self) -> str:
        """The server, and the names of the library's collections there. Raises LibraryError when it is down."""
        from assistant.index.remote_index import prefix

        self._server.now()
        library = self._store.get(_LIBRARY)
        if library is None:
            return f"on {self._server.url}"
        return f"on {self._server.url}, in a collection named {prefix(library)}*"

    def close(self) -> None:
        """Closes the connections."""
        self._server.close()

    def _library(self) -> str:
        library = self._store.get(_LIBRARY)
        if library is None:
            library = secrets.token_hex(6)
            self._store.note(_LIBRARY, library)
        return library

    def _published(self) -> list[tuple[int, str]]:
        return [(int(revision), str(content)) for revision, content in json.loads(self._store.get(_EDITIONS) or "[]")]

    def _now(self) -> tuple[int, str]:
        """Revision and fingerprint of one state, even while another process writes."""
        while True:
            revision, fingerprint = self._store.revision, self._store.fingerprint
            if self._store.revision == revision:
                return revision, fingerprint


def _reporting(store: Store, progress: Step) -> Iterator[tuple[Chunk, Vectors]]:
    """All chunks with their vectors; `progress` receives how many papers have been read."""
    total, done, last = store.count(), 0, ""
    for chunk, vector in store.chunks():
        if chunk.paper_id != last:
            if done % _STEP == 0:
                progress(done, total)
            done, last = done + 1, chunk.paper_id
        yield chunk, vector
    progress(total, total)


@contextmanager
def _papers_are_safe() -> Iterator[None]:
    """Adds to an error that no paper is lost."""
    try:
        yield
    except LibraryError as error:
        raise LibraryError(f"{error}; the papers themselves are stored") from error
