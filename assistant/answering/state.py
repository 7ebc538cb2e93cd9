"""What becomes known of one answer on its way through the pipeline; knows nothing about the stages themselves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from assistant.answerability import Reading
from assistant.answering.extractive import Scope
from assistant.citations import Numbering
from assistant.types import Passage, Removed, Sentence, Usage


@dataclass
class AnswerState:
    """What becomes known of one answer on its way."""

    question: str
    standalone: str
    model: str
    passages: list[Passage] = field(default_factory=list)
    scope: Scope = "one"
    subjects: list[Passage] = field(default_factory=list)
    """The papers that are read for an answer without a model."""
    readings: list[Reading] = field(default_factory=list)
    confidence: float = 0.0
    shown: list[Sentence] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    timings: dict[str, float] = field(default_factory=dict)
    numbering: Numbering = field(default_factory=Numbering)

    def count(self, usage: Usage) -> None:
        """Adds what one request took."""
        so_far = self.usage
        self.usage = Usage(
            so_far.prompt_tokens + usage.prompt_tokens, so_far.completion_tokens + usage.completion_tokens
        )

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Notes how long the block takes, in milliseconds."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.timings[stage] = round((time.perf_counter() - started) * 1000, 1)
