"""Asks every question and records what came back, with its scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant import Answer, Assistant, AssistantError, Filters
from eval import invariants, scoring
from eval.judging import Judge
from eval.metrics import Score
from eval.questions import Question

Rankings = Mapping[str, Sequence[str]]
"""Retriever -> the first ten papers for one question."""
_DIFFERS = ("timings_ms", "record_id")
"""Fields of an answer that differ from run to run."""


@dataclass(frozen=True, slots=True)
class Record:
    """One question with what was retrieved and answered, and its scores."""

    id: str
    type: str
    split: str
    question: str
    answerable: bool
    gold_papers: tuple[str, ...]
    expected: tuple[tuple[str, ...], ...]
    """The key facts, or the correction of a false premise."""
    retrieved: tuple[str, ...]
    ranked: Rankings
    answer: dict[str, Any] | None
    """`Answer.to_dict()` without its timings; None when asking failed."""
    error: str
    """Why asking failed."""
    broken: tuple[str, ...]
    """Invariants that the answer breaks."""
    scores: dict[str, Score]
    timings_ms: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Plain values without the timings: the same in every run."""
        document = asdict(self)
        del document["timings_ms"]
        return document


def run(
    assistant: Assistant,
    questions: Iterable[Question],
    judge: Judge,
    rank: Callable[[str], Rankings] = lambda question: {},
    done: Callable[[], None] = lambda: None,
) -> list[Record]:
    """One record per question, in order. `rank` ranks without answering; `done` is called after each question."""
    abstracts = {p.paper_id: p.abstract for p in assistant.papers()}
    records = []
    for question in questions:
        try:
            retrieved, answer = _ask(assistant, question)
        except AssistantError as error:
            records.append(_failed(question, str(error)))
        else:
            records.append(_record(question, retrieved, answer, abstracts, judge, rank))
        done()
    return records


def _ask(assistant: Assistant, question: Question) -> tuple[tuple[str, ...], Answer]:
    retrieved: tuple[str, ...] = ()
    answer: Answer | None = None
    filters = Filters(exclude=question.exclude) if question.exclude else None
    for event in assistant.stream(question.question, question.history, filters):
        if event.retrieved is not None:
            retrieved = tuple(dict.fromkeys([*retrieved, *(p.paper.paper_id for p in event.retrieved)]))
        answer = event.answer or answer
    assert answer is not None  # noqa: S101 - the last event holds it
    return retrieved, answer


def _record(
    question: Question,
    retrieved: tuple[str, ...],
    answer: Answer,
    abstracts: Mapping[str, str],
    judge: Judge,
    rank: Callable[[str], Rankings],
) -> Record:
    document = {name: value for name, value in answer.to_dict().items() if name not in _DIFFERS}
    ranked = rank(answer.standalone_question) if question.answerable and question.gold_papers else {}
    return Record(
        **_about(question),
        retrieved=retrieved,
        ranked=ranked,
        answer=document,
        error="",
        broken=tuple(invariants.broken(answer, retrieved, abstracts, question.exclude)),
        scores=scoring.score(question, retrieved, ranked.get("hybrid"), answer, abstracts, judge(answer)),
        timings_ms=answer.timings_ms,
    )


def _failed(question: Question, error: str) -> Record:
    return Record(
        **_about(question),
        retrieved=(),
        ranked={},
        answer=None,
        error=error,
        broken=(),
        scores=scoring.unscored(question),
        timings_ms={},
    )


def _about(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "type": question.type,
        "split": question.split,
        "question": question.question,
        "answerable": question.answerable,
        "gold_papers": question.gold_papers,
        "expected": ((question.correction,),) if question.correction else question.key_facts,
    }
