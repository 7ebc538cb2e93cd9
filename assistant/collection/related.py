"""Papers near one or several others, and away from some: by the vectors that the library holds; nothing is embedded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

import numpy as np

from assistant.errors import LibraryError, QuestionError
from assistant.injections.screening import safe_title, screened
from assistant.library.library import Library
from assistant.reading.evidence import terms
from assistant.text import sentences
from assistant.text.words import stems, words
from assistant.types import Filters, Paper, Step, Vectors

_AWAY = 0.5
"""What closeness to a paper to keep away from costs, beside closeness to a seed."""
_SHARED = 5
"""Shared words that are named."""
_TOLD = 100
"""Papers after which progress is told."""


@dataclass(frozen=True, slots=True)
class RelatedPaper:
    """A paper near the seeds, with the sentence that has most of their words: `abstract[start:end] == quote`."""

    paper_id: str
    title: str
    score: float
    """Mean cosine with the seeds, less half the highest one with a paper to keep away from."""
    quote: str
    start: int
    end: int
    shared: tuple[str, ...]
    """Words that the sentence shares with the seeds, the rarest first."""


@dataclass(frozen=True, slots=True)
class Related:
    """The papers nearest to the seeds, best first."""

    seeds: tuple[str, ...]
    away_from: tuple[str, ...]
    read: int
    """How many papers were compared."""
    papers: tuple[RelatedPaper, ...]

    def to_dict(self) -> dict[str, Any]:
        """The document of `assistant related --json`."""
        return asdict(self)


def related(
    library: Library,
    seeds: Sequence[str],
    away_from: Sequence[str],
    k: int,
    filters: Filters,
    step: Step | None = None,
) -> Related:
    """The `k` papers nearest to the seeds that pass and are not nearer to a paper to keep away from.

    `step` receives the papers compared and their total.

    Raises NotFoundError for an unknown id, QuestionError without a seed, LibraryError for a library of several embedders.
    """
    if not seeds:
        raise QuestionError("name at least one paper; `assistant papers` lists them")
    if library.is_stale():
        raise LibraryError(f"papers of {library.home} have vectors of another model; run `assistant rebuild` first")
    near, far = ([library.paper(i) for i in dict.fromkeys(ids)] for ids in (seeds, away_from))
    wanted = set(library.store.select(filters)) - {p.paper_id for p in (*near, *far)}
    to_near, to_far = _vectors(library, near), _vectors(library, far)
    scores: dict[str, float] = {}
    read = 0
    for paper_id, vector in _mean_vectors(library):
        if paper_id not in wanted:
            continue
        read += 1
        if step is not None and read % _TOLD == 0:
            step(read, len(wanted))
        closest = [float(np.vecdot(vector, v)) for v in to_near]
        farthest = max((float(np.vecdot(vector, v)) for v in to_far), default=0.0)
        if not to_far or max(closest) > farthest:
            scores[paper_id] = sum(closest) / len(closest) - _AWAY * max(0.0, farthest)
    best = sorted(scores, key=lambda i: (-round(scores[i], 6), i))[:k]
    papers = tuple(_explained(p, scores[p.paper_id], near, far) for p in screened(list(library.store.papers(best))))
    return Related(tuple(p.paper_id for p in near), tuple(p.paper_id for p in far), read, papers)


def _vectors(library: Library, papers: Sequence[Paper]) -> list[Vectors]:
    found = dict(_mean_vectors(library, [p.paper_id for p in papers])) if papers else {}
    return [found[p.paper_id] for p in papers if p.paper_id in found]


def _mean_vectors(library: Library, paper_ids: Sequence[str] | None = None) -> Iterator[tuple[str, Vectors]]:
    """Each paper's normalised mean of its chunks' vectors, one paper in memory at a time."""
    rows = ((chunk.paper_id, vector) for chunk, vector in library.store.chunks(paper_ids))
    for paper_id, found in groupby(rows, key=lambda row: row[0]):
        mean = np.mean([vector for _, vector in found], axis=0)
        yield paper_id, mean / max(float(np.linalg.norm(mean)), 1e-9)


def _explained(paper: Paper, score: float, near: Sequence[Paper], far: Sequence[Paper]) -> RelatedPaper:
    """The paper with its sentence that has most of the seeds' words that the papers to keep away from do not have."""
    wanted = terms(" ".join(f"{p.title}. {p.abstract}" for p in near))
    for word in {w for p in far for w in stems(f"{p.title}. {p.abstract}")}:
        wanted.pop(word, None)
    best, best_weight, best_span = frozenset[str](), -1.0, None
    for span in sentences.split(paper.abstract):
        said = frozenset(stems(paper.abstract[span.start : span.end]))
        weight = sum(wanted[w] for w in said & wanted.keys()) / (len(said) + 8) ** 0.5
        if weight > best_weight:
            best, best_weight, best_span = said & wanted.keys(), weight, span
    start, end = (best_span.start, best_span.end) if best_span is not None else (0, 0)
    written = {w.stem: w.lower for w in words(paper.abstract[start:end])}
    shared = tuple(written.get(w, w) for w in sorted(best, key=lambda w: (-wanted[w], w))[:_SHARED])
    return RelatedPaper(
        paper.paper_id, safe_title(paper), round(score, 4), paper.abstract[start:end], start, end, shared
    )
