"""When a question leans on the one before it: a rule that makes it stand alone, without a model."""

from __future__ import annotations

import re

_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|he|she|this|that|these|those|the (?:method|model|paper|authors?|approach|system|study|"
    r"work|dataset|framework)|same|one|ones|there|else|latter|former)\b|^(?:and|but|so|then|also|what about|how about|why|"
    r"how so|really)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Z]\w*[A-Z]|[A-Z]\w*\d|[a-z][A-Z]")
_SHORT = 4


def leans_on_history(question: str) -> bool:
    """True for a question that a stranger could not place: a pronoun, a connective start, or a few words and no name."""
    few = len(question.split()) <= _SHORT and not _NAME.search(question)
    return few or bool(_LEANS.search(question))


def standalone(question: str, title: str) -> str:
    """The question with the paper that the conversation is about."""
    return f"{question.rstrip()} (about “{title}”)"
