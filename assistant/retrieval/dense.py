"""Finds papers by the vector of a question: the dense index names the nearest chunks.

A filter is resolved by SQL, and the index searches within the chunks that are left. What the index cannot know is
compared exactly: papers that changed since it was built.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np

from assistant.index.dense_index import DenseIndex, paper_of
from assistant.index.manager import IndexManager
from assistant.library.store import Store
from assistant.retrieval.scores import Scores, search_or_heal
from assistant.types import Filters, Vectors

_FEW = 1_000
"""Papers that a filter leaves and that are compared exactly (13 ms): an index of 100,000 chunks takes 30 ms to find the
nearest of so few, and longer for fewer."""
_FETCHED = 2_000
"""Chunks that an index is asked for (15 ms) so that enough of them pass. Where more would be needed it searches within
those that pass, whose names alone take 15 ms when they are 10,000 and 35 ms when they are 50,000."""
_SPARE = 1.5
"""Multiple of the expected number of chunks that is requested when some of those found will not pass."""
_RAREST = 0.1
"""Share of the chunks that are taken to pass at least: an index is rebuilt when a tenth of its papers have changed."""
_REMEMBERED = 4
"""Filters whose papers are remembered; a conversation mostly has one."""
_NOTE = "similarity index failed, so keyword matches alone were compared; assistant doctor says why"

Pairs = list[tuple[str, float]]


class DenseRetriever:
    """Dense search over one library; an index that fails is replaced, and a second failure costs no answer."""

    def __init__(self, store: Store, indexes: IndexManager, *, few: int = _FEW, most_fetched: int = _FETCHED) -> None:
        """`few`: papers left by a filter that are compared exactly. `most_fetched`: chunks that an index is asked for
        before it searches within those that pass."""
        self._store = store
        self._indexes = indexes
        self._few, self._most_fetched = few, most_fetched
        self._guard = threading.Lock()
        self._latest: _Changes | None = None
        self._passing: dict[tuple[Filters, int], _Passing] = {}

    def search(self, vector: Vectors, n: int, filters: Filters | None = None) -> Scores:
        """The best chunk's cosine of each paper behind the `n` nearest chunks that pass the filters."""

        def search(index: DenseIndex | None) -> dict[str, float]:
            # The changes are read last, so that they name all papers of the filter that the index does not hold.
            passing = self._resolve(filters) if filters is not None and filters.restrict else None
            changes = self._changes(index)
            excluded = frozenset(filters.exclude) if filters else frozenset()
            papers = None if passing is None else passing.papers - excluded
            compared = (c for c in _cosines(vector, changes.rows) if c[0] not in excluded)
            found = list(islice((c for c in compared if papers is None or c[0] in papers), n))
            if index is not None:
                found += self._nearest(index, vector, n, passing, excluded | changes.ids)
            return _best_by_paper(found)

        return search_or_heal(lambda: self._indexes.dense, self._indexes.replace_dense, search, _NOTE)

    def exact(self, vector: Vectors, paper_ids: Sequence[str]) -> dict[str, float]:
        """The best chunk's cosine of these papers, whether they are among the nearest or not."""
        return _best_by_paper(self._compare(vector, paper_ids))

    def _compare(self, vector: Vectors, paper_ids: Sequence[str]) -> Iterator[tuple[str, float]]:
        return _cosines(vector, _StoredVectors.of(self._store.vectors(paper_ids)))

    def _nearest(
        self, index: DenseIndex, vector: Vectors, n: int, passing: _Passing | None, skipped: frozenset[str]
    ) -> Pairs:
        """The nearest chunks of papers that pass and are not skipped."""
        if passing is None:
            if not skipped:
                return index.search(vector, n)
            wanted = n / max(1 - len(skipped) / index.chunks, _RAREST) * _SPARE
            return _fetch(index, vector, n, wanted, index.most_results, lambda i: i not in skipped)
        papers = passing.papers - skipped
        if len(papers) > self._few:
            wanted = n * index.chunks / len(papers) * _SPARE
            if wanted <= min(self._most_fetched, index.most_results):
                found = _fetch(index, vector, n, wanted, self._most_fetched, papers.__contains__)
                if len(found) == n:
                    return found
            if index.most_results >= index.chunks:  # Chroma Cloud takes no long lists of ids
                return index.search(vector, n, passing.chunk_ids(self._store, papers))
        return list(islice(self._compare(vector, sorted(papers)), n))

    def _resolve(self, filters: Filters) -> _Passing | None:
        """The papers that pass, resolved again after every change of the store; None where only named papers are left out."""
        narrowed = filters.conditions
        if not narrowed.restrict:
            return None
        key = narrowed, self._store.revision
        with self._guard:
            known = self._passing.get(key)
        if known is None:
            known = _Passing(frozenset(self._store.select(narrowed)))
            with self._guard:
                self._passing[key] = known
                while len(self._passing) > _REMEMBERED:
                    del self._passing[next(iter(self._passing))]
        return known

    def _changes(self, index: DenseIndex | None) -> _Changes:
        """The changes since the index was built: all papers where there is no index."""
        with self._guard:
            between = -1 if index is None else index.revision, self._store.revision
            if self._latest is None or self._latest.between != between:
                written, deleted = self._store.changed_since(between[0])
                rows = _StoredVectors.of(self._store.vectors(written))
                self._latest = _Changes(between, frozenset([*written, *deleted]), rows)
            return self._latest


