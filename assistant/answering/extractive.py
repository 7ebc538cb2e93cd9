"""The writer that needs no model: quotes the sentences of the abstracts that state the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.assessment import Assessment
from assistant.answering.injections import is_command
from assistant.answering.writer import WriterEvent, WritingTask
from assistant.text import sentences
from assistant.types import Paper, Span
from assistant.verification.grounding import GroundedSentence, evidence

_PAPER_WEIGHT = 3.0
"""Weight of a paper's own score relative to the score of one of its sentences."""


@dataclass(frozen=True, slots=True)
class ScoredPaper:
    """One paper with the score of each sentence of its abstract; `weight` is the score of the paper itself."""

    paper: Paper
    weight: float
    spans: tuple[Span, ...]
    scores: tuple[float, ...]


class ExtractiveWriter:
    """Writes answers of verbatim sentences."""

    def __init__(self, max_sentences: int) -> None:
        """At most `max_sentences` for a question about one paper, and twice as many for others."""
        self._max_sentences = max_sentences

    def write(self, task: WritingTask) -> Iterator[WriterEvent]:
        """The chosen sentences, which support themselves."""
        scope = task.assessment.scope
        limit = self._max_sentences * (1 if scope == "one" else 2)
        per_paper = 1 if scope == "list" else self._max_sentences
        yield from choose_sentences(scored_papers(task.assessment), limit, per_paper)


def scored_papers(assessment: Assessment) -> list[ScoredPaper]:
    """The subjects with their sentences. Several subjects weigh the same: how well each of them matches the whole
    question says little about its own part."""
    return [
        ScoredPaper(
            subject.paper,
            1.0 if assessment.scope == "several" else subject.score,
            tuple(sentences.split(subject.paper.abstract)),
            reading.sentence_scores,
        )
        for subject, reading in zip(assessment.subjects, assessment.readings, strict=True)
    ]


def choose_sentences(papers: Sequence[ScoredPaper], limit: int, per_paper: int) -> list[GroundedSentence]:
    """The best `limit` sentences over all papers, at most `per_paper` of each.

    Papers come in the order of their best sentence, sentences in the order of the abstract.
    """
    chosen: dict[int, list[int]] = {}
    for rank, i in _best_first(papers):
        taken = chosen.setdefault(rank, [])
        if len(taken) < per_paper and sum(map(len, chosen.values())) < limit:
            taken.append(i)
    return [_quote(papers[rank], i) for rank, taken in chosen.items() for i in sorted(taken)]


def best_sentences(papers: Sequence[ScoredPaper], limit: int) -> list[GroundedSentence]:
    """The best `limit` sentences over all papers, best first, as candidates for a model."""
    return [_quote(papers[rank], i) for rank, i in _best_first(papers)[:limit]]


def _best_first(papers: Sequence[ScoredPaper]) -> list[tuple[int, int]]:
    """Positions (paper, sentence) of all sentences that may be quoted, by their own score and their paper's."""
    pool = sorted(
        (
            (_PAPER_WEIGHT * p.weight + score, -rank, -i)
            for rank, p in enumerate(papers)
            for i, score in enumerate(p.scores)
            if not is_command(p.paper.abstract[p.spans[i].start : p.spans[i].end])
        ),
        reverse=True,
    )
    return [(-rank, -i) for _, rank, i in pool]


def _quote(scored: ScoredPaper, i: int) -> GroundedSentence:
    found = evidence(scored.paper, scored.spans[i])
    return GroundedSentence(found.quote, (found,), "supported")
