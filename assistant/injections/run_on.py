"""Cuts a sentence into those that were run into it, as where a planted text lacks its full stop; the whole hides its parts."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.text.words import content_words, words
from assistant.types import Span

_CUT = re.compile(r"(?<=[.!?…])\s+(?=\S)|(?<=[。！？])\s*(?=\S)|(?<=[^\s.!?…])\s+(?=[A-Z])")
_STOPS = ".!?…。！？"
_WORD = re.compile(r"[A-Za-z]+")
_SHORTEST = 12
"""Characters of a part; less tells nothing."""


def parts(text: str) -> list[Span]:
    """The parts of a sentence: behind each full stop, and before each word of no meaning of its own (`The`, `We`) that begins
    with a capital letter in its middle."""
    cuts = [0, *(m.end() for m in _CUT.finditer(text) if _begins(text, m)), len(text)]
    return [Span(a, b) for a, b in pairwise(cuts) if len(text[a:b].strip()) >= _SHORTEST]


def _begins(text: str, cut: re.Match[str]) -> bool:
    if text[cut.start() - 1] in _STOPS:
        return True
    word = _WORD.match(text, cut.end())
    return word is not None and not content_words(words(word[0]))
