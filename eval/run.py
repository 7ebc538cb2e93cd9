"""Asks every question and keeps what came back, with its scores. Uses the public names of `assistant` alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant import Answer, Assistant
from eval import metrics
from eval.questions import Question


@dataclass(frozen=True, slots=True)
class Record:
    """One question with what was retrieved and answered, and its scores (None: does not apply)."""

    id: str
    type: str
    split: str
    question: str
    answerable: bool
    gold_papers: tuple[str, ...]
    retrieved: tuple[str, ...]
    answer: dict[str, Any]
    """`Answer.to_json()` without its timings, so that two runs can be compared byte by byte."""
    milliseconds: float
    scores: dict[str, float | None]


def run(assistant: Assistant, questions: Iterable[Question], done: Callable[[], None] = lambda: None) -> list[Record]:
    """One record a question, in order; `done` is called after each."""
    abstracts = {p.paper_id: p.abstract for p in assistant.papers()}
    records = []
    for question in questions:
        retrieved: tuple[str, ...] = ()
        answer: Answer | None = None
        for event in assistant.stream(question.question, question.history):
            if event.retrieved is not None:
                retrieved = tuple(p.paper.paper_id for p in event.retrieved)
            answer = event.answer or answer
        assert answer is not None  # noqa: S101 - the last event holds it
        records.append(_record(question, retrieved, answer, abstracts))
        done()
    return records


def _record(question: Question, retrieved: Sequence[str], answer: Answer, abstracts: dict[str, str]) -> Record:
    document = answer.to_json()
    document.pop("timings_ms")
    return Record(
        id=question.id, type=question.type, split=question.split, question=question.question,
        answerable=question.answerable, gold_papers=question.gold_papers, retrieved=tuple(retrieved),
        answer=document, milliseconds=answer.timings_ms["total"],
        scores=_scores(question, retrieved, answer, abstracts),
    )


def _scores(
    question: Question, retrieved: Sequence[str], answer: Answer, abstracts: dict[str, str]
) -> dict[str, float | None]:
    gold, abstained = question.gold_papers, answer.status == "abstained"
    known = question.answerable and bool(gold)
    shown = " ".join(s.text for s in answer.sentences)
    nearest = " ".join(e.quote for e in answer.nearest)
    return {
        "hit@1": metrics.hit_at(retrieved, gold, 1) if known else None,
        "hit@5": metrics.hit_at(retrieved, gold, 5) if known else None,
        "mrr": metrics.reciprocal_rank(retrieved, gold) if known else None,
        "recall@8": metrics.recall_at(retrieved, gold, 8) if known else None,
        "key_facts": metrics.fact_recall(shown, question.key_facts),
        "key_facts_or_nearest": metrics.fact_recall(shown + " " + nearest, question.key_facts),
        "over_refusal": float(abstained) if question.answerable else None,
        "false_answer": float(not abstained) if not question.answerable else None,
        "correction": _correction(question, answer),
        "citation_validity": None if abstained else validity(answer, abstracts),
        "coverage": None if abstained else sum(bool(s.citations) for s in answer.sentences) / len(answer.sentences),
    }


def _correction(question: Question, answer: Answer) -> float | None:
    """Of a false premise: was it named, with what the abstract says?"""
    if question.type != "false-premise":
        return None
    said = metrics.fold(answer.text)
    return float(answer.reason == "false_premise" and metrics.fold(question.correction) in said)


def validity(answer: Answer, abstracts: dict[str, str]) -> float:
    """Share of the citations that quote the stored abstract exactly; a marker without citation counts as wrong."""
    numbers = {c.n for c in answer.citations}
    right = sum(abstracts.get(c.paper_id, "")[c.start : c.end] == c.quote != "" for c in answer.citations)
    dangling = sum(n not in numbers for s in answer.sentences for n in s.citations)
    total = len(answer.citations) + dangling
    return right / total if total else 0.0


def to_json(record: Record) -> dict[str, Any]:
    """Plain values, without the timing."""
    document = asdict(record)
    document.pop("milliseconds")
    return document
