"""Finds contradictions between sentences of two abstracts.

It is precise rather than complete: the two must share most of their words. Figures are not compared, since two papers
may measure different figures and both be right.
"""

from __future__ import annotations

from assistant.text.stems import stem
from assistant.text.stop_words import GENERIC_WORDS
from assistant.text.words import Word, content_words, words
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
