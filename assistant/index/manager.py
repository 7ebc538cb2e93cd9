"""The two indexes of a library, kept in step with its store and searched. Composes store and index.

Knows nothing about questions beyond their vector and their words, and nothing about where the vectors came from.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.errors import LibraryError
from assistant.index.backends import Progress, Unreachable, backend_for, quiet
from assistant.index.bm25 import BM25Index
from assistant.index.dense_search import DenseSearch
from assistant.index.snapshots import check_published, tidy
from assistant.library.library import Library
from assistant.settings import Settings
from assistant.types import Filters, Vectors

_LOG = logging.getLogger(__name__)
_CHEAP = 2_000
"""Papers up to which a new dense generation takes two seconds, so that one is built after every change."""


class IndexManager:
    """A dense and a lexical index, derived from one store and disposable."""

    def __init__(self, library: Library, settings: Settings) -> None:
        """Opens nothing yet. Raises SettingsError for a Chroma server that the settings name wrongly."""
        self._library = library
        self._store = library.store
        self._keeper = backend_for(settings, library.store, library.signature)
        self._home = library.home / "index"
        self._guard = threading.RLock()
        self._nearest: DenseSearch | None = None
        self._lexical: BM25Index | None = None
        self._settled = -1
        """The store's revision for which the indexes were brought as far as they should be."""
        self._copy: TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Releases all files."""
        with self._guard:
            if self._nearest is not None:
                self._nearest.close()
            self._nearest = self._lexical = None
            self._keeper.close()
            if self._copy is not None:
                self._copy.cleanup()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the library's lock, and first removes what interrupted builds have left. Raises LibraryError."""
        with self._library.writing():
            self.tidy()
            yield

    # -- where the dense index is kept -----------------------------------------------------------------------------

    def _open_dense(self) -> DenseSearch:
        """Dense search with the published index, or without one where none can be used.

        Raises LibraryError when the index is kept elsewhere and cannot be reached.
        """
        unbuilt = LibraryError("the dense index is not built; run: assistant rebuild")
        return DenseSearch(self._store, self._keeper.open() or self._keeper.without(unbuilt))

    def _build_dense(self, progress: Progress = quiet) -> DenseSearch:
        """The same with a new index of all that the store holds; the caller holds the lock."""
        if self._nearest is not None and not self._keeper.shared:  # elsewhere it serves until the new one does
            self._nearest.close()
            self._nearest = None
        return DenseSearch(self._store, self._keeper.build(progress) if self._store.count() else None)

    def _reach_dense(self) -> DenseSearch:
        """As `_open_dense`; an index that cannot be reached is done without until it can."""
        try:
            return self._open_dense()
        except LibraryError as error:
            _LOG.warning("%s", error)
            return DenseSearch(self._store, self._keeper.without(error))

    def rebuild(self, progress: Progress = quiet) -> None:
        """Makes both indexes anew from the store, whatever state they are in; the caller holds the lock."""
        with self._guard, ThreadPoolExecutor(1) as beside:  # both do their work outside Python
            lexical = beside.submit(self._build_lexical)
            self._nearest = self._build_dense(progress)
            self._lexical = lexical.result()

    # -- where the lexical index is kept ---------------------------------------------------------------------------

    @property
    def _lexical_home(self) -> Path:
        return Path(self._copy.name) / "lexical" if self._copy else self._home / "lexical"

    def _open_lexical(self) -> BM25Index:
        """The published lexical index; an empty one, to be filled, where it is damaged."""
        if self._store.read_only and self._copy is None:
            self._copy_lexical()
        try:
            return BM25Index(self._lexical_home)
        except LibraryError as error:
            _LOG.warning("%s; it is rebuilt from the store", error)
            return BM25Index(self._lexical_home, anew=True)

    def _build_lexical(self) -> BM25Index:
        lexical = BM25Index(self._lexical_home, anew=True)
        lexical.update(self._store.revision, self._store.every_paper(), [])
        return lexical

    def _copy_lexical(self) -> None:
        """From here on a folder of this process's own: tantivy wants a lock file even to read, and what is damaged has
        to be made anew somewhere."""
        home = self._home / "lexical"
        self._copy = TemporaryDirectory(prefix="assistant-")
        with contextlib.suppress(OSError):  # what cannot be read is filled from the store
            shutil.copytree(home, self._lexical_home, copy_function=shutil.copyfile)
            self._lexical_home.chmod(0o700)  # copytree hands the folder's mode on

    def sync(self, *, locked: bool = False, progress: Progress = quiet) -> None:
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
            self._sync_dense(progress)
            self._settled = self._store.revision

    def _sync_lexical(self) -> None:
        self._lexical = lexical = self._lexical or self._open_lexical()
        revision = self._store.revision
        if 0 < lexical.revision < revision:
            written, deleted = self._store.changed_since(lexical.revision)
            lexical.update(revision, self._store.papers(written), deleted)
        if lexical.revision != revision or lexical.count() != self._store.count():
            if lexical.revision > 0:
                _LOG.warning("lexical index and store disagree; rebuilding the index")
            self._lexical = self._build_lexical()

    def _sync_dense(self, progress: Progress) -> None:
        index, revision, count = self._renew_dense().index, self._store.revision, self._store.count()
        if isinstance(index, Unreachable):
            index = None
        if index is not None and index.revision == revision and index.chunks == self._store.count_chunks():
            return
        changed = 0
        if index is not None and index.revision <= revision:
            written, deleted = self._store.changed_since(index.revision)
            changed = len(written) + len(deleted)
        if index is None or index.revision > revision or count <= _CHEAP or changed * 10 > count:
            self._nearest = self._build_dense(progress)

    def _renew_dense(self) -> DenseSearch:
        """Takes the published index where it is newer than the open one: another process's, perhaps."""
        published, revision = self._open_dense(), self._store.revision
        missing = self._nearest is None or isinstance(self._nearest.index, Unreachable)
        if self._nearest is None or missing or self._nearest.revision < published.revision <= revision:
            self._nearest = published
        return self._nearest

    def counts(self) -> tuple[int, int]:
        """Windows that a dense search covers and papers that a lexical one does, as the indexes themselves count."""
        with self._guard:
            dense = self._nearest.count() if self._nearest is not None else 0
            lexical = self._lexical.count() if self._lexical is not None else 0
        return dense, lexical

    def tidy(self) -> None:
        """Removes what interrupted builds have left, and indexes of a library file that is no longer there; the caller
        holds the lock."""
        for home in (self._home, self._home / "lexical"):
            tidy(home, self._store.revision)

    def check_bytes(self) -> None:
        """Hashes every file of both indexes, about a second a gigabyte. Raises LibraryError when one was changed."""
        for home in (self._lexical_home,) if self._keeper.shared else (self._home, self._lexical_home):
            check_published(home)

    def whereabouts(self) -> str:
        """Where the dense index is and how far it has come. Raises LibraryError when it cannot be reached."""
        with self._guard:
            place, nearest = self._keeper.state(), self._nearest
            if nearest is None or nearest.index is None:
                return f"{place}, not built"
            return f"{place}, up to revision {nearest.revision} of {self._store.revision}"

    # -- searching -------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Opens both indexes and brings them up to date where that is needed and possible."""
        with self._guard:
            if self._lexical is None or self._lexical.superseded():
                self._lexical, self._settled = self._open_lexical(), -1
            if self._nearest is None or isinstance(self._nearest.index, Unreachable):
                self._nearest = self._reach_dense()
            if self._store.read_only:
                self._sync_lexical()  # into its copy; what the dense index lacks is searched exactly
                if self._keeper.shared and self._nearest.revision != self._store.revision:
                    with contextlib.suppress(LibraryError):
                        self._renew_dense()
            elif self._settled != (revision := self._store.revision):
                if self._lexical.revision == self._nearest.revision == revision:
                    self._settled = revision
                else:
                    self.sync()
            if self._lexical.count() == 0 and self._store.count() and self._copy is None:
                self._copy_lexical()  # the index is damaged, and another process holds the lock or the disk is full
                self._lexical = self._build_lexical()

    @property
    def _words(self) -> BM25Index:
        with self._guard:
            if self._lexical is None:
                self.open()
            return self._lexical or self._open_lexical()

    def lexical(self, question: str, n: int, filters: Filters | None) -> dict[str, float]:
        """BM25 scores of the best `n` papers that pass the filters, and of pinned ones that match."""
        words = self._words
        try:
            found = words.search(question, n, filters)
        except LibraryError as error:
            _LOG.warning("%s; rebuilding it from the store", error)
            words = self._replace_lexical(words)
            found = words.search(question, n, filters)
        if filters and words.revision != self._store.revision:  # another program is writing: its index is a step behind
            passing = {*self._store.select(filters, among=list(found)), *filters.pinned}
            found = {i: score for i, score in found.items() if i in passing}
        return found

    def _replace_lexical(self, failed: BM25Index) -> BM25Index:
        """A new one for one that failed, in a folder of this process's own where its place cannot be written."""
        with self._guard:
            if self._lexical is failed:  # else another thread has been here
                try:
                    with self.writing():
                        self._lexical = self._build_lexical()
                except LibraryError:
                    self._copy_lexical()
                    self._lexical = self._build_lexical()
            return self._words

    def weights(self, question: str) -> dict[str, float]:
        """The question's stems with their shares of its weight."""
        return self._words.weights(question)

    def rare(self, question: str, most: int) -> frozenset[str]:
        """The question's stems that occur in one to `most` papers."""
        return self._words.rare(question, most)

    def coverage(self, question: str, texts: Sequence[str]) -> list[dict[str, float]]:
        """For each text, the question's stems that it has, each with its share of the question's weight."""
        return self._words.coverage(question, texts)

    def dense(self, vector: Vectors, n: int, filters: Filters | None) -> dict[str, float]:
        """Best window's cosine of the papers behind the `n` nearest windows that pass the filters."""
        nearest = self._opened()
        try:
            return nearest.search(vector, n, filters)
        except LibraryError as error:
            if isinstance(nearest.index, Unreachable):
                raise
            _LOG.warning("%s", error)
            return self._replace_dense(nearest).search(vector, n, filters)

    def exact(self, vector: Vectors, paper_ids: Sequence[str]) -> dict[str, float]:
        """Best window's cosine of these papers, whether they are among the nearest or not."""
        return self._opened().exact(vector, paper_ids)

    def _opened(self) -> DenseSearch:
        with self._guard:
            if self._nearest is None:
                self.open()
            return self._nearest or DenseSearch(self._store, None)

    def _replace_dense(self, failed: DenseSearch) -> DenseSearch:
        """Another index for one that failed: a published one where it is shared, else a new one; without any, where
        neither can be had."""
        with self._guard:
            if self._nearest is failed:  # else another thread has been here
                try:
                    self._nearest = self._open_dense() if self._keeper.shared else failed
                    if self._nearest is failed or self._nearest.index is None:
                        with self.writing():
                            self._nearest = self._build_dense()
                except LibraryError as error:
                    _LOG.warning("%s; searching without it", error)
                    self._nearest = DenseSearch(self._store, self._keeper.without(error))
            return self._opened()
