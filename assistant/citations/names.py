"""Splits the names of authors into the parts that reference managers keep apart."""

from __future__ import annotations

import re
from typing import NamedTuple

_SUFFIX = re.compile(r"(?:jr|sr)\.?|i{2,3}|iv", re.IGNORECASE)
_PARTICLES = frozenset(
    "af al d da das de del della den der des di do dos du el la le ten ter van vom von zu zum zur".split()
)
_INSTITUTION = re.compile(
    r"\b(?:academy|agency|alliance|association|center|centre|college|collaboration|commission|committee|company|consortium|"
    r"council|department|foundation|group|initiative|institut[eo]?|laborator(?:y|ies)|ministry|network|office|"
    r"organi[sz]ation|project|research|school|society|team|trial|universit\w+)\b",
    re.IGNORECASE,
)


class Name(NamedTuple):
    """A person's name in parts; an institution, or a name of one word, has a family name alone."""

    given: str
    family: str
    suffix: str


def split_name(author: str) -> Name:
    """The parts of `First Last` or `First van Last Jr`."""
    words = author.split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2 or "," in author or _INSTITUTION.search(author):
        return Name("", author, "")
    at = len(words) - 1
    while at > 1 and words[at - 1].lower() in _PARTICLES:
        at -= 1
    return Name(" ".join(words[:at]), " ".join(words[at:]), suffix)
