"""When does a question lean on those before it? Cues in its wording, and the words that make it stand alone.

Knows nothing about papers beyond their titles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text.names import MIXED_CASE_NAME

_GENERIC = r"(?:method|model|paper|author|approach|system|study|work|dataset|framework|network|technique)"
_PRONOUN = re.compile(
    rf"""\b(?:it|its|itself|they|them|their|theirs|he|she|his|her|this|these|those|the\ same|the\ former|the\ latter
    |(?:this|these|those|the)\ (?:first|second|third|other|last)?\ ?{_GENERIC}s?(?=\s*[?.,;]|\s*$|['’]s|\s+(?!on|of|that|which|about|with|by|from)\w+\b)
    |that(?=\s*[?.,;]|\s*$|\s+{_GENERIC}\b)
    |(?<=\bdoes\ )that|(?<=\bdid\ )that|(?<=\bis\ )that|(?<=\bwas\ )that|(?<=\bcan\ )that|(?<=\bwould\ )that|(?<=\bwhy\ )that
    |there(?=\s*[?.,;]|\s*$)|else|(?:which|that|this|other|first|second|last)\ ones?
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DUMMY = re.compile(
    r"\b(?:is|was|would|makes?|be|find) it (?:\w+ly )?(?:possible|true|necessary|useful|better|enough|hard|easy|common|"
    r"worth|known|harmful|safe|important|feasible|beneficial)\b",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"^\W*(?:and|but|so|then|also|or|what about|how about|why|how so|really|what else)\b", re.IGNORECASE
)
_SEVERAL = re.compile(r"\b(?:they|them|their|both|these|those|each of|which one|compare)\b", re.IGNORECASE)
_AFTER_PREPOSITION = re.compile(r"\b(?:on|in|for|with|than|to|from|at|of|over)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cues:
    """What a question's wording says about what it leans on."""

    back: bool
    """Something in it points back: a pronoun, or a beginning that goes on from what was said."""
    before: str
    """What stands before the first pronoun, where a subject of the question's own would be; all of it without one."""
    several: bool
    """It speaks of several things."""
    names: tuple[str, ...]
    """Names in `before`, other than of a place or a comparison ("on ImageNet", "than BERT")."""


def cues(question: str) -> Cues:
    """The cues of a question."""
    dummies = [m.span() for m in _DUMMY.finditer(question)]
    pronouns = (m for m in _PRONOUN.finditer(question) if not any(a <= m.start() < b for a, b in dummies))
    first = next(pronouns, None)
    opener = _OPENER.match(question)
    before = question[opener.end() if opener else 0 : first.start() if first else len(question)]
    names = tuple(m[0] for m in MIXED_CASE_NAME.finditer(before) if not _AFTER_PREPOSITION.search(before[: m.start()]))
    return Cues(first is not None or opener is not None, before, bool(_SEVERAL.search(question)), names)


def standalone(question: str, titles: Sequence[str]) -> str:
    """The question with the papers that the conversation is about."""
    named = " and ".join(f"“{title}”" for title in titles)
    return f"{question.rstrip()} (about {named})"
