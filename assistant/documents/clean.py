"""Text as it is stored: no control characters, no runs of white space. Knows nothing about fields or formats."""

from __future__ import annotations

import re

_DROPPED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")
"""Control characters that are no white space, lone surrogates, byte order marks."""


def clean(text: str) -> str:
    """The text on one line: white space folded, control characters, lone surrogates and byte order marks dropped."""
    return " ".join(_DROPPED.sub("", text).split())


def shorten(text: str, limit: int = 60) -> str:
    """The text's beginning, for a message."""
    text = clean(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
