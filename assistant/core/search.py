"""A question's ranking over one library: both legs side by side, each allowed to fail, fused and pooled to papers."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from assistant.core.library import Library
from assistant.errors import LibraryError
from assistant.retrieve import fuse
from assistant.settings import Settings
from assistant.types import Filters, Passage, Reason

_LOG = logging.getLogger(__name__)
_WINDOWS = 150
"""Windows asked of the dense leg: about fifty papers."""
_PAPERS = 60
"""Papers asked of the lexical leg."""
_OUTSIDE, _NOTHING = 0.14, 0.2
"""Score of the best paper (half its cosine, half the share of the question that it matches) below which a question is
outside the library, or nothing in it matches."""
_SHARE_OF_ITS_OWN = 0.2
"""Share of the question that a further paper must match, beyond those before it, to be a second subject of it."""


class Search:
    """Hybrid search over one library."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._settings = settings

    def passages(self, question: str, n: int, filters: Filters | None, notes: list[str]) -> list[Passage]:
        """The best `n` papers; what went wrong with a leg is added to `notes`. Raises EmbeddingError, and LibraryError
        when both legs fail or the library was made by another embedder."""
        library = self._library
        self._refuse_stale()
        library.open_indexes()
        allowed = library.allowed(filters)
        if allowed is not None and not allowed:
            return []
        lexical = self._lexical(question, allowed, notes)
        dense = self._dense(question, lexical, allowed, notes)
        ranked = fuse(dense, lexical, self._settings.dense_weight)[:n]
        papers = {p.paper_id: p for p in library.store.papers([i for i, _ in ranked])}
        return [
            Passage(papers[i], round(score, 6), dense.get(i), lexical.get(i)) for i, score in ranked if i in papers
        ]

    def off_topic(self, passages: Sequence[Passage]) -> Reason | None:
        """Why even the best papers have nothing to do with the question, or None when they may."""
        best = passages[0].score if passages else 0.0
        if best < _OUTSIDE:
            return "outside_corpus" if passages else "no_match"
        return "no_match" if best < _NOTHING else None

    def subjects(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        """The papers that the question is about: the best one, and those that match a part of it that no other does.

        "How small are the networks in A and in B?" is about two papers, of which each matches its own half.
        """
        texts = [f"{p.paper.title} {p.paper.abstract}" for p in passages]
        covered: set[str] = set()
        found: list[Passage] = []
        for passage, matched in zip(passages, self._library.coverage(question, texts), strict=True):
            own = sum(weight for stem, weight in matched.items() if stem not in covered)
            if not found or own >= _SHARE_OF_ITS_OWN:
                found.append(passage)
                covered |= matched.keys()
        return found

    def _refuse_stale(self) -> None:
        if self._library.is_stale():
            raise LibraryError(
                f"the library {self._library.home} was prepared by another embedding model or chunking than the settings "
                "name; run `assistant rebuild` to prepare it anew, or set them back"
            )

    def _lexical(self, question: str, allowed: list[str] | None, notes: list[str]) -> dict[str, float]:
        try:
            return self._library.lexical(question, _PAPERS, allowed)
        except LibraryError as error:
            _LOG.warning("%s", error)
            notes.append("keyword search failed, so only similarity was searched; run: assistant rebuild")
            return {}

    def _dense(
        self, question: str, lexical: dict[str, float], allowed: list[str] | None, notes: list[str]
    ) -> dict[str, float]:
        """The dense leg's scores, and exact ones for what only the lexical leg found."""
        vector = self._library.embedder.encode([question])[0]
        try:
            dense = self._library.dense(vector, _WINDOWS, allowed)
        except LibraryError as error:
            _LOG.warning("%s", error)
            notes.append("similarity index failed, so keyword matches alone were compared; run: assistant rebuild")
            dense = {}
        missing = [i for i in lexical if i not in dense]
        return dense | self._library.exact(vector, missing)


