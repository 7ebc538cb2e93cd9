"""Cues in the wording of a question that it leans on those before it, and the wording that makes it stand alone."""

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
    """The cues in the wording of a question."""

    points_back: bool
    """The question holds a pronoun, or opens as a continuation of the conversation."""
    before_pronoun: str
    """The text before the first pronoun, where the question's own subject would stand; all of it without a pronoun."""
    is_plural: bool
    """The question speaks of several things."""
    names: tuple[str, ...]
    """Names in `before_pronoun`, except those of a setting or a comparison ("on ImageNet", "than BERT")."""


def cues_of(question: str) -> Cues:
    """Reads the cues off a question."""
    dummies = [m.span() for m in _DUMMY.finditer(question)]
    pronouns = (m for m in _PRONOUN.finditer(question) if not any(a <= m.start() < b for a, b in dummies))
    first = next(pronouns, None)
    opener = _OPENER.match(question)
    before = question[opener.end() if opener else 0 : first.start() if first else len(question)]
    names = tuple(m[0] for m in MIXED_CASE_NAME.finditer(before) if not _AFTER_PREPOSITION.search(before[: m.start()]))
    return Cues(first is not None or opener is not None, before, bool(_SEVERAL.search(question)), names)


def naming(question: str, titles: Sequence[str]) -> str:
    """The question followed by the titles of the papers that it is about."""
    named = " and ".join(f"“{title}”" for title in titles)
    return f"{question.rstrip()} (about {named})"
