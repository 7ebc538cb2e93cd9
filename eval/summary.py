"""Summarises records into figures, per type and over all, each with its number of questions and its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval import metrics, statistics
from eval.questions import ADVERSARIAL, ANSWERABLE_TYPES, GOLD_REMOVED, SCRIPTED, UNANSWERABLE_TYPES
from eval.ranking import RETRIEVERS, ranking_scores
from eval.run import Record
from eval.scoring import ABOUT, OF_QUOTES

DERIVED = (GOLD_REMOVED, ADVERSARIAL, SCRIPTED)
"""Types that are reported on their own and enter no other group."""
GROUPS = ("all", "answerable", "answerable, lay aside", "unanswerable")
"""Groups of written questions over several types."""
Summary = dict[str, dict[str, Any]]


def summarise(records: Sequence[Record]) -> Summary:
    """Group -> metric -> figure with `value`, `n_scored`, `n_total`, `low` and `high`.

    Groups are `all`, `answerable` and `unanswerable` written questions, the same without lay paraphrases (which avoid
    every word of the paper on purpose), and every type. A metric that applies to no question of a group is left out.
    """
    written = [r for r in records if r.type not in DERIVED]
    answerable = [r for r in written if r.answerable]
    plain = [r for r in answerable if r.type != "lay"]
    refusable = [r for r in written if not r.answerable]
    groups = dict(zip(GROUPS, (written, answerable, plain, refusable), strict=True))
    for kind in (*ANSWERABLE_TYPES, *UNANSWERABLE_TYPES, *DERIVED):
        groups[kind] = [r for r in records if r.type == kind]
    return {name: _figures(rows) for name, rows in groups.items() if rows}


def _figures(records: Sequence[Record]) -> dict[str, Any]:
    figures: dict[str, Any] = {"questions": len(records)}
    for name in ABOUT:
        found = statistics.figure([r.scores.get(name) for r in records])
        if found.n_total:
            figures[name] = statistics.to_dict(found)
    return figures


def selective(records: Sequence[Record]) -> dict[str, Any]:
    """How well confidence tells right answers from wrong ones, over the written questions.

    A loss is 1 minus the share of the key facts that the answer shows; every answer to an unanswerable question is a
    loss of 1. `curve` is risk against coverage, `area` its AURC; `auroc` and `ece` are the AUROC and the expected
    calibration error of confidence as the probability that a question is answerable.
    """
    asked = [(r, r.answer) for r in records if r.type not in DERIVED and r.answer is not None]
    answered = [(r, a) for r, a in asked if a["status"] == "answered"]
    losses = [1.0 - _shown(r) for r, _ in answered]
    curve = statistics.risk_coverage([a["confidence"] for _, a in answered], losses, len(asked))
    confidence, answerable = [a["confidence"] for _, a in asked], [r.answerable for r, _ in asked]
    return {
        "asked": len(asked),
        "answered": len(answered),
        "area": statistics.rounded(statistics.risk_area(curve)),
        "auroc": statistics.rounded(statistics.auroc(confidence, answerable)) if asked else None,
        "ece": statistics.rounded(statistics.calibration_error(confidence, answerable)),
        "curve": [[round(x, 4), round(y, 4)] for x, y in curve],
    }


def confidence(records: Sequence[Record]) -> dict[str, dict[str, Any]]:
    """Split -> what `selective` gives for its questions. Confidence was calibrated and its threshold chosen on dev."""
    splits = {split: [r for r in records if r.split == split] for split in ("dev", "test")}
    return {split: selective(rows) for split, rows in splits.items() if any(r.type not in DERIVED for r in rows)}


def _shown(record: Record) -> float:
    facts = record.scores["key_facts"]
    return facts if record.answerable and isinstance(facts, float) else 0.0


def retrievers(records: Sequence[Record]) -> dict[str, dict[str, Any]]:
    """Retriever -> metric -> figure, over the answerable written questions."""
    rows = [r for r in records if r.ranked]
    table: dict[str, dict[str, Any]] = {}
    for retriever in RETRIEVERS if rows else ():
        scores = [ranking_scores(r.ranked[retriever], dict.fromkeys(r.gold_papers, 1.0)) for r in rows]
        table[retriever] = {
            name: statistics.to_dict(statistics.figure([s[name] for s in scores])) for name in scores[0]
        }
    return table


def tokens(records: Sequence[Record]) -> dict[str, dict[str, float]]:
    """Mean and percentiles of the tokens per question, as the serving model counted them; 0 where no model was asked."""
    usages = [r.answer["usage"] for r in records if r.answer is not None]
    table = {}
    for name in ("prompt_tokens", "completion_tokens"):
        values = [float(u[name]) for u in usages]
        table[name] = {"mean": round(sum(values) / max(1, len(values)), 1), **metrics.percentiles(values)}
    return table


def timings(records: Sequence[Record]) -> dict[str, dict[str, float]]:
    """Stage -> percentiles in milliseconds."""
    stages: dict[str, list[float]] = {}
    for record in records:
        for stage, milliseconds in record.timings_ms.items():
            stages.setdefault(stage, []).append(milliseconds)
    return {stage: metrics.percentiles(values) for stage, values in stages.items()}


def broken(records: Sequence[Record]) -> Mapping[str, list[str]]:
    """Invariant -> ids of the questions whose answers break it."""
    found: dict[str, list[str]] = {}
    for record in records:
        for name in record.broken:
            found.setdefault(name, []).append(record.id)
    return found


def by_construction(document: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The (group, metric) pairs of a report that could not have come out otherwise than perfect.

    Without a model, an answer consists of exact quotes that cite themselves. A figure that is not perfect all the same
    is a defect, and is not among them.
    """
    written = [q["answer"] for q in document["questions"] if q["type"] != SCRIPTED]
    if any(answer is not None and answer["model"] != "quotes" for answer in written):
        return set()
    rows = [(group, metric) for group in document["summary"] if group != SCRIPTED for metric in OF_QUOTES]
    return {(group, metric) for group, metric in rows if _is_perfect(document["summary"][group].get(metric))}


def _is_perfect(figure: Mapping[str, Any] | None) -> bool:
    return figure is not None and figure["value"] == 1.0 and figure["n_scored"] == figure["n_total"]
