"""Finds abstracts that contradict what an answer cites, so that it shows both instead of picking one.

It is precise rather than complete: two sentences must share most of their words. Figures are not compared, since two
papers may measure different figures and both be right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.text import sentences
from assistant.text.stems import stem
from assistant.text.stop_words import GENERIC_WORDS
from assistant.text.words import Word, content_words, words
from assistant.types import Citation, Evidence, Passage
from assistant.verification.grounding import GroundedSentence, evidence
from assistant.verification.negation import negated_stems, opposites

_SHARED = 4
"""Fewest content words that two sentences about the same thing have in common."""
_SHARED_RATIO = 0.5
"""Smallest share of the shorter sentence's content words that they have in common."""
_SHARED_CONTEXT = 2
"""Fewest words that two opposite words have in common around them."""
_EFFECTS = frozenset(
    map(
        stem,
        """improve improves improvement enhance enhances boost boosts gain degrade degrades degradation worsen worsens hurt
        hurts harm harms harmful detrimental impair deteriorate help helps beneficial helpful increase increases decrease
        decreases reduce reduces raise lower drop better worse superior inferior outperform outperforms underperform
        underperforms exceed surpass necessary needed required essential crucial sufficient insufficient matter matters
        robust vulnerable brittle effective ineffective stable unstable faster slower mitigate mitigates exacerbate
        alleviate amplify preserve destroy enable prevent work works hold holds generalize generalise transfer
        correlate correlates affect affects suffer suffers""".split(),
    )
)
"""Words for an effect. Other opposites (`labelled` data, a `low` rank) tell settings apart, not findings."""
_RELEVANT = 0.5
"""Share of the best paper's score from which another paper is relevant to the question."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A disagreement between two abstracts."""

    note: str
    quote: GroundedSentence | None
    """The sentence to show for it; None when the answer cites it already."""


def disagreements(citations: Sequence[Citation], passages: Sequence[Passage]) -> Iterator[Disagreement]:
    """At most one per pair of papers: first among the cited ones, then against the other retrieved papers."""
    noted: set[tuple[str, str]] = set()
    for one, other in combinations(citations, 2):
        if (one.paper_id, other.paper_id) not in noted and (note := _note(one, other)):
            noted.add((one.paper_id, other.paper_id))
            yield Disagreement(note, None)
    cited = {c.paper_id for c in citations}
    for passage in passages:
        if passage.paper.paper_id not in cited and passage.score >= _RELEVANT * passages[0].score:
            yield from _against(citations, passage)


def _against(citations: Sequence[Citation], passage: Passage) -> Iterator[Disagreement]:
    for span in sentences.split(passage.paper.abstract):
        found = evidence(passage.paper, span)
        for citation in citations:
            if note := _note(citation, found):
                yield Disagreement(note, GroundedSentence(found.quote, (found,), "supported"))
                return


def _note(one: Citation, other: Citation | Evidence) -> str:
    words = disagree(one.quote, other.quote) if one.paper_id != other.paper_id else None
    return f"The abstracts disagree: “{words[0]}” in “{one.title}”, “{words[1]}” in “{other.title}”." if words else ""


def disagree(one: str, other: str) -> tuple[str, str] | None:
    """The words in which the two sentences contradict each other, or None."""
    ours, theirs = _topic(one), _topic(other)
    shared = ours & theirs
    if len(shared) < _SHARED or len(shared) < _SHARED_RATIO * min(len(ours), len(theirs)):
        return None
    found = opposite_words(one, other)
    if found and all(stem(word.lower()) in _EFFECTS for word in found):
        return found
    return _denied(one, other)


def opposite_words(one: str, other: str) -> tuple[str, str] | None:
    """A directional word of `one` and its opposite in `other` with much the same words around it, or None."""
    ours, theirs = words(one), words(other)
    left, right = {w.lower for w in ours}, {w.lower for w in theirs}
    for i, word in enumerate(ours):
        against = opposites().get(word.lower, frozenset())
        if not against or word.lower in right:
            continue
        for j, found in enumerate(theirs):
            near = len(_context(ours, i) & _context(theirs, j)) >= _SHARED_CONTEXT
            if near and found.lower in against and found.lower not in left:
                return word.text, found.text
    return None


def _denied(one: str, other: str) -> tuple[str, str] | None:
    """An effect that both mention and only one of them denies, or None."""
    mine, yours = negated_stems(one), negated_stems(other)
    ours, theirs = ({w.stem: w.text for w in words(text)} for text in (one, other))
    for found in sorted((mine ^ yours) & ours.keys() & theirs.keys() & _EFFECTS):
        word = ours[found]
        return (f"not {word}", word) if found in mine else (word, f"not {word}")
    return None


def _topic(text: str) -> frozenset[str]:
    return frozenset(
        w.stem for w in content_words(words(text)) if w.lower not in GENERIC_WORDS and w.lower not in opposites()
    )


def _context(tokens: tuple[Word, ...], at: int) -> frozenset[str]:
    near = content_words([*tokens[max(0, at - 5) : at], *tokens[at + 1 : at + 6]])
    return frozenset(w.stem for w in near)
