"""Finds papers by the words of a question."""

from __future__ import annotations

from dataclasses import replace

from assistant.index.bm25 import BM25Index
from assistant.index.manager import IndexManager
from assistant.library.store import Store
from assistant.retrieval.scores import Scores, search_or_heal
from assistant.types import Filters

_NOTE = "keyword search failed, so only similarity was searched; run: assistant rebuild"


class BM25Retriever:
    """BM25 over one library; an index that fails is replaced, and a second failure costs no answer."""

    def __init__(self, store: Store, indexes: IndexManager) -> None:
        self._store = store
        self._indexes = indexes

    def search(self, question: str, n: int, filters: Filters | None = None) -> Scores:
        """The share of the question's weight that each of the best `n` papers matches, pinned ones included."""

        def search(index: BM25Index) -> dict[str, float]:
            found = index.search(question, n, filters, self._among(filters))
            if filters is not None and filters.restrict and index.revision != self._store.revision:
                # Another program is writing, and the index is a step behind.
                passing = {*self._store.select(filters, among=list(found)), *filters.pinned}
                found = {i: score for i, score in found.items() if i in passing}
            return found

        return search_or_heal(lambda: self._indexes.bm25, self._indexes.replace_bm25, search, _NOTE)

    def _among(self, filters: Filters | None) -> list[str] | None:
        """The papers that pass, where the filters ask for more than the index knows."""
        if filters is None or not replace(filters.conditions, year_from=None, year_to=None, sources=()).restrict:
            return None
        return self._store.select(filters.conditions)
