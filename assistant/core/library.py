"""A library: the store and the two indexes made from it, kept in step. Composes store, chunks and index.

Knows nothing about questions beyond their vector and their words, and nothing about answers.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from filelock import FileLock, Timeout

from assistant import chunks
from assistant.errors import LibraryError
from assistant.index import DenseIndex, LexicalIndex, best_by_paper
from assistant.settings import Settings
from assistant.store import Entry, Known, Store
from assistant.types import Embedder, Filters, Vectors

_LOG = logging.getLogger(__name__)
_CHEAP = 20_000
"""Windows up to which a new dense generation takes seconds, so that one is built after every change."""


class Library:
    """One folder on disk. Readers share it; one writer at a time holds its lock."""

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self.settings = settings
        self.embedder = embedder
        self.home = settings.home
        self.store = Store(self.home / "library.sqlite3")
        self._signature = f"{embedder.name}|{chunks.VERSION}:{settings.chunk_tokens}:{settings.chunk_overlap}"
        self._guard = threading.RLock()
        self._dense: DenseIndex | None = None
        self._lexical: LexicalIndex | None = None
        self._recent = _NOTHING_RECENT
        self._copy: TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Releases all files."""
        with self._guard:
            if self._dense is not None:
                self._dense.close()
            self._dense = self._lexical = None
            self.store.close()
            if self._copy is not None:
                self._copy.cleanup()

    # -- writing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the library's lock. Raises LibraryError at once when another process is writing."""
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

    def delete(self, paper_ids: Sequence[str]) -> int:
        """Removes papers; returns how many there were."""
        with self.writing():
            count = self.store.delete(paper_ids)
            self.sync(locked=True)
        return count

    def embed(self, known: Sequence[Known], replaces: dict[str, str]) -> list[Entry]:
        """Chunks and vectors of papers, all windows of the batch in one call."""
        cut = [chunks.chunk(k.paper, self.settings.chunk_tokens, self.settings.chunk_overlap) for k in known]
        vectors = self.embedder.encode([c.text for windows in cut for c in windows])
        entries, row = [], 0
        for one, windows in zip(known, cut, strict=True):
            rows = vectors[row : row + len(windows)]
            row += len(windows)
            old = replaces.get(one.paper.paper_id)
            entries.append(Entry(one, self._signature, windows, rows, old))
        return entries

    def stale(self) -> list[str]:
        """Papers that another embedder or chunker prepared."""
        return self.store.stale(self._signature)

    def is_stale(self) -> bool:
        """True when some vectors were made by another embedder or chunker."""
        return self.store.has_stale(self._signature)

    # -- the indexes -----------------------------------------------------------------------------------------------

    def rebuild_indexes(self) -> None:
        """Makes both indexes anew from the store, whatever state they are in; the caller holds the lock."""
        with self._guard:
            if self._dense is not None:
                self._dense.close()
            revision = self.store.revision
            self._dense = (
                DenseIndex.build(self._index_home, revision, self.store.chunks()) if self.store.count() else None
            )
            self._lexical = LexicalIndex.create(self._lexical_home)
            self._lexical.update(revision, self.store.papers(), [])

    @property
    def _index_home(self) -> Path:
        return self.home / "index"

    @cached_property
    def _lexical_home(self) -> Path:
        """In the library; a copy of it where that cannot be written, for tantivy wants a lock file even to read."""
        home = self._index_home / "lexical"
        if not self.store.read_only:
            return home
        self._copy = TemporaryDirectory(prefix="assistant-")
        copy = Path(self._copy.name) / "lexical"
        if home.is_dir():
            shutil.copytree(home, copy, copy_function=shutil.copyfile)
            copy.chmod(0o700)  # copytree hands the folder's mode on
        return copy

    def sync(self, *, locked: bool = False) -> None:
        """Brings the indexes up to the store. Without the lock (another writer is at work) they stay as they are:
        what they miss is then searched exactly, or appears a little later."""
        if not locked:
            try:
                with self.writing():
                    self.sync(locked=True)
            except LibraryError as error:
                _LOG.info("indexes not brought up to date: %s", error)
            return
        with self._guard:
            self._sync_lexical()
            self._sync_dense()

    def _sync_lexical(self) -> None:
        lexical = self._lexical or LexicalIndex.open(self._lexical_home)
        revision = self.store.revision
        if lexical.revision > revision:  # not of this store: a restored or replaced library file
            lexical = LexicalIndex.create(self._lexical_home)
        if lexical.revision < revision:
            if lexical.revision <= 0:
                lexical.update(revision, self.store.papers(), [])
            else:
                written, deleted = self.store.changed_since(lexical.revision)
                lexical.update(revision, self.store.papers(written), deleted)
        if lexical.count() != self.store.count():
            _LOG.warning("lexical index and store disagree; rebuilding the index")
            lexical = LexicalIndex.create(self._lexical_home)
            lexical.update(revision, self.store.papers(), [])
        self._lexical = lexical

    def _sync_dense(self) -> None:
        dense = self._dense or DenseIndex.open(self._index_home)
        revision, total = self.store.revision, self.store.count_chunks()
        if dense is not None and dense.revision == revision and dense.chunks == total:
            self._dense = dense
            return
        changed = 0
        if dense is not None and dense.revision <= revision:
            written, deleted = self.store.changed_since(dense.revision)
            changed = len(written) + len(deleted)
        if dense is None or dense.revision > revision or total <= _CHEAP or changed * 10 > self.store.count():
            if dense is not None:
                dense.close()
            dense = DenseIndex.build(self._index_home, revision, self.store.chunks()) if total else None
        self._dense = dense

    def index_counts(self) -> tuple[int, int]:
        """Windows that a dense search covers and papers that a lexical one does, as the indexes themselves count."""
        with self._guard:
            recent = self._refresh_recent()
            dense = self._dense.count() if self._dense is not None else 0
            lexical = self._lexical.count() if self._lexical is not None else 0
        return dense + len(recent.owners), lexical

    # -- searching -------------------------------------------------------------------------------------------------

    def open_indexes(self) -> None:
        """Opens both indexes and brings them up to date where that is needed and possible."""
        with self._guard:
            if self._lexical is None:
                self._lexical = LexicalIndex.open(self._lexical_home)
            if self._dense is None:
                self._dense = DenseIndex.open(self._index_home)
            behind = self._lexical.revision != self.store.revision or self._dense is None
            if self.store.read_only:
                self._sync_lexical()  # into its copy; what the dense index lacks is searched exactly
            elif behind or (self._dense and self._dense.revision != self.store.revision):
                self.sync()

    def allowed(self, filters: Filters | None) -> list[str] | None:
        """Ids that pass the filters, and the pinned ones; None when all do."""
        return list(dict.fromkeys([*self.store.select(filters), *self.pinned(filters)])) if filters else None

    def pinned(self, filters: Filters | None) -> list[str]:
        """Papers of the library that have to be read, unless they are excluded as well."""
        wanted = [i for i in filters.pinned if i not in filters.exclude] if filters is not None else []
        return [p.paper_id for p in self.store.papers(wanted)] if wanted else []

    @property
    def _words(self) -> LexicalIndex:
        with self._guard:
            if self._lexical is None:
                self.open_indexes()
            return self._lexical or LexicalIndex.open(self._lexical_home)

    def lexical(self, question: str, n: int, allowed: Sequence[str] | None) -> dict[str, float]:
        """BM25 scores of the best `n` papers."""
        return self._words.search(question, n, allowed)

    def weights(self, question: str) -> dict[str, float]:
        """The question's stems with their shares of its weight."""
        return self._words.weights(question)

    def rare(self, question: str, most: int) -> frozenset[str]:
        """The question's stems that occur in one to `most` papers."""
        return self._words.rare(question, most)

    def coverage(self, question: str, texts: Sequence[str]) -> list[dict[str, float]]:
        """For each text, the question's stems that it has, each with its share of the question's weight."""
        return self._words.coverage(question, texts)

    def dense(self, vector: Vectors, n: int, allowed: Sequence[str] | None) -> dict[str, float]:
        """Best window's cosine of the papers behind the `n` nearest windows; exact over `allowed` when given."""
        if allowed is not None:
            return self.exact(vector, allowed)
        try:
            return self._dense_scores(vector, n)
        except LibraryError as error:
            _LOG.warning("%s; rebuilding it from the store", error)
            self._replace_dense()
            return self._dense_scores(vector, n)

    def _dense_scores(self, vector: Vectors, n: int) -> dict[str, float]:
        with self._guard:
            dense, recent = self._dense, self._refresh_recent()
        scores = (
            best_by_paper(zip(recent.owners, (recent.vectors @ vector).tolist(), strict=True)) if recent.owners else {}
        )
        if dense is not None:
            found = dense.search(vector, n + len(recent.stale))
            scores |= best_by_paper((i, s) for i, s in found if i not in recent.stale)
        return scores

    def _replace_dense(self) -> None:
        """A new generation for one that failed; none, and so exact search, where it cannot be written."""
        with self._guard:
            if self._dense is not None:
                self._dense.close()
            self._dense, self._recent = None, _NOTHING_RECENT
            try:
                with self.writing():
                    self._dense = DenseIndex.build(self._index_home, self.store.revision, self.store.chunks())
            except LibraryError as error:
                _LOG.warning("%s; searching exactly instead", error)

    def exact(self, vector: Vectors, paper_ids: Sequence[str]) -> dict[str, float]:
        """Best window's cosine of these papers, computed from the stored vectors."""
        owners, rows = self._matrix(paper_ids)
        return best_by_paper(zip(owners, (rows @ vector).tolist(), strict=True)) if owners else {}

    def _matrix(self, paper_ids: Sequence[str]) -> tuple[list[str], Vectors]:
        pairs = list(self.store.chunks(paper_ids))
        rows = np.stack([v for _, v in pairs]) if pairs else np.zeros((0, 0), dtype=np.float32)
        return [c.paper_id for c, _ in pairs], rows

    def _refresh_recent(self) -> _Recent:
        """Vectors of the papers that the published generation does not hold as they are now."""
        revision = self.store.revision
        if self._recent.revision != revision:
            since = self._dense.revision if self._dense is not None else -1
            written, deleted = self.store.changed_since(since)
            owners, rows = self._matrix(written)
            self._recent = _Recent(revision, frozenset([*written, *deleted]), owners, rows)
        return self._recent


@dataclass(frozen=True, slots=True)
class _Recent:
    revision: int
    stale: frozenset[str]
    owners: list[str]
    vectors: Vectors


_NOTHING_RECENT = _Recent(-1, frozenset(), [], np.zeros((0, 0), dtype=np.float32))
