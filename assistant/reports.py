"""Reports about a library, its answers and the available models, as frozen dataclasses."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from assistant.types import Answer, Evidence, Failure, Notice, Verdict


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One logged answer."""

    record_id: str
    conversation_id: str
    """Empty for a question outside any conversation."""
    created: str
    """ISO 8601, UTC."""
    rating: int
    """The reader's rating: -1, 0 (none given) or 1."""
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


ReasonKind = Literal["failed", "conflict", "notice", "merged"]


@dataclass(frozen=True, slots=True)
class CountedReason:
    """What happened to one or more records or files of a run, with the place and title of the first."""

    kind: ReasonKind
    text: str
    """The reason; where those of several differ in names and numbers alone, without these."""
    count: int
    source: str
    line: int | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Merged:
    """Two records that were found to be of one paper, though their texts differ."""

    kept: str
    """The title of the record whose text was kept."""
    other: str
    """The title of the other one, often the same."""
    why: str
    """Such as `arXiv v2 of 2023-05-02 replaces v1` or `same DOI 10.1234/snow.1`."""

    def __str__(self) -> str:
        names = f"“{self.kept}”" if self.kept == self.other else f"“{self.kept}” and “{self.other}” are one paper"
        return f"{names}: {self.why}"


@dataclass(frozen=True, slots=True)
class IndexReport:
    """The result of `assistant index`; `papers` is how many the library holds afterwards."""

    papers: int
    added: int
    updated: int
    unchanged: int
    duplicates: int
    failed: tuple[Failure, ...]
    seconds: float
    conflicts: tuple[str, ...] = ()
    """What two papers with clearly different texts share, a title or an identifier; both are stored."""
    sample_removed: int = 0
    """Temporary papers, such as the sample, that these replaced."""
    omitted: int = 0
    """Further failures, conflicts and notices: the first thousand of each are listed."""
    notices: tuple[Notice, ...] = ()
    """What a user should know about the files that were read, or skipped on purpose."""
    removed: int = 0
    """Papers that a followed source, such as Zotero, no longer holds."""
    reasons: tuple[CountedReason, ...] = ()
    """Failures, conflicts, notices and merges counted by their reason, none left out."""
    files: dict[str, int] = field(default_factory=dict)
    """Files read, by kind."""
    merged: tuple[Merged, ...] = ()
    """Records of one paper whose texts differ, with the reason why one was kept; the first thousand."""
    details: str | None = None
    """The file that lists each failure, conflict, notice and merge; None where there are none."""

    @property
    def failures(self) -> int:
        """Number of records and files that could not be read, listed or not."""
        return sum(r.count for r in self.reasons if r.kind == "failed")

    def to_dict(self) -> dict[str, Any]:
        """The document of `assistant index --json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """The verdict on a reader's own sentence, with the spans behind it."""

    claim: str
    verdict: Verdict
    why: str
    evidence: tuple[Evidence, ...]
    score: float = 0.0
    """Support of the claim by the best paper with this verdict, 0 to 1; a ranking, not a probability."""

    def to_dict(self) -> dict[str, Any]:
        """The document of `assistant check --json`, without the score."""
        return {name: value for name, value in asdict(self).items() if name != "score"}


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of what a library holds."""

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
    """One line of `assistant doctor`: a part, its state, and the next step when it is not ok."""

    name: str
    ok: bool
    detail: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class AvailableModel:
    """A model that could answer: the value for the setting `llm`, and a description."""

    spec: str
    note: str
