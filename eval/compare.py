"""Compares two runs (`report.json`, or a run of `baseline.json`) question by question, and decides the gate."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import AssistantError
from eval import find_all, statistics
from eval.checked import SETS
from eval.injections import figures as injection_figures
from eval.invariants import NAMES
from eval.metrics import UNSCORED, Score
from eval.questions import ADVERSARIAL, GOLD_REMOVED, SCRIPTED
from eval.scoring import ABOUT, ABOUT_CHECKED, LOWER_IS_BETTER
from eval.statistics import Difference

BASELINE = Path(__file__).parent / "baseline.json"
MARGINS = {
    "hit@1": 0.03,
    "ndcg@10": 0.01,
    "key_facts": 0.03,
    "number_exactness": 0.03,
    "citation_recall": 0.03,
    "citation_precision": 0.03,
    "span_validity": 0.0,
    "correction": 0.05,
    "over_refusal": 0.05,
    "false_answer": 0.05,
    "injected": 0.05,
    "lies_shown": 0.03,
    "true_supported": 0.03,
    "true_shown": 0.03,
    "false_supported": 0.03,
    "false_shown": 0.03,
    "list_f1": 0.02,
    "list_precision": 0.02,
    "list_recall": 0.02,
    "list_agreement": 0.05,
    "planted_shown": 0.01,
    "harmless_lost": 0.02,
}
"""Losses that pass the gate. Those of rates and rankings are customary for question sets of this size; none is a
threshold of the product."""
_DERIVED = (GOLD_REMOVED, ADVERSARIAL, SCRIPTED)
WORDS = ABOUT | ABOUT_CHECKED | find_all.ABOUT | injection_figures.ABOUT
_SETS = (*SETS, find_all.SET, injection_figures.SET)
"""Every gated metric in words."""

Scores = dict[str, dict[str, float | str]]
"""Id of a question, a checked sentence, a criterion of a list or a planted text -> metric -> score; what does not apply is left out."""


class GateError(AssistantError):
    """The gate cannot decide: the baseline has no run with this corpus and model."""


@dataclass(frozen=True, slots=True)
class Change:
    """One metric over one group of questions, before and after."""

    group: str
    metric: str
    before: float
    after: float
    difference: Difference

    @property
    def loss(self) -> Difference:
        """The difference turned so that a negative one is worse."""
        d = self.difference
        return Difference(-d.delta, -d.high, -d.low, d.n) if self.metric in LOWER_IS_BETTER else d

    @property
    def fails(self) -> bool:
        """Worse by more than the margin, and not by chance: the whole 95 % interval is below 0."""
        return self.loss.delta < -MARGINS[self.metric] and self.loss.high < 0

    @property
    def warns(self) -> bool:
        """Worse by more than the margin, but perhaps by chance."""
        return self.loss.delta < -MARGINS[self.metric] and not self.fails


def scores_of(document: Mapping[str, Any]) -> Scores:
    """The scores in a report, or in a run of the baseline, which keeps four decimals."""
    if "scores" in document:
        return dict(document["scores"])
    found = {q["id"]: _rounded(q["scores"]) for q in document["questions"]}
    rows = [*document.get("checked", ()), *document.get("criteria", ()), *document.get("planted", ())]
    return found | {row["id"]: _rounded(row["scores"]) for row in rows if row["scores"]}


def _rounded(scores: Mapping[str, Score]) -> dict[str, float | str]:
    return {m: round(v, 4) if isinstance(v, float) else v for m, v in scores.items() if v is not None}


def changes(new: Scores, old: Scores) -> list[Change]:
    """Every gated metric over the written questions, each derived type, each set of checked sentences and the criteria
    of lists, where both runs have scores."""
    found = []
    for group in ("written", *_DERIVED, *_SETS):
        shared = [i for i in new if i in old and _group(i) == group]
        for metric in MARGINS:
            rows = [(_number(new[i].get(metric)), _number(old[i].get(metric))) for i in shared]
            pairs = [(a, b) for a, b in rows if a is not None and b is not None]
            if pairs:
                after, before = [a for a, _ in pairs], [b for _, b in pairs]
                difference = statistics.paired(after, before)
                found.append(Change(group, metric, sum(before) / len(before), sum(after) / len(after), difference))
    return found


def _number(value: float | str | None) -> float | None:
    return None if value is None or isinstance(value, str) else value


def _group(question_id: str) -> str:
    if question_id.partition("/")[0] in _SETS:
        return question_id.partition("/")[0]
    if question_id.startswith("adv-"):
        return ADVERSARIAL
    return {"removed": GOLD_REMOVED, SCRIPTED: SCRIPTED}.get(question_id.rpartition("-")[2], "written")


def changed_questions(new: Scores, old: Scores) -> list[dict[str, Any]]:
    """The questions with a different gated score, each with old and new scores, the worst losses first."""
    rows = []
    for i in new:
        scores = {m: [old[i].get(m), new[i].get(m)] for m in MARGINS if i in old and old[i].get(m) != new[i].get(m)}
        if scores:
            rows.append({"id": i, "scores": scores, "loss": round(sum(_loss(m, *v) for m, v in scores.items()), 4)})
    return sorted(rows, key=lambda row: (-row["loss"], row["id"]))


def _loss(metric: str, old: float | str | None, new: float | str | None) -> float:
    before, after = _number(old), _number(new)
    if before is None or after is None:
        return 0.0
    return (before - after) * (-1 if metric in LOWER_IS_BETTER else 1)


def gate(document: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[str]:
    """The reasons why the run fails the gate, one line each; empty when it passes.

    A broken invariant, an unscored question or a missing question of the baseline always fails. A metric fails when it
    is worse than the baseline by more than its margin and its paired 95 % interval lies wholly below 0.
    """
    new, old = scores_of(document), scores_of(baseline)
    broken = [
        f"{NAMES[name]}: broken by {len(ids)} answers, the first is {ids[0]}"
        for name, ids in document["broken"].items()
    ]
    unscored = [i for i, scores in new.items() if UNSCORED in scores.values()]
    missing = [i for i in old if i not in new and document["manifest"]["split"] == "all"]
    lines = [*broken]
    if unscored:
        errors = {q["id"]: q.get("error") for q in document["questions"]}
        why = f" ({errors[unscored[0]]})" if errors.get(unscored[0]) else ""
        lines.append(f"{len(unscored)} questions could not be scored, the first is {unscored[0]}{why}")
    if missing:
        lines.append(f"{len(missing)} questions of the baseline were not asked, the first is {missing[0]}")
    return lines + [f"{describe(c)}, margin {MARGINS[c.metric]:.2f}" for c in changes(new, old) if c.fails]


def describe(change: Change) -> str:
    """One line: what changed, from what to what, with its interval."""
    d = change.difference
    return (
        f"{change.group}: {WORDS[change.metric]} {change.before:.3f} -> {change.after:.3f} "
        f"({d.delta:+.3f}, 95 % from {d.low:+.3f} to {d.high:+.3f}, n = {d.n})"
    )


# -- the committed baseline ----------------------------------------------------------------------------------------------


def find_baseline(manifest: Mapping[str, Any], path: Path = BASELINE) -> dict[str, Any]:
    """The run in the baseline over the same papers with the same model. Raises GateError when there is none."""
    runs: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["runs"] if path.exists() else []
    for run in runs:
        if _key(run["manifest"]) == _key(manifest):
            return run
    raise GateError(
        f"{path} has no run over the corpus {manifest['corpus']['name']} with {manifest['llm']}; "
        "add one with: python -m eval ... --write-baseline"
    )


def write_baseline(document: Mapping[str, Any], path: Path = BASELINE) -> None:
    """Stores a report in the baseline, in place of the run over the same papers with the same model."""
    runs: list[Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["runs"] if path.exists() else []
    gated = {i: {m: v for m, v in s.items() if m in MARGINS} for i, s in scores_of(document).items()}
    runs = [run for run in runs if _key(run["manifest"]) != _key(document["manifest"])]
    runs.append({"manifest": document["manifest"], "scores": gated})
    runs.sort(key=lambda run: json.dumps(_key(run["manifest"])))
    path.write_text('{"runs": [\n' + ",\n".join(_lines(run) for run in runs) + "\n]}\n", encoding="utf-8")


def _key(manifest: Mapping[str, Any]) -> Sequence[str]:
    return [manifest["corpus"]["fingerprint"], manifest["llm"]]


def _lines(run: Mapping[str, Any]) -> str:
    """One line per question, so that a diff shows what changed in the baseline."""
    rows = ",\n".join(f"{json.dumps(i)}: {json.dumps(s)}" for i, s in run["scores"].items())
    return f'{{"manifest": {json.dumps(run["manifest"])},\n"scores": {{\n{rows}\n}}}}'
