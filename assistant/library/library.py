"""A library: a folder with one SQLite store and the lock that a writer holds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import LibraryError, NotFoundError
from assistant.library.store import Store
from assistant.types import Filters, Paper

_LAST_RUN = "last_run"
_NAMED = 5
"""Papers of one name that a message lists."""


class Library:
    """One folder on disk. Any number of programs may read it; the one that holds the lock may write."""

    def __init__(self, home: Path, signature: str) -> None:
        """Opens or creates the library in `home`. Raises LibraryError.

        `signature` names the embedder and the chunking in use; papers stored under another signature are stale.
        """
        self.home = home
        self.signature = signature
        file, index = home / "library.sqlite3", home / "index"
        with contextlib.suppress(OSError):  # opening the store reports it
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
            raise LibraryError(
                f"the library {self.home} is read-only ({error.strerror or error}); make its folder writable, or choose another --home"
            ) from error

    def paper(self, name: str) -> Paper:
        """One paper by its id, DOI, arXiv id, PMID or citation key, however it is spelt.

        Raises NotFoundError for a name that the library does not hold, or that several of its papers have.
        """
        ids = [name] if (found := next(self.store.papers([name]), None)) else self.store.identities.meant(name)
        if len(ids) > 1:
            raise NotFoundError(
                f"{len(ids)} papers of the library have the name {name}: {', '.join(ids[:_NAMED])}; use one of these ids"
            )
        if not ids:
            raise NotFoundError(f"no paper {name} in the library; `assistant papers` lists them")
        return found or next(self.store.papers(ids))

    def with_ids(self, filters: Filters | None) -> Filters | None:
        """The filters with the ids of the papers that they pin and exclude, in place of other names; unknown names stay."""
        if filters is None or not (filters.pinned or filters.exclude):
            return filters
        return replace(filters, pinned=self._ids(filters.pinned), exclude=self._ids(filters.exclude))

    def _ids(self, named: Sequence[str]) -> tuple[str, ...]:
        known = {p.paper_id for p in self.store.papers(named)}
        meant = ([name] if name in known else self.store.identities.meant(name) or [name] for name in named)
        return tuple(dict.fromkeys(i for ids in meant for i in ids))

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
