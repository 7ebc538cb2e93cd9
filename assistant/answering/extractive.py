"""The writer that needs no model: quotes the sentences of the abstracts that state the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.answering.assessment import Assessment
from assistant.answering.writer import WriterEvent, WritingTask
from assistant.retrieval.relevance import relevance
from assistant.text import sentences
from assistant.types import Paper, Span
from assistant.verification.grounding import GroundedSentence, evidence

STATING_SHARE = 0.03
"""Share of the best sentence's score from which another sentence is quoted beside it: what introduces or surrounds an
answer scores far below what states it. `eval/training/fit_answerability.py` prints what each share costs."""
_FROM_SEVERAL = 2
"""Sentences that are quoted of each paper where a question is about several: each states only its part of the answer."""


@dataclass(frozen=True, slots=True)
class ScoredPaper:
    """One paper with the score of each sentence of its abstract."""

    paper: Paper
    weight: float
    """How surely the paper is meant, and states the answer at all."""
    spans: tuple[Span, ...]
    scores: tuple[float, ...]


class ExtractiveWriter:
    """Writes answers of verbatim sentences."""

    def __init__(self, max_sentences: int) -> None:
        """At most `max_sentences` for a question about one paper, and twice as many for others."""
        self._max_sentences = max_sentences

    def write(self, task: WritingTask) -> Iterator[WriterEvent]:
        """The chosen sentences, which support themselves."""
        papers, most = scored_papers(task.assessment), self._max_sentences
        if task.assessment.scope == "one":
            yield from choose_sentences(papers, most, most)
        else:
            per_paper = 1 if task.assessment.scope == "list" else min(_FROM_SEVERAL, most)
            yield from choose_sentences(papers, 2 * most, per_paper, from_each=True)


def scored_papers(assessment: Assessment) -> list[ScoredPaper]:
    """The subjects with their sentences. Several subjects weigh the same: how well each of them matches and answers the
    whole question says little about its own part."""
    return [
        ScoredPaper(
            subject.paper,
            1.0 if assessment.scope == "several" else relevance(subject.score) * reading.confidence,
            tuple(sentences.split(subject.paper.abstract)),
            reading.sentence_scores,
        )
        for subject, reading in zip(assessment.subjects, assessment.readings, strict=True)
    ]


def choose_sentences(
    papers: Sequence[ScoredPaper], limit: int, per_paper: int, *, from_each: bool = False
) -> list[GroundedSentence]:
    """The sentences that state the answer, best first: `limit` at most over all papers, `per_paper` of each.

    A sentence is among them if it reaches `STATING_SHARE` of the best one's value: of the best one in its own paper
    where something is wanted `from_each`, else of the best one in all papers. Sentences of one paper stand together.
    """
    best: dict[int | None, float] = {}
    chosen: dict[int, list[int]] = {}
    for value, rank, i in _best_first(papers):
        compared = rank if from_each else None
        first = compared not in best
        least = STATING_SHARE * best.setdefault(compared, value)
        full = len(chosen.get(rank, ())) >= per_paper or sum(map(len, chosen.values())) >= limit
        if not full and (first or value >= least > 0):
            chosen.setdefault(rank, []).append(i)
    return [_quote(papers[rank], i) for rank, taken in chosen.items() for i in taken]


def best_sentences(papers: Sequence[ScoredPaper], limit: int) -> list[GroundedSentence]:
    """The best `limit` sentences over all papers, best first, as candidates for a model."""
    return [_quote(papers[rank], i) for _, rank, i in _best_first(papers)[:limit]]


class _Candidate(NamedTuple):
    value: float
    """The sentence's score times its paper's weight: how surely it states the answer."""
    paper: int
    sentence: int


def quotable(assessment: Assessment, most: int) -> list[str]:
    """The sentences that may be quoted: the best `most` of each subject, as far as they state the answer nearly as surely."""
    found = []
    for paper in scored_papers(assessment):
        least = STATING_SHARE * max(paper.scores, default=0.0)
        best = _best_first([paper])[:most]
        spans = [paper.spans[c.sentence] for c in best if paper.scores[c.sentence] >= least]
        found += [paper.paper.abstract[span.start : span.end] for span in spans]
    return found


def _best_first(papers: Sequence[ScoredPaper]) -> list[_Candidate]:
    """All sentences; equal ones stand in the order of the papers and abstracts."""
    found = [_Candidate(p.weight * score, rank, i) for rank, p in enumerate(papers) for i, score in enumerate(p.scores)]
    return sorted(found, key=lambda c: -c.value)


def _quote(scored: ScoredPaper, i: int) -> GroundedSentence:
    found = evidence(scored.paper, scored.spans[i])
    return GroundedSentence(found.quote, (found,), "supported")
