"""Recognizes greetings, thanks and questions about the assistant itself, which no abstract answers."""

from __future__ import annotations

import re

_COURTESY = re.compile(
    r"\W*(?:\b(?:(?:hi|hello|hey|greetings|good (?:morning|afternoon|evening|day|night)|bye|goodbye|cheers|welcome)(?: there| all)?"
    r"|(?:many |ok |okay )?(?:thanks|thank you|thx)\b.{0,40}"
    r"|(?:hey |hi |hello )?(?:so )?how (?:are you|is it going|are things|(?:is|was) your \w+(?: going)?)(?: today| doing)?"
    r"|(?:what|who) (?:are|can) you(?: able to)?(?: do)?|what is your name|can you help(?: me)?|help"
    r"|(?:(?:that|this|it)(?: was| is|[’']s) )?(?:very |really |so |just )?"
    r"(?:helpful|great|good|nice|useful|interesting|perfect|awesome|cool|wonderful|excellent|brilliant|lovely|fantastic)(?: (?:answer|work|job|one))?"
    r"|(?:ok|okay|alright|got it|i see|understood|(?:that )?makes sense|much appreciated|i appreciate (?:it|that|your help)|"
    r"that(?:[’']s| is) (?:all|it)(?: for (?:now|today))?)"
    r"|tell me (?:a joke|something|about yourself|a story)\b.{0,30}|say something\b.{0,20})\b\W*)+",
    re.IGNORECASE,
)


def is_courtesy(question: str) -> bool:
    """True when the text holds nothing but courtesies; a greeting before a real question does not count."""
    parts = [p for p in re.split(r"[,.!?;]+", question) if p.strip()]
    return bool(parts) and all(_COURTESY.fullmatch(p) for p in parts)
