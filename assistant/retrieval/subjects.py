"""Finds the retrieved papers that a question is about: those that it names, and those that alone match a part of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.index.manager import IndexManager
from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.named_titles import named_titles, short_names
from assistant.types import Filters, Passage

_OWN_SHARE, _OWN_SHARE_WHEN_SURE, _OWN_SHARE_OF_UNNAMED = 0.15, 0.1, 0.25
"""Share of the question that a further paper must match, beyond those before it, to be a second subject of it."""
_RARE = 3
"""Papers in which a word may occur that names one of them."""
_MOST_SUBJECTS = 3
_AGAIN = 3


class SubjectFinder:
    """Finds the subjects of a question among the papers retrieved for it."""

    def __init__(self, indexes: IndexManager, retriever: HybridRetriever) -> None:
        self._indexes = indexes
        self._retriever = retriever

    def named(self, question: str, passages: Sequence[Passage]) -> list[Passage]:
        """The papers that the question names: by their title, by a rare word of it, or by a short name that their abstract
        introduces in brackets, as in "Matryoshka Representation Learning (MRL)"."""
        bm25 = self._indexes.bm25
        by_title = named_titles(question, {p.paper.paper_id: p.paper.title for p in passages}, bm25)
        for title in by_title.values():  # the words of a title that is named do not name other papers as well
            question = re.sub(re.escape(title), " ", question, flags=re.IGNORECASE)
        rare = bm25.rare(question, _RARE)
        titles = bm25.coverage(question, [p.paper.title for p in passages])
        short = [w for w in short_names(question) if bm25.rare(w, _RARE)]
        return [
            p
            for p, stems in zip(passages, titles, strict=True)
            if p.paper.paper_id in by_title or rare & stems.keys() or any(f"({w})" in p.paper.abstract for w in short)
        ]

    def subjects(
        self, question: str, passages: Sequence[Passage], sure: bool, filters: Filters | None
    ) -> list[Passage]:
        """The papers that the question is about: the best one, and those that alone match a part of it. Named ones first.

        "How small are the networks in A and in B?" is about two papers, and each matches its own half. When the
        wording is `sure` to mean several, the part that the first leaves unmatched is searched for by itself, and the
        second best paper is taken as well. Otherwise, when the question names papers, an unnamed one has to match more.
        """
        named = self.named(question, passages)
        found = list((named or passages)[:1])
        while found and len(found) < _MOST_SUBJECTS:
            left = self._unmatched(question, found)
            again = self._searched_again(" ".join(left), passages, filters) if sure and left else []
            known = {p.paper.paper_id for p in found}
            candidates = [p for p in (*passages, *again) if p.paper.paper_id not in known]
            matched = self._indexes.bm25.coverage(question, [_text(p) for p in candidates])
            own = [sum(left.get(stem, 0.0) for stem in stems) for stems in matched]
            best = max(range(len(candidates)), key=lambda i: (own[i], -i), default=-1)
            unnamed = bool(named) and best >= 0 and candidates[best] not in named
            least = _OWN_SHARE_WHEN_SURE if sure else _OWN_SHARE_OF_UNNAMED if unnamed else _OWN_SHARE
            if best < 0 or own[best] < least:
                break
            found.append(candidates[best])
        runner_up = [p for p in passages[:2] if p not in found] if sure else []
        return sorted([*found, *runner_up][:_MOST_SUBJECTS], key=lambda p: p not in named)

    def _searched_again(self, words: str, passages: Sequence[Passage], filters: Filters | None) -> list[Passage]:
        """Papers that match these words; their scores are for these words alone, so they rank behind the others."""
        filters = replace(filters, pinned=()) if filters is not None else None
        return [replace(p, score=passages[-1].score) for p in self._retriever.search(words, _AGAIN, filters).passages]

    def _unmatched(self, question: str, passages: Sequence[Passage]) -> dict[str, float]:
        """The question's stems that none of the papers has, with their shares of its weight."""
        weights = self._indexes.bm25.weights(question)
        covered = {s for stems in self._indexes.bm25.coverage(question, [_text(p) for p in passages]) for s in stems}
        return {stem: weight for stem, weight in weights.items() if stem not in covered}


def _text(passage: Passage) -> str:
    return f"{passage.paper.title} {passage.paper.abstract}"
