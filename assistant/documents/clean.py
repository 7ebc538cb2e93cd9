"""Removes control characters and runs of white space from text."""

from __future__ import annotations

import re

_DROPPED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff]")
"""Control characters other than white space, lone surrogates and byte order marks."""


def clean(text: str) -> str:
    """The text on one line, with white space collapsed and without what `_DROPPED` matches."""
    line = text.replace("\n", " ").strip(" ")
    # All white space but the space is unprintable, and most texts are done here, in a third of the time.
    if line.isprintable() and "  " not in line:
        return line
    line = " ".join(text.split())
    return line if line.isprintable() else " ".join(_DROPPED.sub("", text).split())


def shorten(text: str, limit: int = 60) -> str:
    """The beginning of the text, for a message."""
    text = clean(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
