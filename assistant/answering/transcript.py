"""Turns what a writer yields into the events of an answer: numbers citations, counts tokens, records what was removed."""

from __future__ import annotations

import time

from assistant.answering.writer import WriterEvent
from assistant.citations import Numbering, render
from assistant.types import AnswerEvent, Citation, Removed, Sentence, Usage
from assistant.verification.grounding import GroundedSentence


class Transcript:
    """The answer as far as it is written."""

    def __init__(self, usage: Usage) -> None:
        """`usage`: the tokens spent on the question so far."""
        self.usage = usage
        self.notes: list[str] = []
        """What the user should know about how the answer was written."""
        self._sentences: list[Sentence] = []
        self._removed: list[Removed] = []
        self._numbering = Numbering()
        self._started = time.monotonic()

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences shown."""
        return tuple(self._sentences)

    @property
    def removed(self) -> tuple[Removed, ...]:
        """The sentences taken out."""
        return tuple(self._removed)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The spans cited, in the order of their numbers."""
        return self._numbering.citations

    @property
    def text(self) -> str:
        """The sentences with their citation markers."""
        return render(self._sentences)

    def add(self, event: WriterEvent) -> AnswerEvent | None:
        """Records the event and returns the one to show, if any."""
        if isinstance(event, GroundedSentence):
            return self._show(event)
        if isinstance(event, Removed):
            self._removed.append(event)
            return AnswerEvent("removed", removed=event)
        if isinstance(event, Usage):
            self.usage += event
            return None
        return AnswerEvent("waiting", waiting=round(time.monotonic() - self._started, 2))

    def _show(self, grounded: GroundedSentence) -> AnswerEvent:
        known = len(self.citations)
        citations = self._numbering.cite(grounded.evidence)
        sentence = Sentence(grounded.text, tuple(c.n for c in citations), grounded.verdict)
        self._sentences.append(sentence)
        return AnswerEvent("sentence", sentence=sentence, citations=tuple(c for c in citations if c.n > known))
