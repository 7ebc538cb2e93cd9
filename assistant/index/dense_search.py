"""The dense leg: always current, whatever the index is made of, and exact where a filter leaves few papers.

Papers that changed since the index was built are compared one by one; the index finds the others. Knows nothing about
words, and nothing about how an index is built or chosen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.index.chroma import best_by_paper
from assistant.index.dense_index import DenseIndex
from assistant.index.exact import ExactIndex, Mask
from assistant.library.store import Store
from assistant.types import Filters, Vectors

_A_RESULT = 200
"""Rows that are compared in the time that an index takes for each window that it is asked for (10 µs)."""
_WORTH_OPENING = 5_000_000
"""Rows that are compared in a quarter of a second, half of what Chroma takes to load with a graph of 100,000 windows."""
_SPARE = 1.5
"""How many times the expected number of windows is asked for, when some of those found will not do."""
_PATIENCE = 20_000
"""Windows that an index is asked for at most."""

Pairs = list[tuple[str, float]]


class DenseSearch:
    """Dense search over a store with the help of one index, or of none."""

    def __init__(self, store: Store, index: DenseIndex | None) -> None:
        self.index = index
        self._store = store
        self._guard = threading.Lock()
        self._latest: _Changes | None = None
        self._compared = 0

    @property
    def revision(self) -> int:
        """The store's revision up to which the index is current; -1 without one."""
        return -1 if self.index is None else self.index.revision

    def close(self) -> None:
        """Releases the index."""
        if self.index is not None:
            self.index.close()

    def count(self) -> int:
        """Windows that a search covers, as the index itself counts. Raises LibraryError when it fails."""
        return (self.index.count() if self.index is not None else 0) + len(self._changes().rows)

    def search(self, vector: Vectors, n: int, filters: Filters | None) -> dict[str, float]:
        """Best window's cosine of the papers behind the `n` nearest windows that pass. Raises LibraryError."""
        changes = self._changes()
        mask = changes.rows.passing(filters)
        found = changes.rows.search(vector, n, None if mask is None else np.flatnonzero(mask)) if changes.rows else []
        if self.index is not None:
            found += self._in_index(self.index, vector, n, filters, changes)
        return best_by_paper(found)

    def exact(self, vector: Vectors, paper_ids: Sequence[str]) -> dict[str, float]:
        """Best window's cosine of these papers, whether they are among the nearest or not."""
        changes = self._changes()
        kept = [i for i in paper_ids if i not in changes.ids]
        known = self.index.matrix if self.index is not None else None
        if known is None:
            known = ExactIndex.of(self._store.vectors(kept))
        pairs = known.search(vector, len(known), known.rows(kept))
        pairs += changes.rows.search(vector, len(changes.rows), changes.rows.rows(paper_ids))
        return best_by_paper(pairs)

    # -- with the index --------------------------------------------------------------------------------------------

    def _in_index(
        self, index: DenseIndex, vector: Vectors, n: int, filters: Filters | None, changes: _Changes
    ) -> Pairs:
        """The nearest windows of papers that have not changed since the index was built."""
        matrix = index.matrix
        if matrix is None:
            if not filters and not changes.ids:
                return index.search(vector, n)
            return self._without_matrix(index, vector, n, filters, changes)
        mask = _both(matrix.passing(filters), changes.unchanged)
        left = len(matrix) if mask is None else int(np.count_nonzero(mask))
        wanted = n if mask is None else _wanted(n, left, len(matrix))
        if not self._is_cheaper(matrix.effort(left), wanted):
            if mask is None:
                return index.search(vector, n)
            found = _asked_for_more(index, vector, n, wanted, lambda ids: matrix.passed(ids, mask))
            if found is not None:
                return found
        return matrix.search(vector, n, None if mask is None else np.flatnonzero(mask))

    def _is_cheaper(self, rows: int, wanted: int) -> bool:
        """Whether to compare so many rows rather than to ask the index for windows: when that takes less, and else as
        long as all that was compared so comes to less than opening the index does. So one question never opens it."""
        if rows <= _A_RESULT * wanted:
            return True
        self._compared += rows
        return self._compared <= _WORTH_OPENING

    def _without_matrix(
        self, index: DenseIndex, vector: Vectors, n: int, filters: Filters | None, changes: _Changes
    ) -> Pairs:
        """The same for an index that only finds neighbours: what it finds is checked in the store."""

        def passed(ids: Sequence[str]) -> Mask:
            allowed = set(self._store.select(filters, among=list(dict.fromkeys(ids)))) if filters else set(ids)
            return np.array([i in allowed and i not in changes.ids for i in ids], dtype=np.bool_)

        left = index.chunks // 10 if filters else index.chunks
        found = _asked_for_more(index, vector, n, _wanted(n, left, index.chunks), passed)
        if found is not None:
            return found
        rows = self._store.vectors([i for i in self._store.select(filters or Filters()) if i not in changes.ids])
        return ExactIndex.of(rows).search(vector, n)

    # -- what changed ----------------------------------------------------------------------------------------------

    def _changes(self) -> _Changes:
        """What the index does not hold as it is now."""
        with self._guard:
            revision = self._store.revision
            if self._latest is None or self._latest.revision != revision:
                written, deleted = self._store.changed_since(self.revision)
                ids = frozenset([*written, *deleted])
                matrix = self.index.matrix if self.index is not None else None
                unchanged = None
                if matrix is not None and ids:
                    unchanged = np.ones(len(matrix), dtype=np.bool_)
                    unchanged[matrix.rows(ids)] = False
                self._latest = _Changes(revision, ids, ExactIndex.of(self._store.vectors(written)), unchanged)
            return self._latest


@dataclass(frozen=True, slots=True)
class _Changes:
    """Papers written or deleted since an index was built."""

    revision: int
    ids: frozenset[str]
    rows: ExactIndex
    """Of those written."""
    unchanged: Mask | None
    """Rows of the index's matrix that still hold; None when all do, or when it has none."""


def _both(one: Mask | None, other: Mask | None) -> Mask | None:
    return one & other if one is not None and other is not None else other if one is None else one


def _wanted(n: int, left: int, total: int) -> int:
    """Windows to ask for, where `left` of the `total` will do, so that `n` of those found probably do."""
    return int(n * total / max(left, 1) * _SPARE)


def _asked_for_more(
    index: DenseIndex, vector: Vectors, n: int, wanted: int, passed: Callable[[Sequence[str]], Mask]
) -> Pairs | None:
    """The nearest `n` windows that pass, of `wanted` at first; None where asking for ever more does not find them."""
    while True:
        wanted = min(wanted, index.chunks)
        if wanted > _PATIENCE and wanted > n * 2:
            return None
        found = index.search(vector, wanted)
        kept = [pair for pair, passes in zip(found, passed([i for i, _ in found]), strict=True) if passes]
        if len(kept) >= n or len(found) == index.chunks:
            return kept[:n]
        if len(found) < wanted:
            return None
        wanted *= 3
