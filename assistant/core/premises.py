"""What a question takes for granted and the paper that it is about contradicts. Knows nothing about answers."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Passage
from assistant.verify import Conflict, premise_conflicts

_RIVAL = 0.8
"""Share of the best paper's score from which another one may be what the question means."""


def contradicted_premise(
    question: str, best: Passage, subjects: Sequence[Passage], others: Sequence[Passage]
) -> Conflict | None:
    """The first premise that `best` contradicts and that no paper that may be meant as well explains.

    Those are the further `subjects` of the question, and of the `others` those that match nearly as well.
    """
    meant = [*subjects, *(p for p in others if p.score >= _RIVAL * best.score)]
    texts = [f"{p.paper.title} {p.paper.abstract}".casefold() for p in meant if p.paper != best.paper]
    for conflict in premise_conflicts(question, best.paper.title, best.paper.abstract):
        if not any(conflict.stated.casefold() in text for text in texts):
            return conflict
    return None
