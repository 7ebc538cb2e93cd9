"""Reduces English words to stems, which are only ever compared with other stems of the same kind.

There are two rules because two fitted models depend on them: the word weights of `verification/support.json` are keyed
by the stems of `stem`, and the coefficients of the answerability model were fitted on those of `strip_suffix`. A change
to a rule needs a new fit. The BM25 index has a third one, tantivy's Snowball stemmer.
"""

from __future__ import annotations

from functools import lru_cache

_SUFFIXES = tuple(
    """izations isations ization isation ational fulness ousness iveness ations ation ically ingly edly ments ment ness
    ities ity ings ing ions ion iers ier ies ied ers er ors or ive ively able ible ed es ally al ly s e y""".split()
)
_QUESTION_SUFFIXES = tuple(
    """izations ization ations ation ings ing ments ment ities ity ness ions ion ers er ors or ies ied ally ly als al
    ives ive ized ised ize ise ed es s e y""".split()
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of a lower-case word: one suffix off, a doubled last consonant made single, a last e, i or y off."""
    if len(word) <= 3 or not word.isalpha():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= (3 if len(suffix) <= 3 else 4):
            word = word[: -len(suffix)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] in "eyi" else word


def strip_suffix(word: str) -> str:
    """The lower-case word without its first suffix that leaves three letters; the answerability model's stem."""
    word = word.lower()
    for suffix in _QUESTION_SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)]
    return word
