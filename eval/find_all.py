"""Measures listings: for each criterion, the papers listed against all papers that state it, judged by reading them.

`find_all.jsonl`: 18 criteria over the bundled sample, two questions each; `neutral` papers count neither way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CRITERIA = Path(__file__).parent / "find_all.jsonl"


@dataclass(frozen=True, slots=True)
class AllCriterion:
    """A criterion with its wordings and its gold."""

    id: str
    topic: str
    questions: tuple[str, ...]
    yes: frozenset[str]
    neutral: frozenset[str]


@dataclass(frozen=True, slots=True)
class SetScore:
    """How well one listing matches the gold."""

    f1: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """The mean score of a criterion's wordings, and the Jaccard index of their listings."""

    id: str
    topic: str
    score: SetScore
    agreement: float


def load(path: Path = CRITERIA) -> list[AllCriterion]:
    """The criteria in a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_criterion(json.loads(line)) for line in lines if line.strip()]


def _criterion(row: dict[str, Any]) -> AllCriterion:
    yes = frozenset(y["paper_id"] if isinstance(y, dict) else y for y in row["yes"])
    return AllCriterion(row["id"], row["topic"], tuple(row["questions"]), yes, frozenset(row["neutral"]))


def score_sets(found: set[Any], yes: Iterable[Any]) -> SetScore:
    """F1, precision and recall; a listing of nothing is precise."""
    wanted = set(yes)
    hit = len(found & wanted)
    return SetScore(
        2 * hit / max(1, len(found) + len(wanted)), hit / len(found) if found else 1.0, hit / max(1, len(wanted))
    )


def measure(listed: Callable[[str], set[str]], criteria: Sequence[AllCriterion]) -> list[CriterionResult]:
    """One result a criterion; `listed` answers a question with the ids that it lists."""
    return [_measured(listed, criterion) for criterion in criteria]


def _measured(listed: Callable[[str], set[str]], criterion: AllCriterion) -> CriterionResult:
    sets = [listed(question) for question in criterion.questions]
    scores = [score_sets(found - criterion.neutral, criterion.yes) for found in sets]
    count = len(scores)
    mean = SetScore(
        sum(s.f1 for s in scores) / count,
        sum(s.precision for s in scores) / count,
        sum(s.recall for s in scores) / count,
    )
    both, either = set.intersection(*sets), set.union(*sets)
    return CriterionResult(criterion.id, criterion.topic, mean, len(both) / len(either) if either else 1.0)
