"""The data of the pipeline, as frozen dataclasses: papers, plans and answers."""

from assistant.plan import Filters, Intent, Plan
from assistant.types.answers import (
    COMPARE,
    Answer,
    AnswerEvent,
    Citation,
    EventKind,
    Evidence,
    Heartbeat,
    History,
    Reason,
    Removed,
    Sentence,
    Status,
    Usage,
    Verdict,
)
from assistant.types.papers import Chunk, Embedder, Failure, Hit, Paper, Passage, Span, Step, Vectors

__all__ = [
    "COMPARE",
    "Answer",
    "AnswerEvent",
    "Chunk",
    "Citation",
    "Embedder",
    "EventKind",
    "Evidence",
    "Failure",
    "Filters",
    "Heartbeat",
    "History",
    "Hit",
    "Intent",
    "Paper",
    "Passage",
    "Plan",
    "Reason",
    "Removed",
    "Sentence",
    "Span",
    "Status",
    "Step",
    "Usage",
    "Vectors",
    "Verdict",
]
