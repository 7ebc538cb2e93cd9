"""A library: the store, the lock of its writer, what its papers are embedded with, and the indexes made from it.

Knows nothing about questions and nothing about answers.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant import chunks
from assistant.core.indexes import Indexes
from assistant.core.keeping import keeper_for
from assistant.errors import LibraryError
from assistant.failpoints import pass_by
from assistant.settings import Settings
from assistant.store import Entry, Known, Store
from assistant.types import Embedder, Filters


class Library:
    """One folder on disk. Readers share it; one writer at a time holds its lock."""

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self.settings = settings
        self.embedder = embedder
        self.home = settings.home
        self.store = Store(_not_lost(self.home / "library.sqlite3"))
        self.signature = f"{embedder.name}|{chunks.VERSION}:{settings.chunk_tokens}:{settings.chunk_overlap}"
        self.indexes = Indexes(self.home, self.store, keeper_for(settings, self.store, self.signature), self.writing)

    def close(self) -> None:
        """Releases all files."""
        self.indexes.close()
        self.store.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the library's lock. Raises LibraryError at once when another process is writing."""
        lock = FileLock(self.home / "writer.lock")
        try:
            with lock.acquire(timeout=0):
                self.indexes.tidy()
                yield
        except Timeout:
            raise LibraryError(
                f"another program is writing to the library {self.home}; wait until it is done, or choose another --home"
            ) from None
        except OSError as error:
            raise LibraryError(f"cannot write to {self.home} ({error}); choose another --home") from error

    def delete(self, paper_ids: Sequence[str]) -> int:
        """Removes papers; returns how many there were."""
        with self.writing():
            count = self.store.delete(paper_ids)
            self.indexes.sync(locked=True)
        return count

    def embed(self, known: Sequence[Known], replaces: dict[str, str]) -> list[Entry]:
        """Chunks and vectors of papers, all windows of the batch in one call."""
        cut = [chunks.chunk(k.paper, self.settings.chunk_tokens, self.settings.chunk_overlap) for k in known]
        vectors = self.embedder.encode([c.text for windows in cut for c in windows])
        pass_by("embedded")
        entries, row = [], 0
        for one, windows in zip(known, cut, strict=True):
            rows = vectors[row : row + len(windows)]
            row += len(windows)
            old = replaces.get(one.paper.paper_id)
            entries.append(Entry(one, self.signature, windows, rows, old))
        return entries

    def stale(self) -> list[str]:
        """Papers that another embedder or chunker prepared."""
        return self.store.stale(self.signature)

    def is_stale(self) -> bool:
        """True when some vectors were made by another embedder or chunker."""
        return self.store.has_stale(self.signature)

    def pinned(self, filters: Filters | None) -> list[str]:
        """Papers of the library that have to be read, unless they are excluded as well."""
        wanted = [i for i in filters.pinned if i not in filters.exclude] if filters is not None else []
        return [p.paper_id for p in self.store.papers(wanted)] if wanted else []


def _not_lost(file: Path) -> Path:
    """The library's file, unless it is gone while its indexes are there: a new one would say that there are no papers."""
    index = file.parent / "index"
    with contextlib.suppress(PermissionError):  # opening it will tell
        if not (file.exists() and file.stat().st_size) and any(index.rglob("CURRENT")):
            raise LibraryError(
                f"{file} is missing or empty, but its indexes are there; restore it from a backup, or remove {index} to "
                "begin anew"
            )
    return file