@dataclass(frozen=True, slots=True)
class _Changes:
    """Papers written or deleted between two revisions of the store."""

    between: tuple[int, int]
    ids: frozenset[str]
    rows: _StoredVectors
    """The chunks of those written."""


@dataclass(slots=True)
class _Passing:
    """The papers that pass some filters, and the names of their chunks once an index needs them."""

    papers: frozenset[str]
    names: list[str] | None = None

    def chunk_ids(self, store: Store, papers: frozenset[str]) -> list[str]:
        """The names of the chunks of these of its papers."""
        if self.names is None:
            self.names = store.chunk_ids(sorted(self.papers))
        return self.names if len(papers) == len(self.papers) else [i for i in self.names if paper_of(i) in papers]


class _StoredVectors(NamedTuple):
    """Vectors of chunks with the papers that they belong to."""

    paper_ids: list[str]
    vectors: Vectors
    """Shape (len(paper_ids), dim)."""

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Vectors]]) -> _StoredVectors:
        """Gathers rows of (paper id, vector)."""
        pairs = list(rows)
        vectors = np.stack([v for _, v in pairs]) if pairs else np.zeros((0, 0), dtype=np.float32)
        return cls([paper_id for paper_id, _ in pairs], vectors)


def _cosines(vector: Vectors, stored: _StoredVectors) -> Iterator[tuple[str, float]]:
    """Exact search: the (paper id, cosine) of every chunk, best first."""
    if stored.paper_ids:
        # Not `@`: BLAS spreads it over threads, which wait for one another on a busy machine.
        scores = np.vecdot(stored.vectors, vector)
        yield from ((stored.paper_ids[i], float(scores[i])) for i in np.argsort(-scores, kind="stable"))


def _fetch(
    index: DenseIndex, vector: Vectors, n: int, wanted: float, most: int, passes: Callable[[str], bool]
) -> Pairs:
    """The `n` nearest chunks that pass among the first `wanted`, or among up to `most` if those are too few."""
    most = min(most, index.chunks)
    fetched = min(int(wanted), most)
    while True:
        found = [pair for pair in index.search(vector, fetched) if passes(pair[0])]
        if len(found) >= n or fetched == most:
            return found[:n]
        fetched = min(3 * fetched, most)


def _best_by_paper(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Paper id -> its best chunk's score."""
    best: dict[str, float] = {}
    for paper_id, score in pairs:
        if score > best.get(paper_id, -2.0):
            best[paper_id] = score
    return best
