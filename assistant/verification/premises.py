"""What a question takes for granted and the paper that it is about contradicts. Knows nothing about answers."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Passage
from assistant.verification.false_premise import Conflict, known_name, premise_conflicts


def contradicted_premise(question: str, best: Passage, meant: Sequence[Passage]) -> Conflict | None:
    """The first premise that `best` contradicts and that no other paper which may be `meant` as well explains."""
    others = [p.paper for p in meant if p.paper != best.paper]
    for conflict in premise_conflicts(question, best.paper.title, best.paper.abstract):
        stated = conflict.stated.casefold()
        if not any(
            stated in f"{p.title} {p.abstract}".casefold()
            or (conflict.kind == "name" and known_name(conflict.stated, p.title, p.abstract))
            for p in others
        ):
            return conflict
    return None
