"""Quotes that may stand in for what a model failed to write: those of which the reader is sure that they state the answer."""

from __future__ import annotations

from assistant.answering.assessment import Assessment
from assistant.answering.extractive import best_sentences, scored_papers
from assistant.verification.grounding import GroundedSentence


class StandIns:
    """The quotes for one question, by their papers."""

    def __init__(self, assessment: Assessment) -> None:
        self._quotes = {
            paper.paper.paper_id: best_sentences([paper], 1)
            for paper, sure in zip(scored_papers(assessment), assessment.sure_of, strict=True)
            if sure
        }

    def of(self, paper_id: str) -> GroundedSentence | None:
        """The sentence of the paper that states the answer; None where the reader is not sure of one."""
        return next(iter(self._quotes.get(paper_id, ())), None)
