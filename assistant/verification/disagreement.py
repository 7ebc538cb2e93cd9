"""Finds abstracts that contradict what an answer cites, so that it shows both instead of picking one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.text import sentences
from assistant.types import Citation, Evidence, Passage
from assistant.verification.contradictions import disagree
from assistant.verification.grounding import GroundedSentence, evidence

_RELEVANT = 0.5
"""Share of the best paper's score from which another paper is relevant to the question."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A disagreement between two abstracts."""

    note: str
    quote: GroundedSentence | None
    """The sentence to show for it; None when the answer cites it already."""


def disagreements(citations: Sequence[Citation], passages: Sequence[Passage]) -> Iterator[Disagreement]:
    """At most one per pair of papers: first among the cited ones, then against the other retrieved papers."""
    noted: set[tuple[str, str]] = set()
    for one, other in combinations(citations, 2):
        if (one.paper_id, other.paper_id) not in noted and (note := _note(one, other)):
            noted.add((one.paper_id, other.paper_id))
            yield Disagreement(note, None)
    cited = {c.paper_id for c in citations}
    for passage in passages:
        if passage.paper.paper_id not in cited and passage.score >= _RELEVANT * passages[0].score:
            yield from _against(citations, passage)


def _against(citations: Sequence[Citation], passage: Passage) -> Iterator[Disagreement]:
    for span in sentences.split(passage.paper.abstract):
        found = evidence(passage.paper, span)
        for citation in citations:
            if note := _note(citation, found):
                yield Disagreement(note, GroundedSentence(found.quote, (found,), "supported"))
                return


def _note(one: Citation, other: Citation | Evidence) -> str:
    words = disagree(one.quote, other.quote) if one.paper_id != other.paper_id else None
    return f"The abstracts disagree: “{words[0]}” in “{one.title}”, “{words[1]}” in “{other.title}”." if words else ""
