"""A library: a folder with one SQLite store and the lock that a writer holds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import LibraryError, NotFoundError
from assistant.library.store import Store
from assistant.types import Paper

_LAST_RUN = "last_run"


class Library:
    """One folder on disk. Any number of programs may read it; the one that holds the lock may write."""

    def __init__(self, home: Path, signature: str) -> None:
        """Opens or creates the library in `home`. Raises LibraryError.

        `signature` names the embedder and the chunking in use; papers stored under another signature are stale.
        """
        self.home = home
        self.signature = signature
        file, index = home / "library.sqlite3", home / "index"
        with contextlib.suppress(PermissionError):  # opening the store reports it
            # A new store beside old indexes would look like an empty library.
            if not (file.exists() and file.stat().st_size) and any(index.rglob("CURRENT")):
                raise LibraryError(
                    f"{file} is missing or empty, but its indexes exist; restore it from a backup, or remove {index} to "
                    "start over"
                )
        self.store = Store(file)

    def close(self) -> None:
        """Releases the store's file."""
        self.store.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the writer's lock. Raises LibraryError at once when another process holds it."""
        lock = FileLock(self.home / "writer.lock")
        try:
            with lock.acquire(timeout=0):
                yield
        except Timeout:
            raise LibraryError(
                f"another program is writing to the library {self.home}; wait until it is done, or choose another --home"
            ) from None
        except OSError as error:
            raise LibraryError(f"cannot write to {self.home} ({error}); choose another --home") from error

    def paper(self, paper_id: str) -> Paper:
        """One paper. Raises NotFoundError for an id that the library does not hold."""
        found = next(self.store.papers([paper_id]), None)
        if found is None:
            raise NotFoundError(f"no paper {paper_id} in the library; `assistant papers` lists them")
        return found

    @property
    def last_run(self) -> str:
        """When the last run that added or changed papers began, ISO 8601 in UTC; empty where none is noted."""
        return self.store.get(_LAST_RUN) or ""

    def note_run(self, began: str) -> None:
        """Notes when a run that added or changed papers began."""
        self.store.note(_LAST_RUN, began)

    def is_stale(self) -> bool:
        """Whether another embedder or chunker prepared any paper."""
        return bool(self.store.stale(self.signature))
