"""A question's ranking over one library: both legs side by side, each allowed to fail, fused and pooled to papers."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.core.library import Library
from assistant.errors import LibraryError
from assistant.retrieve import fuse
from assistant.settings import Settings
from assistant.types import Filters, Passage, Reason, Vectors

_LOG = logging.getLogger(__name__)
_WINDOWS = 150
"""Windows asked of the dense leg: about fifty papers."""
_PAPERS = 200
"""Papers asked of the lexical leg: more than its best, so that few that the dense leg finds are taken to match nothing.
nDCG@10 on SciFact (train) is .743 with 60, .744 with 100, .745 with 200; a share of the dense leg above .5 gives less."""
_OUTSIDE, _NOTHING = 0.11, 0.14
"""Score of the best paper (half its cosine, half the share of the question that it matches) below which a question is
outside the library, or nothing in it matches. On the dev questions the highest question from elsewhere has .12, the
lowest answerable one .165."""
_SURE_MATCH = 0.25
"""Score from which the paper is surely meant: nine in ten of the dev questions have more, lay paraphrases aside."""
_OWN_SHARE, _OWN_SHARE_WHEN_SURE, _OWN_SHARE_OF_STRANGER = 0.15, 0.1, 0.25
"""Share of the question that a further paper must match, beyond those before it, to be a second subject of it."""
_RARE = 3
"""Papers in which a word may occur that names one of them."""
_MOST_SUBJECTS = 3
_AGAIN = 3


class Search:
    """Hybrid search over one library."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._settings = settings

    def passages(self, question: str, n: int, filters: Filters | None, notes: list[str]) -> list[Passage]:
        """The best `n` papers, pinned ones among them; what went wrong with a leg is added to `notes`.

        Raises EmbeddingError, and LibraryError when both legs fail or the library was made by another embedder.
        """
        library = self._library
        self._refuse_stale()
        library.indexes.open()
        pinned = library.pinned(filters)
        lexical = self._lexical(question, filters, notes)
        vector = library.embedder.encode([question])[0]
        dense = self._dense(vector, filters, notes)
        dense |= library.indexes.exact(vector, [i for i in dict.fromkeys([*lexical, *pinned]) if i not in dense])
        ranked = _best(fuse(dense, lexical, self._settings.dense_weight), n, pinned)
        papers = {p.paper_id: p for p in library.store.papers([i for i, _ in ranked])}
        return [Passage(papers[i], round(score, 6), dense.get(i), lexical.get(i)) for i, score in ranked if i in papers]

    def off_topic(self, passages: Sequence[Passage]) -> Reason | None:
        """Why even the best papers have nothing to do with the question, or None when they may."""
        best = passages[0].score if passages else 0.0
        if best < _OUTSIDE:
            return "outside_corpus" if passages else "no_match"
        return "no_match" if best < _NOTHING else None

    def named(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        """The papers that the question names: by a rare word of their title, or by a short name that they give
        themselves in brackets, as in "Matryoshka Representation Learning (MRL)"."""
        rare = self._library.indexes.rare(question, _RARE)
        titles = self._library.indexes.coverage(question, [p.paper.title for p in passages])
        short = [w for w in re.findall(r"[\w+-]+", question) if sum(c.isupper() for c in w) > 1]
        return [
            p
            for p, stems in zip(passages, titles, strict=True)
            if rare & stems.keys() or any(f"({w})" in p.paper.abstract for w in short)
        ]

    def subjects(
        self, question: str, passages: Sequence[Passage], sure: bool, filters: Filters | None
    ) -> list[Passage]:
        """The papers that the question is about: the best one, and those that match a part of it that no other does.

        "How small are the networks in A and in B?" is about two papers, of which each matches its own half. Where the
        wording is `sure` of several, what the first leaves unmatched is searched for again by itself, and the second
        best paper is taken as well. Otherwise, where papers are named, one that is not has to match more. Named papers
        come first.
        """
        named = self.named(question, passages)
        found = list((named or passages)[:1])
        while found and len(found) < _MOST_SUBJECTS:
            left = self._unmatched(question, found)
            again = self._searched_again(" ".join(left), passages, filters) if sure and left else []
            known = {p.paper.paper_id for p in found}
            candidates = [p for p in (*passages, *again) if p.paper.paper_id not in known]
            matched = self._library.indexes.coverage(question, [_text(p) for p in candidates])
            own = [sum(left.get(stem, 0.0) for stem in stems) for stems in matched]
            best = max(range(len(candidates)), key=lambda i: (own[i], -i), default=-1)
            stranger = bool(named) and best >= 0 and candidates[best] not in named
            least = _OWN_SHARE_WHEN_SURE if sure else _OWN_SHARE_OF_STRANGER if stranger else _OWN_SHARE
            if best < 0 or own[best] < least:
                break
            found.append(candidates[best])
        runner_up = [p for p in passages[:2] if p not in found] if sure else []
        return sorted([*found, *runner_up][:_MOST_SUBJECTS], key=lambda p: p not in named)

    def _searched_again(self, words: str, passages: Sequence[Passage], filters: Filters | None) -> list[Passage]:
        """What matches these words; the scores are for the words alone, so these papers rank behind the others."""
        filters = replace(filters, pinned=()) if filters is not None else None
        return [replace(p, score=passages[-1].score) for p in self.passages(words, _AGAIN, filters, [])]

    def _unmatched(self, question: str, passages: Sequence[Passage]) -> dict[str, float]:
        """The question's stems that none of the papers has, with their shares of its weight."""
        weights = self._library.indexes.weights(question)
        covered = {s for stems in self._library.indexes.coverage(question, [_text(p) for p in passages]) for s in stems}
        return {stem: weight for stem, weight in weights.items() if stem not in covered}

    def _refuse_stale(self) -> None:
        if self._library.is_stale():
            raise LibraryError(
                f"the library {self._library.home} was prepared by another embedding model or chunking than the settings "
                "name; run `assistant rebuild` to prepare it anew, or set them back"
            )

    def _lexical(self, question: str, filters: Filters | None, notes: list[str]) -> dict[str, float]:
        try:
            return self._library.indexes.lexical(question, _PAPERS, filters)
        except LibraryError as error:
            _LOG.warning("%s", error)
            notes.append("keyword search failed, so only similarity was searched; run: assistant rebuild")
            return {}

    def _dense(self, vector: Vectors, filters: Filters | None, notes: list[str]) -> dict[str, float]:
        try:
            return self._library.indexes.dense(vector, _WINDOWS, filters)
        except LibraryError as error:
            _LOG.warning("%s", error)
            notes.append("similarity index failed, so keyword matches alone were compared; assistant doctor says why")
            return {}


def relevance(score: float) -> float:
    """How surely a paper of this score is meant (0-1): rises from nothing at `_OUTSIDE` to 1 at `_SURE_MATCH`.

    What an abstract states is judged as if it were the right one; a weak match is often not.
    """
    return min(1.0, max(0.0, (score - _OUTSIDE) / (_SURE_MATCH - _OUTSIDE)))


def _best(ranked: Sequence[tuple[str, float]], n: int, pinned: Sequence[str]) -> list[tuple[str, float]]:
    """The first `n`, of which the last ones give way to what is pinned."""
    free = max(0, n - len(pinned))
    rest = [paper_id for paper_id, _ in ranked if paper_id not in pinned][:free]
    kept = {*pinned, *rest}
    return [pair for pair in ranked if pair[0] in kept]


def _text(passage: Passage) -> str:
    return f"{passage.paper.title} {passage.paper.abstract}"
