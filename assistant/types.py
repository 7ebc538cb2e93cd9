"""The data that flows through the pipeline, as frozen dataclasses, and the few Protocols between stages.

Knows nothing about files, databases or models. Offsets are always character offsets into `Paper.abstract`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Shape (n, dim), one L2-normalised row a text."""

Verdict = Literal["supported", "partial", "unsupported", "contradicted"]
Status = Literal["answered", "abstained"]
Reason = Literal["no_match", "related_but_not_stated", "false_premise", "outside_corpus"]


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: what a reader could cite and what is known about it."""

    paper_id: str
    """`arxiv:2205.13147` when the source gives it, else `t:` and 12 hex digits of the title's hash."""
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    organisation: str | None = None
    date: str | None = None
    """ISO 8601: `2024-10-16`, `2024-10`, `2024`, or `--04-09` where the source names no year."""
    year: int | None = None
    url: str | None = None
    doi: str | None = None
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """Names of the files that hold it."""

    def to_dict(self) -> dict[str, Any]:
        """The row of `assistant papers --json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Failure:
    """A record or file that could not be read, and why."""

    source: str
    line: int | None
    error: str


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A window of consecutive sentences of one abstract; `text` is what the encoder reads (title first)."""

    paper_id: str
    ordinal: int
    start: int
    end: int
    text: str


class ChunkVector(NamedTuple):
    """The vector of a window (shape (dim,)) with what filters ask about its paper."""

    paper_id: str
    year: int | None
    sources: tuple[str, ...]
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Filters:
    """Which papers may answer. Years are inclusive; `None` leaves a side open."""

    year_from: int | None = None
    year_to: int | None = None
    sources: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Paper ids that must not be used."""
    pinned: tuple[str, ...] = ()
    """Paper ids that are always among the passages read, whatever else is filtered; what is excluded stays out."""

    def __bool__(self) -> bool:
        """Whether they leave any paper out; pinned papers leave out none."""
        return bool(self.year_from is not None or self.year_to is not None or self.sources or self.exclude)


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved paper with its fused score (0-1) and the score of each leg (`None`: that leg did not find it)."""

    paper: Paper
    score: float
    dense: float | None = None
    lexical: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One row of `search`: a paper and the sentence of it that is closest to the question."""

    paper_id: str
    title: str
    score: float
    quote: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """An exact span of a stored abstract: `abstract[start:end] == quote`."""

    paper_id: str
    title: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """Evidence under the number by which the answer's text refers to it."""

    n: int
    paper_id: str
    title: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A shown sentence, without markers; `citations` are the numbers behind it."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Removed:
    """A sentence that was drafted and not shown, and why."""

    text: str
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the serving model reported them; 0 where no model was asked."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted sentence before verification, with the evidence it claims; no evidence means no valid citation."""

    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; prints as Markdown, and `to_dict()` is the document of `assistant ask --json`."""

    question: str
    standalone_question: str
    status: Status
    reason: Reason | None
    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    removed: tuple[Removed, ...]
    nearest: tuple[Evidence, ...]
    confidence: float
    model: str
    usage: Usage = Usage()
    timings_ms: dict[str, float] = field(default_factory=dict)
    corpus: str = ""
    """Fingerprint of the library that was asked."""
    notes: tuple[str, ...] = ()
    """What the reader should know about how the answer came about (a failed model, a degraded index)."""
    record_id: str = ""
    """Under which it is kept; empty when it is not."""
    cost: float | None = None
    """US dollars; None when no model was asked or its price is not known."""

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers."""
        return asdict(self)

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Answer:
        """Inverse of `to_dict`, also after a round trip through JSON text. Raises KeyError on a missing field, unless an
        earlier release did not have it yet."""
        parts: dict[str, type[Any]] = {
            "sentences": Sentence,
            "citations": Citation,
            "removed": Removed,
            "nearest": Evidence,
        }
        later = {"record_id", "cost"} - document.keys()
        values = {f.name: document[f.name] for f in fields(cls) if f.name not in later}
        for name, kind in parts.items():
            values[name] = tuple(kind(**row) for row in values[name])
        values["sentences"] = tuple(Sentence(s.text, tuple(s.citations), s.verdict) for s in values["sentences"])
        values["usage"] = Usage(**values["usage"])
        values["notes"] = tuple(values["notes"])
        return cls(**values)

    def __str__(self) -> str:
        """Markdown: the text, then the numbered quotes (or the nearest ones under an abstention)."""
        lines = [self.text]
        if self.citations:
            lines += ["", *(f"[{c.n}] {c.title}: “{c.quote}”" for c in self.citations)]
        if self.nearest:
            lines += ["", "Nearest:", *(f"- {e.title}: “{e.quote}”" for e in self.nearest)]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing arrived for a moment; whoever consumes the stream may stop now."""


EventKind = Literal["question", "retrieved", "waiting", "sentence", "removed", "answer"]


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """One step of a streamed answer; exactly the field named by `kind` is set. The last event is the `answer`."""

    kind: EventKind
    question: str | None = None
    """The standalone question that is searched for."""
    retrieved: tuple[Passage, ...] | None = None
    waiting: float | None = None
    """Seconds since the model was asked; told several times a second while it says nothing, so that one can stop."""
    sentence: Sentence | None = None
    """A verified sentence, with `citations` for the numbers that it introduces."""
    citations: tuple[Citation, ...] = ()
    removed: Removed | None = None
    answer: Answer | None = None


class Embedder(Protocol):
    """Texts to vectors; two implementations exist: the packaged model and an OpenAI-compatible endpoint."""

    @property
    def name(self) -> str:
        """Identifies model and revision; a change re-embeds the library."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """L2-normalised float32 vectors, shape (len(texts), dim). Raises EmbeddingError."""
