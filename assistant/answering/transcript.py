"""Turns a writer's events into those of an answer: numbers citations, counts tokens, records removed sentences."""

from __future__ import annotations

import time

from assistant.answering.writer import WriterEvent
from assistant.citations import Numbering
from assistant.text.words import stems
from assistant.types import AnswerEvent, Citation, Evidence, Removed, Sentence, Usage
from assistant.verification.grounding import GroundedSentence


class Transcript:
    """The answer as far as it is written."""

    def __init__(self, usage: Usage) -> None:
        """`usage`: the tokens spent on the question so far."""
        self.usage = usage
        self.sentences: list[Sentence] = []
        """The sentences shown."""
        self.removed: list[Removed] = []
        self.notes: list[str] = []
        """Notes for the user about how the answer was written."""
        self._numbering = Numbering()
        self._started = time.monotonic()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The spans cited, in the order of their numbers."""
        return self._numbering.citations

    def told(self, quote: GroundedSentence) -> float:
        """The share of the quote's words that the sentences which cite its spans say, 0 to 1."""
        cited = {c.n for c in self.citations if any(_overlap(c, e) for e in quote.evidence)}
        said = frozenset().union(*(stems(s.text) for s in self.sentences if cited & {*s.citations}))
        wanted = stems(quote.text)
        return len(wanted & said) / max(1, len(wanted))

    def add(self, event: WriterEvent) -> AnswerEvent | None:
        """Records the event and returns the one to show, if any."""
        if isinstance(event, GroundedSentence):
            known = len(self.citations)
            citations = self._numbering.cite(event.evidence)
            sentence = Sentence(event.text, tuple(c.n for c in citations), event.verdict)
            self.sentences.append(sentence)
            return AnswerEvent("sentence", sentence=sentence, citations=tuple(c for c in citations if c.n > known))
        if isinstance(event, Removed):
            self.removed.append(event)
            return AnswerEvent("removed", removed=event)
        if isinstance(event, Usage):
            self.usage += event
            return None
        return AnswerEvent("waiting", waiting=round(time.monotonic() - self._started, 2), progress=event.progress)


def _overlap(one: Citation, other: Evidence) -> bool:
    return one.paper_id == other.paper_id and one.start < other.end and other.start < one.end
