"""Text as it is stored: no control characters, no runs of white space. Knows nothing about fields or formats."""

from __future__ import annotations

import unicodedata

_SPACES = "\t\n\r\f\v\x1c\x1d\x1e\x1f\x85"


def clean(text: str) -> str:
    """The text on one line: white space folded, control characters, lone surrogates and byte order marks dropped."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(c for c in text if c in _SPACES or _kept(c)).split())


def _kept(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs") and character != "\ufeff"


def shorten(text: str, limit: int = 60) -> str:
    """The text's beginning, for a message."""
    text = clean(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
