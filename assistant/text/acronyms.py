"""Finds where a text spells an acronym out: `Long Form (LF)`, `LF (long form)`, `LF, short for long form`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.text.words import normalize

_QUOTE = r"[\"“”'‘’]?"
_NAME = r"([A-Za-z][\w-]{1,11}?)s?"
_AFTER = re.compile(rf"((?:[\w'’]+[\s-]+){{0,9}}?[\w'’]+){_QUOTE}\s*\(\s*{_QUOTE}{_NAME}{_QUOTE}\s*[;,)]")
_BEFORE = re.compile(
    rf"\b{_NAME}{_QUOTE}\s*(?:\(\s*(?:short for\s+)?|,?\s+(?:is |which )?(?:short for|stands? for)\s+)"
    rf"{_QUOTE}((?:[\w'’]+[\s-]+){{1,9}}[\w'’]+)"
)
_SKIPPED = frozenset("of the and for a in with".split())


def expansions(text: str) -> list[tuple[str, str]]:
    """The pairs (acronym, long form) in the text, in order for each way of writing them."""
    text, found = normalize(text), list[tuple[str, str]]()
    for match in _AFTER.finditer(text):
        words = re.findall(r"[A-Za-z0-9]+", match[1])
        found += _pair(match[2], [words[-n:] for n in range(1, len(words) + 1)])
    for match in _BEFORE.finditer(text):
        words = re.findall(r"[A-Za-z0-9]+", match[2])
        found += _pair(match[1], [words[:n] for n in range(2, len(words) + 1)])
    return found


def _pair(short: str, runs: Sequence[list[str]]) -> Iterable[tuple[str, str]]:
    """The acronym with the first run of words whose first letters it has, else which has its letters in their order."""
    letters = re.sub(r"[^a-z]", "", short.lower())
    begun = (words for words in runs if letters and letters in _initials(words))
    ordered = (words for words in runs if letters and len(words) > 1 and _has_in_order(words, letters))
    long = next(begun, None) or next(ordered, None)
    return [(short, " ".join(long))] if long else []


def _initials(words: list[str]) -> tuple[str, str]:
    """The first letters of the words, of all and of those that acronyms count."""
    first = [w for w in words if w.lower() not in _SKIPPED or w is words[0]]
    return "".join(w[0] for w in words).lower(), "".join(w[0] for w in first).lower()


def _has_in_order(words: list[str], letters: str) -> bool:
    """Whether the letters stand in the words in their order, the first at the start, and no word has none to spare."""
    rest = iter("".join(words).lower())
    return words[0][0].lower() == letters[0] and len(letters) >= len(words) and all(c in rest for c in letters)
