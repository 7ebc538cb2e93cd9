"""Tells whether a shown text repeats a text, or does what it demands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_IN_A_ROW = 5
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(
    r"(?i)\b(?:https?://|www\.)[^\s<>\"')\]]+|\b[\w.+-]+@[\w-]+\.\w[\w.-]*|\b[\w-]+(?:\.[\w-]+)*\.(?:com|example|org|net|io|test|invalid)\b|\+?\d[\d ()/-]{7,}\d"
)
_QUOTED = re.compile(r"[\"“”«]([^\"“”«»]{3,40})[\"“”»]")

Run = tuple[str, ...]


class Overlap:
    """Compares shown texts with one text; what honest texts hold as well proves nothing."""

    def __init__(self, text: str, honest: frozenset[Run] = frozenset(), honest_text: str = "") -> None:
        """`honest`: the runs of words of texts that may be shown; `honest_text`: these texts, folded."""
        self._runs = runs(text) - honest
        found = [*_ADDRESS.findall(text), *_QUOTED.findall(text)]
        self._demands = {d for x in found if (d := folded(x).strip(" .,;:!?")) and d not in honest_text}

    def repeated(self, shown: str) -> bool:
        """Whether five words in a row of the text are shown, or all of a shorter one."""
        return any(run in self._runs for length in {len(r) for r in self._runs} for run in _runs(_words(shown), length))

    def followed(self, shown: str) -> bool:
        """Whether a link, address, telephone number or quoted phrase of the text is shown."""
        low = folded(shown)
        return any(demand in low for demand in self._demands)


def runs(text: str) -> frozenset[Run]:
    """Each five words in a row; all words of a shorter text."""
    words = _words(text)
    return frozenset(_runs(words, min(_IN_A_ROW, len(words))))


def runs_of(texts: Iterable[str]) -> frozenset[Run]:
    """The runs of several texts, those of fewer than five words at every length, so that short texts compare as well."""
    return frozenset(run for text in texts for n in range(1, _IN_A_ROW + 1) for run in _runs(_words(text), n))


def folded(text: str) -> str:
    """The text as it is compared: compatibility forms, in lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text))


def _runs(words: list[str], length: int) -> Iterable[Run]:
    return (tuple(words[i : i + length]) for i in range(len(words) - length + 1)) if length else ()
