"""Spells out what is typed carelessly in a question about the library, in the few words by which it is recognized."""

from __future__ import annotations

import re

_SHORT = (
    (r"\b(?:nr|no|num|#)\.?\s+(?:of\s+)?(?=papers\b|articles\b|publications\b|abstracts\b)", "number of "),
    (r"\b(papers|works|articles|they|which|what|there|these|those|how many)\s+r\b", r"\1 are"),
    (r"\b(do|can|could|have|are|did)\s+u\b", r"\1 you"),
    (r"\b(?:pls|plz|plse)\b\.?", "please"),
    (r"\babt\b\.?", "about"),
    (r"\bbtw\b\.?(?=\s+\d)", "between"),
    (r"\b(what|who|where|when|how)s\b(?=\s+(?:the|in|new|this|here|that|there|it)\b)", r"\1 is"),
    (r"\b(do|does|is|are|have|has|was|were)nt\b", r"\1n’t"),
    (r"\bw/o\b", "without"),
    (r"\bw/(?=\s|\w)", "with "),
    (r"\b(papers|works|articles)\s+form\s+(?=\d|the\s+(?:last|year))", r"\1 from "),
    (r"\bhw\s+many\b|\bhow\s+mny\b|\bhowmany\b", "how many"),
    (r"\bwich\b|\bwhcih\b", "which"),
    (r"\bsummari[sz]ation of (?=the (?:library|papers|collection)\b)", "summary of "),
)
_COMPILED = [(re.compile(pattern, re.IGNORECASE), said) for pattern, said in _SHORT]
_WORDS = """papers paper about which authors author newest latest oldest recent published publications library collection
    summarise summarize overview compare surveys articles abstracts between""".split()
"""The words by which such questions are recognized; of each, the misspellings are known that are words of no language."""
_SHORTEST = 5


def spelled_out(question: str) -> str:
    """The question with abbreviations of common words spelled out, and with slips of the keyboard in them corrected.

    Names and terms stay as they are: only small letters are read, and only words that these questions are made of result.
    """
    for pattern, said in _COMPILED:
        question = pattern.sub(said, question)
    return re.sub(r"(?<![\w-])[a-z]{4,14}(?![\w-])", lambda m: _SLIPS.get(m[0], m[0]), question)


def _slips(word: str) -> set[str]:
    """The word with one letter left out, doubled, or swapped with the next one; the first letter is right."""
    inner = range(1, len(word))
    left_out = {word[:i] + word[i + 1 :] for i in inner if i < len(word) - 1}
    doubled = {word[:i] + word[i] + word[i:] for i in inner}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1)}
    return {slip for slip in left_out | doubled | swapped if len(slip) >= _SHORTEST - 1} - set(_WORDS)


_OTHER_WORDS = frozenset("abut aper autor autors lates pares papes summaries".split())
"""Slips that are words of their own."""
_SLIPS = {slip: word for word in _WORDS for slip in _slips(word) if slip not in _OTHER_WORDS}
