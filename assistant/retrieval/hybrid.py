"""Hybrid search: ranks the papers of a library by the fused scores of the dense and the BM25 retriever, then orders the
best of them by their titles and single words as well."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.embeddings.embedders import encode_question
from assistant.embeddings.word_states import TextWords
from assistant.errors import LibraryError
from assistant.index.manager import IndexManager
from assistant.library.library import Library
from assistant.retrieval.bm25 import BM25Retriever
from assistant.retrieval.dense import DenseRetriever
from assistant.retrieval.fusion import average, fuse
from assistant.retrieval.late_interaction import closeness, reorder
from assistant.retrieval.named_titles import named_first, short_names
from assistant.types import Embedder, Filters, Passage, Vectors

_LOG = logging.getLogger(__name__)
_CHUNKS = 150
"""Chunks asked of the dense retriever: about fifty papers."""
_PAPERS = 200
"""Papers asked of the BM25 retriever: more than its best, so that few papers found by the dense retriever alone are taken
to match no word. nDCG@10 on SciFact (train) is .743 with 60, .744 with 100, .745 with 200; a dense share above .5 gives
less."""
_READ = 20
"""Papers of the fused list whose words are compared with the question's. With 50, SciFact (train) gains .001 at most."""
_TITLES = 50
"""Papers of the fused list among whose titles the question's are looked for."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The best papers of a search, best first, and notes for the user about a retriever that failed."""

    passages: list[Passage]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scored:
    """A text's vector and words, and the papers that each retriever found for it."""

    vector: Vectors
    words: TextWords | None
    dense: dict[str, float]
    bm25: dict[str, float]
    notes: tuple[str, ...]


class HybridRetriever:
    """Searches one library with both retrievers."""

    def __init__(self, library: Library, indexes: IndexManager, embedder: Embedder, dense_weight: float) -> None:
        self._library = library
        self._indexes = indexes
        self._bm25 = BM25Retriever(library.store, indexes)
        self._dense = DenseRetriever(library.store, indexes)
        self._embedder = embedder
        self._dense_weight = dense_weight

    def search(self, question: str, n: int, filters: Filters | None = None, wording: str = "") -> Retrieved:
        """The best `n` papers, pinned ones among them.

        `wording` says the same in other words and counts as much as the question; it raises scores and lowers none. Raises
        EmbeddingError, and LibraryError when another embedder prepared the library.
        """
        self._open()
        store = self._library.store
        pinned = store.pinned(filters)
        headed = self._headed(question, filters)
        found = self._score(question, filters, [*pinned, *headed])
        ranked = self._fused(found)
        scores = dict(ranked)
        if wording:
            further = self._score(wording, filters, [*found.dense])
            found.dense.update(self._dense.exact(found.vector, [i for i in further.dense if i not in found.dense]))
            ranked = average(self._fused(found), self._fused(further))
            scores = {i: max(score, scores.get(i, 0.0)) for i, score in ranked}
        if found.dense and found.bm25 and 0 < self._dense_weight < 1:  # otherwise one retriever decides alone
            ranked = self._refined(question, found.words, ranked, headed)
        best = _best(ranked, n, pinned)
        papers = {p.paper_id: p for p in store.papers([i for i, _ in best])}
        passages = [
            Passage(papers[i], round(scores[i], 6), found.dense.get(i), found.bm25.get(i))
            for i, _ in best
            if i in papers
        ]
        return Retrieved(passages, found.notes)

    def candidates(self, text: str, n: int, filters: Filters | None = None) -> list[str]:
        """Ids of the papers that either search finds among its best `n` (words) and the papers of its `n` best chunks.
        Raises as `search` does."""
        self._open()
        bm25, _ = self._bm25.search(text, n, filters)
        vector, _ = encode_question(self._embedder, text)
        dense, _ = self._dense.search(vector, n, filters)
        return list(dict.fromkeys([*bm25, *dense]))

    def _headed(self, question: str, filters: Filters | None) -> list[str]:
        """Papers that pass the filters and whose title begins with a short name of the question: as a word, such as POINTS,
        it may be too common to find them."""
        names = short_names(question)
        found = self._library.store.headed(names) if names else []
        return self._library.store.select(filters, found) if found and filters is not None else found

    def _open(self) -> None:
        """Opens the indexes. Raises LibraryError when another embedder prepared the library."""
        if self._library.is_stale():
            raise LibraryError(
                f"the library {self._library.home} was prepared by another embedding model or chunking than the settings "
                "name; run `assistant rebuild` to prepare it again, or set them back"
            )
        self._indexes.open()

    def _fused(self, scored: _Scored) -> list[tuple[str, float]]:
        return fuse(scored.dense, scored.bm25, self._dense_weight)

    def _score(self, text: str, filters: Filters | None, papers: Sequence[str]) -> _Scored:
        """What both retrievers find for a text; these papers have a cosine in any case."""
        bm25, notes = self._bm25.search(text, _PAPERS, filters)
        vector, words = encode_question(self._embedder, text)
        dense, more_notes = self._dense.search(vector, _CHUNKS, filters)
        dense |= self._dense.exact(vector, [i for i in dict.fromkeys([*bm25, *papers]) if i not in dense])
        return _Scored(vector, words, dense, bm25, notes + more_notes)

    def _refined(
        self, question: str, words: TextWords | None, fused: list[tuple[str, float]], headed: Sequence[str]
    ) -> list[tuple[str, float]]:
        """The papers, with their fused scores, in the order of titles and words as well."""
        store = self._library.store
        try:
            if words is not None:
                stored = store.words.get([i for i, _ in fused[:_READ]])
                fused = reorder(fused, closeness(words, self._indexes.bm25.word_weights(words.words), stored))
            titles = store.titles(list(dict.fromkeys([*(i for i, _ in fused[:_TITLES]), *headed])))
            return named_first(question, fused, titles, self._indexes.bm25)
        except LibraryError as error:
            _LOG.warning("%s; ranking without single words", error)
            return fused


def _best(ranked: Sequence[tuple[str, float]], n: int, pinned: Sequence[str]) -> list[tuple[str, float]]:
    """The first `n`; the last of them give way to pinned papers."""
    free = max(0, n - len(pinned))
    rest = [paper_id for paper_id, _ in ranked if paper_id not in pinned][:free]
    chosen = {*pinned, *rest}
    return [pair for pair in ranked if pair[0] in chosen]
