"""Shows a text as a person would read it: what is hidden in characters that nobody sees, or that look like others."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")  # fmt: skip
_TAGS = {0xE0000 + code: code for code in range(0x20, 0x7F)}
"""Tag characters, which are never shown, spell ASCII."""
_LOOKALIKES = str.maketrans(
    "АВСЕНІЈКМОРЅТХУасеһіјорѕхуԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικηορτυνχγ",
    "ABCEHIJKMOPSTXYacehijopsxydqwABEZHIKMNOPTYXaiknoptuvxy",
)
"""Letters of Cyrillic and Greek that look like Latin ones (Unicode Technical Standard 39)."""
_MIXED = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0370-\u03ff\u0400-\u052f])\w{2,}\b")


def revealed(text: str) -> str:
    """The text in compatibility form, without invisible characters; words that mix alphabets are in Latin letters."""
    if text.isascii():
        return text
    shown = _INVISIBLE.sub("", text.translate(_TAGS))
    return _MIXED.sub(lambda word: word[0].translate(_LOOKALIKES), unicodedata.normalize("NFKC", shown))
