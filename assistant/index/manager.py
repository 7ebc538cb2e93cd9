"""Opens the two indexes of a library, builds them from its store, swaps them for newer ones, and heals them."""

from __future__ import annotations

import contextlib
import logging
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.errors import LibraryError
from assistant.index.backends import backend_for, no_progress
from assistant.index.bm25 import BM25Index
from assistant.index.dense_index import DenseIndex
from assistant.index.snapshots import check_published, tidy
from assistant.library.library import Library
from assistant.settings import Settings
from assistant.types import Step

_LOG = logging.getLogger(__name__)
_CHEAP = 2_000
"""Papers up to which a dense snapshot is built in two seconds, so that every change is followed by a new one."""
_EXACT = 100_000
"""Chunks that are compared one by one while there is no dense index: 150 MB at 384 dimensions."""
_NOT_BUILT = "the dense index is not built; run: assistant rebuild"
_READ_ONLY = "the library is read-only, so Chroma cannot open the dense index; make its folder writable, or copy it"


class IndexManager:
    """A dense index and a BM25 index, both derived from one store and disposable."""

    def __init__(
        self, library: Library, settings: Settings, *, rebuilt_up_to: int = _CHEAP, exact_up_to: int = _EXACT
    ) -> None:
        """Opens nothing yet. Raises SettingsError for a Chroma server that the settings name wrongly.

        `rebuilt_up_to`: papers in a library whose dense index is rebuilt after every change. `exact_up_to`: chunks in
        a library that is searched without a dense index where none can be had.
        """
        self._library = library
        self._store = library.store
        self._backend = backend_for(settings, library.store, library.signature)
        self._home = library.home / "index"
        self._rebuilt_up_to, self._exact_up_to = rebuilt_up_to, exact_up_to
        self._guard = threading.RLock()
        self._dense: DenseIndex | None = None
        self._why_no_dense = _NOT_BUILT
        self._bm25: BM25Index | None = None
        self._settled = -1
        """The store's revision for which the indexes were brought as far as they should be."""
        self._copy: TemporaryDirectory[str] | None = None

    def close(self) -> None:
        """Releases all files and connections."""
        with self._guard:
            if self._dense is not None:
                self._dense.close()
            self._dense = self._bm25 = None
            self._backend.close()
            if self._copy is not None:
                self._copy.cleanup()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the library's lock, and first removes what interrupted builds have left, and indexes of a library file that
        is no longer there. Raises LibraryError."""
        with self._library.writing():
            for home in (self._home, self._home / "lexical"):
                tidy(home, self._store.revision)
            yield

    # -- searching -------------------------------------------------------------------------------------------------

    @property
    def bm25(self) -> BM25Index:
        """The BM25 index. Raises LibraryError."""
        with self._guard:
            if self._bm25 is None:
                self.open()
            return self._bm25 or self._open_bm25()

    @property
    def dense(self) -> DenseIndex | None:
        """The dense index; None where there is none, and the library is small enough to compare all its vectors.

        Raises LibraryError where there is none and the library is too large for that.
        """
        with self._guard:
            if self._bm25 is None:
                self.open()
            if self._dense is None and self._store.count_chunks() > self._exact_up_to:
                raise LibraryError(self._why_no_dense)
            return self._dense

    def open(self) -> None:
        """Opens both indexes and brings them up to date if needed and possible."""
        with self._guard:
            if self._bm25 is None or self._bm25.superseded():
                self._bm25, self._settled = self._open_bm25(), -1
            if self._dense is None:
                self._find_dense()
            if self._store.read_only:
                self._sync_bm25()  # into its copy; what the dense index lacks is compared exactly
                if self._backend.shared and self._dense_revision != self._store.revision:
                    self._find_dense()
            elif self._settled != (revision := self._store.revision):
                if self._bm25.revision == revision and (self._dense_revision == revision or self._is_left_unbuilt()):
                    self._settled = revision
                else:
                    self.sync()
            if self._bm25.count() == 0 and self._store.count() and self._copy is None:
                self._copy_bm25()  # the index is damaged, and another process holds the lock or the disk is full
                self._bm25 = self._build_bm25()
            if self._dense is not None:
                self._dense.warm()

    def replace_bm25(self, failed: BM25Index) -> BM25Index:
        """A new index for one that failed, in a temporary folder where its own place cannot be written."""
        with self._guard:
            if self._bm25 is failed:  # else another thread has been here
                try:
                    with self.writing():
                        self._bm25 = self._build_bm25()
                except LibraryError:
                    self._copy_bm25()
                    self._bm25 = self._build_bm25()
            return self.bm25

    def replace_dense(self, failed: DenseIndex | None) -> DenseIndex | None:
        """Another index for one that failed: a published one on a server, else a new one; none where neither can be had.

        Raises LibraryError where there is none and the library is too large to do without.
        """
        with self._guard:
            if self._dense is failed:  # else another thread has been here
                if failed is not None:
                    failed.close()
                self._dense = None
                try:
                    if self._backend.shared:
                        self._renew_dense()
                    if self._dense is None:
                        with self.writing():
                            self._build_dense()
                except LibraryError as error:
                    _LOG.warning("%s; searching without the dense index", error)
                    self._why_no_dense = str(error)
            return self.dense

    # -- updates ---------------------------------------------------------------------------------------------------

    def sync(self, *, locked: bool = False, progress: Step = no_progress) -> None:
        """Brings the indexes up to date with the store. Where another writer holds the lock they stay as they are: what the dense
        index misses is then compared exactly, and what the BM25 index misses appears a little later."""
        if not locked:
            try:
                with self.writing():
                    self.sync(locked=True)
            except LibraryError as error:
                _LOG.info("indexes not brought up to date: %s", error)
            return
        with self._guard:
            self._sync_bm25()
            self._sync_dense(progress)
            self._settled = self._store.revision

    def rebuild(self, progress: Step = no_progress) -> None:
        """Builds both indexes from the store, whatever state they are in; the caller holds the lock."""
        with self._guard, ThreadPoolExecutor(1) as beside:  # both do their work outside Python
            bm25 = beside.submit(self._build_bm25)
            self._build_dense(progress)
            self._bm25 = bm25.result()

    # -- for `doctor` ----------------------------------------------------------------------------------------------

    def counts(self) -> tuple[int, int]:
        """Chunks that a dense search covers and papers that a BM25 search does, as the indexes themselves count.

        Raises LibraryError when an index fails, or when there is none and the library is too large to do without.
        """
        with self._guard:
            dense, chunks = self.dense, self._store.count_chunks()
            return chunks if dense is None else chunks - dense.chunks + dense.count(), self.bm25.count()

    def check_bytes(self) -> None:
        """Hashes every file of both indexes, about a second per gigabyte. Raises LibraryError when one was changed."""
        for home in (self._bm25_home,) if self._backend.shared else (self._home, self._bm25_home):
            check_published(home)

    def describe_dense(self) -> str:
        """The place of the dense index, and the revision that it has reached. Raises LibraryError when it cannot be reached."""
        with self._guard:
            place = self._backend.describe()
            if self._dense is None:
                return (
                    f"{place}, {'read-only: vectors are compared one by one' if self._store.read_only else 'not built'}"
                )
            return f"{place}, up to revision {self._dense.revision} of {self._store.revision}"

    # -- the dense index -------------------------------------------------------------------------------------------

    @property
    def _dense_revision(self) -> int:
        return -1 if self._dense is None else self._dense.revision

    def _is_left_unbuilt(self) -> bool:
        """Whether the index is missing on a server and so large that no question waits until it is built."""
        return self._dense is None and self._backend.shared and self._store.count_chunks() > self._exact_up_to

    def _find_dense(self) -> None:
        """Renews the dense index, or logs why that is impossible."""
        try:
            self._renew_dense()
        except LibraryError as error:
            _LOG.warning("%s", error)
            self._why_no_dense = str(error)

    def _renew_dense(self) -> None:
        """Takes the published index where it is newer than the open one. Raises LibraryError when it cannot be reached."""
        published = self._backend.open()
        if published is None:
            self._why_no_dense = _READ_ONLY if self._store.read_only else _NOT_BUILT
        elif self._dense is None or self._dense.revision < published.revision <= self._store.revision:
            self._dense = published

    def _sync_dense(self, progress: Step) -> None:
        self._renew_dense()
        index, revision, count = self._dense, self._store.revision, self._store.count()
        if index is not None and index.revision == revision and index.chunks == self._store.count_chunks():
            return
        changed = 0
        if index is not None and index.revision <= revision:
            written, deleted = self._store.changed_since(index.revision)
            changed = len(written) + len(deleted)
        if index is None or index.revision > revision or count <= self._rebuilt_up_to or changed * 10 > count:
            self._build_dense(progress)

    def _build_dense(self, progress: Step = no_progress) -> None:
        """Swaps in a new index of all that the store holds; the caller holds the lock."""
        if self._dense is not None and not self._backend.shared:  # on a server it serves until the new one does
            self._dense.close()
            self._dense = None
        self._dense = self._backend.build(progress) if self._store.count() else None

    # -- the BM25 index --------------------------------------------------------------------------------------------

    @property
    def _bm25_home(self) -> Path:
        return Path(self._copy.name) / "lexical" if self._copy else self._home / "lexical"

    def _open_bm25(self) -> BM25Index:
        """The published BM25 index; an empty one, to be filled, where it is damaged."""
        if self._store.read_only and self._copy is None:
            self._copy_bm25()
        try:
            return BM25Index(self._bm25_home)
        except LibraryError as error:
            _LOG.warning("%s; it is rebuilt from the store", error)
            return BM25Index(self._bm25_home, empty=True)

    def _sync_bm25(self) -> None:
        self._bm25 = index = self._bm25 or self._open_bm25()
        revision = self._store.revision
        if 0 < index.revision < revision:
            written, deleted = self._store.changed_since(index.revision)
            index.update(revision, self._store.papers(written), deleted)
        if index.revision != revision or index.count() != self._store.count():
            if index.revision > 0:
                _LOG.warning("BM25 index and store disagree; rebuilding the index")
            self._bm25 = self._build_bm25()

    def _build_bm25(self) -> BM25Index:
        index = BM25Index(self._bm25_home, empty=True)
        index.update(self._store.revision, self._store.every_paper(), [])
        return index

    def _copy_bm25(self) -> None:
        """Moves to a folder of this process's own: tantivy wants a lock file even to read, and a damaged index has to be
        rebuilt somewhere."""
        home = self._home / "lexical"
        self._copy = TemporaryDirectory(prefix="assistant-")
        with contextlib.suppress(OSError):  # what cannot be read is filled from the store
            shutil.copytree(home, self._bm25_home, copy_function=shutil.copyfile)
            self._bm25_home.chmod(0o700)  # copytree copies the mode of the folder too
