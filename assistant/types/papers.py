"""Papers as they are read, stored and found; offsets are always character offsets into `Paper.abstract`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Shape (n, dim), one L2-normalised row per text."""
Step = Callable[[int, int], None]
"""Receives how much is done, and of how much, in papers or whatever is worked through; may stop the work by raising an exception."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: its text and its metadata."""

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
    venue: str | None = None
    """The journal, conference or book that it appeared in."""
    aliases: tuple[str, ...] = ()
    """Further identifiers under which a file may name it, such as `doi:10.1/x` and `pmid:123`."""
    version: int | None = None
    """The version of a preprint, 1 for the first."""
    pmid: str | None = None
    keywords: tuple[str, ...] = ()
    """The authors' keywords and the reader's own tags."""
    collections: tuple[str, ...] = ()
    """The reader's collections, such as `Thesis/Chapter 2`."""
    language: str | None = None
    """As the source writes it, such as `en` or `English`."""
    citekey: str | None = None
    """The reader's own BibTeX key."""
    publication_type: str | None = None
    """As the source writes it, such as `journal-article`, `Review` or `inproceedings`."""
    editorial_status: str | None = None
    """`retracted`, `withdrawn`, `retraction notice`, `concern` or `corrected`; None for a paper in good standing."""
    zotero: str | None = None
    """The link that opens the item in Zotero."""

    @property
    def shown_title(self) -> str:
        """The title, with `(retracted)` and the like behind it where it does not say so itself."""
        status = self.shown_status
        if not status or (self.editorial_status or "")[:7] in self.title.casefold():
            return self.title
        return f"{self.title} ({status})"

    @property
    def shown_status(self) -> str:
        """The editorial status in words; empty for a paper in good standing."""
        return "expression of concern" if self.editorial_status == "concern" else self.editorial_status or ""

    def to_dict(self) -> dict[str, Any]:
        """The row of `assistant papers --json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Failure:
    """A record or file that could not be read, and why."""

    source: str
    line: int | None
    error: str
    title: str | None = None
    """The record's title, where it has one."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a user should know about a file that was read, or skipped on purpose; nothing went wrong."""

    source: str
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Complete:
    """A source that is followed was read to its end: papers that it gave before and gives no more are gone from it."""

    source: str
    """The name in `Paper.sources`; its parts, such as Zotero's groups, have this name, a colon and a name of their own."""
    label: str
    """As `Notice.source`."""
    text: str
    """What was read, for a notice."""


Item = Paper | Failure | Notice | Complete
"""What reading a file yields."""


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive sentences of one abstract; `text` is the encoder's input, title first."""

    paper_id: str
    ordinal: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved paper with its fused score (0-1) and its score from each retriever (None: not found by it).

    Passages are not always in the order of their scores: titles and single words count for the order alone, because what
    a score means to an answer was measured on fused scores.
    """

    paper: Paper
    score: float
    dense: float | None = None
    bm25: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One row of `search`: a paper and the sentence of it that is closest to the question."""

    paper_id: str
    title: str
    score: float
    quote: str


class Embedder(Protocol):
    """Turns texts into vectors."""

    @property
    def name(self) -> str:
        """Identifies the model and its revision; when it changes, the library is embedded again."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """L2-normalised float32 vectors, shape (len(texts), dim). Raises EmbeddingError."""
