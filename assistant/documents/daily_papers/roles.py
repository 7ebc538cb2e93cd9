"""Decides which units of a text are titles and which are abstracts.

A single line can often be either, so the roles of a whole sequence are chosen together, as those with the lowest cost
(Viterbi's algorithm).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Literal

from assistant.documents.daily_papers.paragraphs import ends_sentence

Role = Literal["title", "abstract", "more"]
"""`more` is another paragraph of the abstract before it."""

_TITLE_ALONE = 5.0
_ABSTRACT_ALONE = 6.0
_NEW_PARAGRAPH = 2.5
_AFTER_BREAK = 3.0
"""Costs in points of `prose_score`: a title without an abstract, an abstract without a title, a further paragraph, and
a break between a title and its abstract."""
_FIRST_WORDS = re.compile(r"(?:We|This|These|In this|In the|Our|Recent(?:ly)?|Although|Despite|While|However)\b")
_PLAIN_WORDS = re.compile(r"\b(?:we|is|are|was|were|has|have|our|this|that|it|can|which|these)\b")
_BY_LENGTH = ((60, -2.0), (100, -1.0), (140, 0.0), (200, 0.5), (300, 2.5), (450, 4.0))
"""Points of `prose_score` for a text shorter than so many characters."""


def roles(texts: Sequence[str], after_break: Sequence[bool]) -> list[Role]:
    """The role of each text.

    `after_break` says of each whether a new page begins before it, or the metadata of another paper ends there.
    """
    names: tuple[Role, ...] = ("title", "abstract", "more")
    # The first unit follows the end of an abstract that cannot continue.
    costs: dict[Role, float] = {"title": math.inf, "abstract": 0.0, "more": math.inf}
    back: list[dict[Role, Role]] = []
    for text, breaks in zip(texts, after_break, strict=True):
        prose = prose_score(text)
        new: dict[Role, float] = {}
        came: dict[Role, Role] = {}
        for role in names:
            own = max(0.0, prose) if role == "title" else max(0.0, -prose)
            steps = {old: costs[old] + _step(old, role, breaks) for old in names}
            came[role] = min(names, key=steps.__getitem__)
            new[role] = own + steps[came[role]]
        back.append(came)
        costs = new
    return _trace(costs, back)


def _step(old: Role, new: Role, after_break: bool) -> float:
    if new == "title":
        return _TITLE_ALONE if old == "title" else 0.0
    if new == "abstract":
        return (_AFTER_BREAK if after_break else 0.0) if old == "title" else _ABSTRACT_ALONE
    if old == "title":
        return math.inf
    return _NEW_PARAGRAPH + (_ABSTRACT_ALONE if after_break else 0.0)


def _trace(costs: dict[Role, float], back: list[dict[Role, Role]]) -> list[Role]:
    if not back:
        return []
    final = {role: cost + (_TITLE_ALONE if role == "title" else 0.0) for role, cost in costs.items()}
    path = [min(final, key=final.__getitem__)]
    for came in reversed(back[1:]):
        path.append(came[path[-1]])
    return path[::-1]


def prose_score(text: str) -> float:
    """The score of a text: positive for a paragraph, negative for a title."""
    size = len(text)
    score = next((points for limit, points in _BY_LENGTH if size < limit), 7.0)
    if text.endswith((",", ":", ";")) and size < 200:
        return score + 3.0
    if ends_sentence(text):
        score += 0.0 if text.endswith(("?", "!")) else 2.5
    else:
        score -= 2.5
    score += 2.0 if re.search(r"[a-z0-9)\]%][.!?] +[A-Z]|[。！？]\S", text) else 0.0
    score += 3.0 if "http://" in text or "https://" in text else 0.0
    score += 1.0 if _FIRST_WORDS.match(text) else 0.0
    score += min(2.5, 0.7 * len(_PLAIN_WORDS.findall(text[:1000])))
    words = [word for word in re.findall(r"[^\W\d_]+", text[:1000]) if len(word) > 3]
    if len(words) > 2 and sum(word[0].isupper() for word in words) >= 0.7 * len(words):
        score -= 1.5
    return score
