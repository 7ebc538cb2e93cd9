"""Hides titles and quoted words from the rules that read a question, which would take their words for its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.query.holdings import Title

_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_VALUE = re.compile(r"\b(?:by|from|file|source|called|named|author|authors|category|categories|venue|journal|conference|in|at|of)\s+$", re.IGNORECASE)  # fmt: skip
HIDDEN = "\ua66e"
"""Stands for each character of a title, which no rule reads: a letter that no text has."""


def masked(question: str, titles: Sequence[Title]) -> str:
    """The question with titles, and quoted words that are no name of anything, made unreadable for the rules."""
    text = question
    for title in titles:
        text = text[: title.start] + HIDDEN * (title.end - title.start) + text[title.end :]
    for match in _QUOTED.finditer(text):
        if not _VALUE.search(text[: match.start()]) and HIDDEN not in match[0]:
            text = text[: match.start()] + HIDDEN * len(match[0]) + text[match.end() :]
    return text


def unmasked(topic: str, question: str, hidden: str) -> str:
    """The topic with what was hidden in it."""
    runs = [question[m.start() : m.end()] for m in re.finditer(f"{HIDDEN}+", hidden)]
    return re.sub(f"{HIDDEN}+", lambda m: next((run for run in runs if len(run) == len(m[0])), ""), topic)
