"""The interface of a writer of answers: its task and its events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answering.assessment import Assessment
from assistant.types import Heartbeat, Passage, Removed, Usage
from assistant.verification.grounding import GroundedSentence

WriterEvent = GroundedSentence | Removed | Usage | Heartbeat
"""A sentence that may be shown, one that was taken out for good, the tokens of one request, or silence."""


@dataclass(frozen=True, slots=True)
class WritingTask:
    """One question whose answer is to be written."""

    question: str
    """The standalone wording."""
    passages: Sequence[Passage]
    """The papers to draw on, those that the question is about first."""
    assessment: Assessment
    deadline: float
    """Time by which the whole answer must be complete, by `time.monotonic`."""


class Writer(Protocol):
    """Writes the sentences of an answer; each one is grounded in what it cites."""

    def write(self, task: WritingTask) -> Iterator[WriterEvent]:
        """The sentences as they are ready. Raises ModelError when a model fails; sentences yielded before remain valid."""
