"""Greetings, thanks and questions about the assistant itself: no abstract answers them, however near one may seem."""

from __future__ import annotations

import re

_SMALL_TALK = re.compile(
    r"\W*(?:(?:hi|hello|hey|greetings|good (?:morning|afternoon|evening|day|night)|bye|goodbye|cheers|welcome)(?: there| all)?"
    r"|(?:many |ok |okay )?(?:thanks|thank you|thx)\b.{0,40}"
    r"|(?:hey |hi |hello )?(?:so )?how (?:are you|is it going|are things|(?:is|was) your \w+(?: going)?)(?: today| doing)?"
    r"|(?:what|who) (?:are|can) you(?: able to)?(?: do)?|what is your name|can you help(?: me)?|help"
    r"|(?:that|this|it) (?:was|is) (?:very |really )?(?:helpful|great|good|nice|useful)"
    r"|tell me (?:a joke|something|about yourself|a story)\b.{0,30}|say something\b.{0,20})\W*",
    re.IGNORECASE,
)


def is_small_talk(question: str) -> bool:
    """True where nothing but courtesies is said; a greeting before a real question does not count."""
    parts = [p for p in re.split(r"[,.!?;]+", question) if p.strip()]
    return bool(parts) and all(_SMALL_TALK.fullmatch(p) for p in parts)
