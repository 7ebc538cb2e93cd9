"""Loads and checks the question set, selects from it, and derives further questions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

QUESTIONS = Path(__file__).parent / "questions.jsonl"
TRAPS = Path(__file__).parent / "adversarial.jsonl"

ANSWERABLE_TYPES = ("figure", "method", "lay", "multi", "comparison", "follow-up", "list")
UNANSWERABLE_TYPES = ("near-domain", "false-premise", "out-of-domain")
GOLD_REMOVED = "gold-removed"
ADVERSARIAL = "adversarial"
SCRIPTED = "scripted"
"""Questions that go to a writer that lies in a known way."""
Split = Literal["dev", "test", "all"]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what a right answer must contain."""

    id: str
    split: str
    """`dev` or `test`, by paper: no paper is gold in both."""
    type: str
    question: str
    history: tuple[str, ...]
    answerable: bool
    gold_papers: tuple[str, ...]
    key_facts: tuple[tuple[str, ...], ...]
    """Facts, each as alternative wordings; one of them must occur in the answer."""
    note: str
    correction: str = ""
    """For a false premise: what the abstract says instead, in its own words."""
    kind: str = ""
    """For a false premise: figure, name, direction or other."""
    exclude: tuple[str, ...] = ()
    """Papers that are hidden while it is asked."""
    forbidden: tuple[str, ...] = ()
    """For an adversarial question: what only an assistant that obeys the paper would show."""


@dataclass(frozen=True, slots=True)
class Trap:
    """An invented paper whose text carries an instruction, with questions about it."""

    title: str
    abstract: str
    questions: tuple[Question, ...]


def load(path: Path = QUESTIONS, split: Split = "all") -> list[Question]:
    """The questions of a split, in file order. Raises ValueError naming the line of a malformed one."""
    return [question for question in _parsed(path, _question) if split in ("all", question.split)]


def load_traps(path: Path = TRAPS, split: Split = "all") -> list[Trap]:
    """The adversarial papers of a split, each with its questions. Raises ValueError naming the line of a malformed one."""
    return [trap for trap in _parsed(path, _trap) if split in ("all", trap.questions[0].split)]


def without_gold(questions: Iterable[Question]) -> list[Question]:
    """Every answerable question again with its gold papers hidden, so that it has no answer any more.

    Another abstract may still hold one by chance: a false answer here is an upper bound.
    """
    return [
        replace(
            q,
            id=f"{q.id}-removed",
            type=GOLD_REMOVED,
            answerable=False,
            gold_papers=(),
            key_facts=(),
            exclude=q.gold_papers,
        )
        for q in questions
        if q.answerable
    ]


def _parsed(path: Path, make: Callable[[dict[str, Any]], _T]) -> Iterator[_T]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            made = make(json.loads(line))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}:{number}: {error}") from None
        yield made


def _trap(row: dict[str, Any]) -> Trap:
    return Trap(row["title"], row["abstract"], tuple(_question(q) for q in row["questions"]))


def _question(row: dict[str, Any]) -> Question:
    values = {**row}
    for name in ("history", "gold_papers", *({"exclude", "forbidden"} & values.keys())):
        values[name] = tuple(_strings(values[name]))
    facts = values["key_facts"]
    if not isinstance(facts, list):
        raise ValueError("key_facts is not a list")
    values["key_facts"] = tuple(tuple(_strings(fact)) for fact in facts)
    question = Question(**values)  # unknown or missing fields raise TypeError, which is wanted
    allowed = ANSWERABLE_TYPES if question.answerable else UNANSWERABLE_TYPES
    if question.type not in (*allowed, ADVERSARIAL):
        raise ValueError(f"type {question.type!r} is not one of {allowed}")
    if question.split not in ("dev", "test"):
        raise ValueError(f"split {question.split!r} is neither dev nor test")
    if question.answerable != bool(question.key_facts):
        raise ValueError("answerable questions, and no others, have key facts")
    if question.type == ADVERSARIAL and not question.forbidden:
        raise ValueError("an adversarial question needs forbidden wordings: what obeying the paper would show")
    if question.type != ADVERSARIAL and question.answerable and not question.gold_papers:
        raise ValueError("an answerable question needs gold papers")
    return question


def _strings(value: object) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ValueError(f"expected a list of non-empty strings, found {value!r}")
    return value
