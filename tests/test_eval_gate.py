"""Two runs side by side, and the gate: what closes it, and what does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval import compare

MANIFEST = {"corpus": {"name": "sample", "fingerprint": "f"}, "llm": "quotes", "split": "all"}


def document(scores: dict[str, dict[str, Any]], **values: Any) -> dict[str, Any]:
    return {
        "manifest": MANIFEST,
        "broken": {},
        "questions": [{"id": i, "scores": s} for i, s in scores.items()],
    } | values


def many(metric: str, value: float, n: int = 60) -> dict[str, dict[str, Any]]:
    return {f"q-{i:03d}": {metric: value, "hit@1": 1.0} for i in range(n)}


def changed(metric: str, value: float, other: float, share: float) -> dict[str, dict[str, Any]]:
    """`share` of 60 questions get another value."""
    return {i: s | ({metric: other} if int(i[2:]) < 60 * share else {}) for i, s in many(metric, value).items()}


def test_the_same_run_passes() -> None:
    assert compare.gate(document(many("key_facts", 1.0)), document(many("key_facts", 1.0))) == []


@pytest.mark.parametrize(
    ("metric", "good", "bad"), [("key_facts", 1.0, 0.0), ("false_answer", 0.0, 1.0), ("lies_shown", 0.0, 1.0)]
)
def test_a_sure_loss_beyond_the_margin_closes_it(metric: str, good: float, bad: float) -> None:
    before, after = document(many(metric, good)), document(changed(metric, good, bad, 0.2))
    (reason,) = compare.gate(after, before)
    assert "written" in reason
    assert compare.gate(before, after) == [], "a gain does not"


def test_a_loss_that_may_be_chance_is_only_pointed_out() -> None:
    before = document(many("key_facts", 1.0))
    after = document(changed("key_facts", 1.0, 0.0, 0.04))  # 2 of 60: .033, more than the margin, not sure
    assert compare.gate(after, before) == []
    change = next(
        c for c in compare.changes(compare.scores_of(after), compare.scores_of(before)) if c.metric == "key_facts"
    )
    assert change.warns
    assert not change.fails


def test_one_broken_invariant_closes_it() -> None:
    reasons = compare.gate(document(many("hit@1", 1.0), broken={"spans": ["q-007"]}), document(many("hit@1", 1.0)))
    assert len(reasons) == 1
    assert "q-007" in reasons[0]


def test_unscored_and_missing_questions_close_it() -> None:
    after = many("key_facts", 1.0)
    after["q-003"] = {"key_facts": "unscored"}
    del after["q-004"]
    reasons = compare.gate(document(after), document(many("key_facts", 1.0)))
    assert ["q-003" in r or "q-004" in r for r in reasons] == [True, True]


def test_kinds_of_questions_are_compared_apart() -> None:
    kinds = {"q-1": "written", "q-1-removed": "gold-removed", "adv-1": "adversarial", "q-1-scripted": "scripted"}
    scores: dict[str, dict[str, Any]] = {i: {"false_answer": 0.0} for i in kinds}
    assert [c.group for c in compare.changes(scores, scores)] == list(kinds.values())


def test_checked_sentences_are_compared_apart() -> None:
    def run(shown: float) -> dict[str, Any]:
        rows = [{"id": f"sentences/s-{i}", "claim": "x", "scores": {"false_shown": shown}} for i in range(20)]
        rows += [{"id": "claims/c-1", "claim": "y", "scores": {"true_shown": 1.0}}]
        rows += [{"id": "sentences/s-99", "claim": "true in part", "scores": {}}]
        return document(many("hit@1", 1.0), checked=rows)

    assert compare.gate(run(0.0), run(0.0)) == []
    assert compare.gate(run(0.0), run(1.0)) == []
    (reason,) = compare.gate(run(1.0), run(0.0))
    assert reason.startswith("sentences: false sentences that the check would show 0.000 -> 1.000")
    assert "sentences/s-99" not in compare.scores_of(run(0.0))


def test_criteria_of_lists_are_compared_apart() -> None:
    def run(f1: float) -> dict[str, Any]:
        rows = [{"id": f"find_all/f{i:02}", "topic": "x", "scores": {"list_f1": f1}} for i in range(20)]
        return document(many("hit@1", 1.0), criteria=rows)

    assert compare.gate(run(0.9), run(0.9)) == compare.gate(run(0.9), run(0.8)) == []
    (reason,) = compare.gate(run(0.8), run(0.9))
    assert reason.startswith("find_all: F1 of the listed papers, macro mean over criteria 0.900 -> 0.800")


def test_changed_questions_come_worst_first() -> None:
    old: dict[str, dict[str, Any]] = {
        "a": {"key_facts": 1.0},
        "b": {"key_facts": 1.0},
        "c": {"false_answer": 1.0},
        "d": {"hit@1": 1.0},
    }
    new: dict[str, dict[str, Any]] = {
        "a": {"key_facts": 0.5},
        "b": {"key_facts": 0.0},
        "c": {"false_answer": 0.0},
        "d": {"hit@1": 1.0},
    }
    rows = compare.changed_questions(new, old)
    assert [row["id"] for row in rows] == ["b", "a", "c"]
    assert rows[0]["scores"] == {"key_facts": [1.0, 0.0]}


def test_the_baseline_keeps_a_run_for_each_corpus_and_model(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    other = MANIFEST | {"llm": "http://127.0.0.1:1/v1#m"}
    compare.write_baseline(document(many("key_facts", 0.0)), path)
    compare.write_baseline(document(many("key_facts", 0.5), manifest=other), path)
    compare.write_baseline(document(many("key_facts", 1.0)), path)
    stored = compare.find_baseline(MANIFEST, path)
    assert compare.gate(document(many("key_facts", 1.0)), stored) == []
    assert compare.scores_of(stored)["q-000"]["key_facts"] == 1.0
    assert compare.scores_of(compare.find_baseline(other, path))["q-000"]["key_facts"] == 0.5
    with pytest.raises(compare.GateError, match="write-baseline"):
        compare.find_baseline(MANIFEST | {"llm": "other"}, path)


def test_the_committed_baseline_is_of_the_bundled_sample() -> None:
    import json

    runs = json.loads(compare.BASELINE.read_text(encoding="utf-8"))["runs"]
    names = [(run["manifest"]["corpus"]["name"], run["manifest"]["llm"], run["manifest"]["split"]) for run in runs]
    assert ("sample", "quotes", "all") in names
