"""Derives from the highest score whether the question is outside the library, unmatched or matched."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Passage, Reason

_OUTSIDE, _NOTHING = 0.11, 0.14
"""Score of the best paper (half its cosine, half the share of the question that it matches) below which a question is
outside the library, or nothing in it matches. Among the dev questions, the highest from elsewhere scores .12 and the
lowest answerable one .165."""
_SURE_MATCH = 0.25
"""Score from which the paper is surely meant: nine in ten of the dev questions score higher, lay paraphrases aside."""

_IN_FIELD_TERMS = 0.23
"""Share of the question that some paper matches, from which it is asked in the words of the field. Of the dev questions, all
17 in everyday words match less, and none of the 71 about figures, methods and several papers does; on the test split, 17 of
18 and 1 of 69."""


def is_sure(passages: Sequence[Passage]) -> bool:
    """Whether a paper has enough of the question's own words to be the right one, whatever else is searched for."""
    return max((p.bm25 or 0.0 for p in passages), default=0.0) >= _IN_FIELD_TERMS


def off_topic(passages: Sequence[Passage]) -> Reason | None:
    """Why even the best match has nothing to do with the question, or None when it may."""
    best = max((p.score for p in passages), default=0.0)
    if best < _OUTSIDE:
        return "outside_corpus" if passages else "no_match"
    return "no_match" if best < _NOTHING else None


def relevance(score: float) -> float:
    """How surely a paper with this score is meant (0 to 1): rises from 0 at `_OUTSIDE` to 1 at `_SURE_MATCH`.

    Whether an abstract states the answer is judged as if it were the right one; a weak match often is not.
    """
    return min(1.0, max(0.0, (score - _OUTSIDE) / (_SURE_MATCH - _OUTSIDE)))
