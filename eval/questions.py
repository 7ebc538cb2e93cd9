"""The question set: loaded, checked, selected. Knows nothing about how questions are answered or scored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

QUESTIONS = Path(__file__).parent / "questions.jsonl"

ANSWERABLE_TYPES = ("figure", "method", "lay", "multi", "comparison", "follow-up", "list")
UNANSWERABLE_TYPES = ("near-domain", "false-premise", "out-of-domain")
Split = Literal["dev", "test", "all"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what a right answer needs."""

    id: str
    split: str
    """`dev` or `test`, by paper: no paper is gold in both."""
    type: str
    question: str
    history: tuple[str, ...]
    answerable: bool
    gold_papers: tuple[str, ...]
    key_facts: tuple[tuple[str, ...], ...]
    """Facts, each as alternative wordings of which one must occur in the answer."""
    note: str
    correction: str = ""
    """Of a false premise: what the abstract says instead, as it stands there."""
    kind: str = ""
    """Of a false premise: figure, name, direction or other."""


def load(path: Path = QUESTIONS, split: Split = "all") -> list[Question]:
    """The questions of a split, in file order. Raises ValueError naming the line of a malformed one."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            question = _question(json.loads(line))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}:{number}: {error}") from None
        if split in ("all", question.split):
            found.append(question)
    return found


def _question(row: dict[str, object]) -> Question:
    values = {**row}
    for name in ("history", "gold_papers"):
        values[name] = tuple(_strings(values[name]))
    facts = values["key_facts"]
    if not isinstance(facts, list):
        raise ValueError("key_facts is no list")
    values["key_facts"] = tuple(tuple(_strings(fact)) for fact in facts)
    question = Question(**values)  # type: ignore[arg-type]  # unknown or missing names raise TypeError, as wanted
    allowed = ANSWERABLE_TYPES if question.answerable else UNANSWERABLE_TYPES
    if question.type not in allowed:
        raise ValueError(f"type {question.type!r} is not one of {allowed}")
    if question.split not in ("dev", "test"):
        raise ValueError(f"split {question.split!r} is neither dev nor test")
    if question.answerable != bool(question.key_facts) or (question.answerable and not question.gold_papers):
        raise ValueError("answerable questions, and only those, have key facts; they have gold papers")
    return question


def _strings(value: object) -> Sequence[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ValueError(f"expected a list of non-empty strings, found {value!r}")
    return value
