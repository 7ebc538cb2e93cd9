"""Replies to courtesies: kindly, and with what can be asked."""

from __future__ import annotations

import re

_THANKS = re.compile(r"\b(?:thanks|thank you|thx|cheers|helpful|great|good|nice|useful)\b", re.IGNORECASE)
_BYE = re.compile(r"\b(?:bye|goodbye|good night)\b", re.IGNORECASE)
_GOOD_DAY = re.compile(r"\bgood (?:morning|afternoon|evening|day|night)\b", re.IGNORECASE)


def reply(said: str, papers: int) -> str:
    """A friendly line; `papers` is the number of abstracts that can be asked about."""
    if _BYE.search(said):
        return "Goodbye! Your papers will be here when you come back."
    ask = f"a figure, a method, a comparison, or which of the {papers} papers deal with a subject"
    if _THANKS.search(_GOOD_DAY.sub("", said)):
        return f"You are welcome! Ask on whenever you like: {ask}."
    return (
        f"Hello! I answer questions from the abstracts in your library and quote what they say. Ask me about {ask}; "
        "you can refer to an answer with “[1]”, “the second paper” or “another one on this”."
    )
