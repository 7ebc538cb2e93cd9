"""What is told about a library, its answers and what could answer: frozen dataclasses that no stage of an answer needs.

Knows nothing about where they come from.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from assistant.types import Answer, Evidence, Failure, Verdict


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """An answer as it was given and kept."""

    record_id: str
    conversation_id: str
    """Empty for a question asked by itself."""
    created: str
    """ISO 8601, UTC."""
    rating: int
    """What the reader thought of it: -1, 0 (nothing said) or 1."""
    answer: Answer


@dataclass(frozen=True, slots=True)
class ConversationInfo:
    """One line of a list of conversations; times are ISO 8601, UTC."""

    conversation_id: str
    title: str
    """Its first question."""
    created: str
    updated: str
    turns: int


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What `index` did; `papers` is how many the library holds afterwards."""

    papers: int
    added: int
    updated: int
    unchanged: int
    duplicates: int
    failed: tuple[Failure, ...]
    seconds: float
    conflicts: tuple[str, ...] = ()
    """Titles that stand twice with clearly different abstracts, both kept."""
    sample_removed: int = 0
    """Temporary papers, such as the sample, that these replaced."""
    omitted: int = 0
    """Further failures and conflicts: the first thousand of each are listed."""

    def to_dict(self) -> dict[str, Any]:
        """The document of `assistant index --json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """What the library says about a reader's own sentence."""

    claim: str
    verdict: Verdict
    why: str
    evidence: tuple[Evidence, ...]
    score: float = 0.0
    """How much of the claim the best paper of this verdict carries, 0 to 1; a ranking, no probability."""

    def to_dict(self) -> dict[str, Any]:
        """The document of `assistant check --json`: what a reader needs, without the score."""
        return {name: value for name, value in asdict(self).items() if name != "score"}


@dataclass(frozen=True, slots=True)
class Stats:
    """What a library holds."""

    papers: int
    chunks: int
    years: dict[str, int]
    """Papers per year, ascending; `unknown` last."""
    sources: dict[str, int]
    embedder: str
    home: str
    bytes: int
    fingerprint: str

    def to_dict(self) -> dict[str, Any]:
        """The document of `assistant stats --json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One line of `assistant doctor`: what was looked at, what was found, and what to do when it is not ok."""

    name: str
    ok: bool
    detail: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class AvailableModel:
    """Something that could answer: what to write as `llm`, and what it is."""

    spec: str
    note: str
