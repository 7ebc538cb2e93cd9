"""Measures listings: for each criterion, the papers listed against all papers that state it, judged by reading them.

`find_all.jsonl`: criteria over the bundled sample, two questions each; `neutral` papers are borderline and count neither
way. The weights of `find` were fitted on the dev criteria, and nothing was chosen on the test criteria.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Assistant, Paper, documents
from assistant.ingestion.pipeline import SAMPLE
from eval import statistics
from eval.questions import Split

CRITERIA = Path(__file__).parent / "find_all.jsonl"
SET = "find_all"
"""Under this name and a slash, the ids of the criteria stand in the baseline."""
ABOUT = {
    "list_f1": "F1 of the listed papers, macro mean over criteria",
    "list_precision": "listed papers that state the criterion",
    "list_recall": "papers that state the criterion and are listed",
    "list_agreement": "Jaccard index of the lists for two wordings",
}
"""What each score of a criterion says, in words."""


@dataclass(frozen=True, slots=True)
class AllCriterion:
    """A criterion with its wordings and its gold."""

    id: str
    split: str
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
    split: str
    topic: str
    score: SetScore
    agreement: float

    def scores(self) -> dict[str, float]:
        """The scores under the names of `ABOUT`."""
        return dict(zip(ABOUT, (self.score.f1, self.score.precision, self.score.recall, self.agreement), strict=True))


def load(path: Path = CRITERIA, split: Split = "all") -> list[AllCriterion]:
    """The criteria of a split in a file; those without one are dev."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [_criterion(json.loads(line)) for line in lines if line.strip()]
    return [c for c in found if split in ("all", c.split)]


def _criterion(row: dict[str, Any]) -> AllCriterion:
    yes = frozenset(y["paper_id"] if isinstance(y, dict) else y for y in row["yes"])
    split, questions = row.get("split", "dev"), tuple(row["questions"])
    return AllCriterion(row["id"], split, row["topic"], questions, yes, frozenset(row["neutral"]))


def score_sets(found: set[Any], yes: Iterable[Any]) -> SetScore:
    """F1, precision and recall; a listing of nothing is precise."""
    wanted = set(yes)
    hit = len(found & wanted)
    return SetScore(
        2 * hit / max(1, len(found) + len(wanted)), hit / len(found) if found else 1.0, hit / max(1, len(wanted))
    )


def listed(assistant: Assistant, question: str) -> set[str]:
    """Ids of the papers that the answer to a question lists; none where it quotes what comes closest instead."""
    listing = assistant.ask(question).listing
    return {p.paper_id for p in listing.papers} if listing else set()


def measure(
    listed: Callable[[str], set[str]], criteria: Sequence[AllCriterion], done: Callable[[], None] = lambda: None
) -> list[CriterionResult]:
    """One result a criterion; `listed` answers a question with the ids that it lists; `done` is called after each."""
    found = []
    for criterion in criteria:
        found.append(_measured(listed, criterion))
        done()
    return found


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
    agreement = len(both) / len(either) if either else 1.0
    return CriterionResult(criterion.id, criterion.split, criterion.topic, mean, agreement)


def of_sample(
    assistant: Assistant, papers: Iterable[str], split: Split, done: Callable[[], None] = lambda: None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Split -> figures over its criteria, with bootstrap intervals, and what came of each criterion.

    Both are empty where `papers`, the ids in the library, are not those of the sample, all of which were judged.
    """
    if {p.paper_id for p in documents.read([SAMPLE]) if isinstance(p, Paper)} != set(papers):
        return {}, []
    found = measure(lambda question: listed(assistant, question), load(split=split), done)
    rows = [{"id": f"{SET}/{r.id}", "split": r.split, "topic": r.topic, "scores": r.scores()} for r in found]
    splits = {name: [r.scores() for r in found if r.split == name] for name in ("dev", "test")}
    return {name: _figures(scores) for name, scores in splits.items() if scores}, rows


def _figures(scores: Sequence[dict[str, float]]) -> dict[str, Any]:
    return {name: statistics.to_dict(statistics.figure([s[name] for s in scores])) for name in ABOUT}
