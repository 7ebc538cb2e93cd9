"""The question set is sound, and the metrics are what their definitions say."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from conftest import CORPUS

from assistant.core.ingest import SAMPLE
from assistant.documents import read
from assistant.identity import title_key
from assistant.types import Paper
from eval import metrics, questions

QUESTIONS = questions.load()
SAMPLE_PAPERS = {p.paper_id: p for p in read([SAMPLE]) if isinstance(p, Paper)}


def test_size_and_kinds() -> None:
    assert len(QUESTIONS) >= 240
    assert sum(not q.answerable for q in QUESTIONS) >= 90
    assert {q.type for q in QUESTIONS} == {*questions.ANSWERABLE_TYPES, *questions.UNANSWERABLE_TYPES}
    assert len(SAMPLE_PAPERS) >= 120


def test_no_duplicates() -> None:
    assert max(Counter(q.id for q in QUESTIONS).values()) == 1
    assert max(Counter((title_key(q.question), q.history) for q in QUESTIONS).values()) == 1


def test_no_paper_is_gold_in_both_splits() -> None:
    gold = {s: {p for q in QUESTIONS if q.split == s for p in q.gold_papers} for s in ("dev", "test")}
    assert not gold["dev"] & gold["test"]


def test_key_facts_occur_in_the_sample() -> None:
    _check_facts(SAMPLE_PAPERS)


def test_key_facts_occur_in_the_real_corpus() -> None:
    _check_facts(_corpus())


def test_sample_sentences_are_our_own() -> None:
    """No run of eight words is shared with the abstract that a summary was written from."""
    corpus = _corpus()
    for paper_id, paper in SAMPLE_PAPERS.items():
        ours, theirs = (title_key(p.abstract).split() for p in (paper, corpus[paper_id]))
        runs = {tuple(theirs[i : i + 8]) for i in range(len(theirs) - 7)}
        assert not runs & {tuple(ours[i : i + 8]) for i in range(len(ours) - 7)}, paper.title


def _corpus() -> dict[str, Paper]:
    if not CORPUS.is_dir():
        pytest.skip("the real corpus does not lie beside this checkout")
    found: dict[str, Paper] = {}
    for paper in read([CORPUS]):
        assert isinstance(paper, Paper)
        if len(paper.abstract) > len(found[paper.paper_id].abstract if paper.paper_id in found else ""):
            found[paper.paper_id] = paper
    return found


def _check_facts(papers: dict[str, Paper]) -> None:
    for question in QUESTIONS:
        texts = " ".join(papers[p].abstract for p in question.gold_papers)
        assert metrics.fact_recall(texts, question.key_facts) in (None, 1.0), question.id
        if question.correction:
            assert metrics.fold(question.correction) in metrics.fold(texts), question.id


@pytest.mark.parametrize(
    "broken",
    [
        {"split": "train"}, {"type": "riddle"}, {"answerable": False}, {"key_facts": []}, {"key_facts": [[""]]},
        {"gold_papers": "t:1"}, {"colour": "red"},
    ],
)
def test_malformed_questions_are_named(tmp_path, broken) -> None:  # type: ignore[no-untyped-def]  # parametrised
    row = {
        "id": "x", "split": "dev", "type": "figure", "question": "How many?", "history": [], "answerable": True,
        "gold_papers": ["t:1"], "key_facts": [["4"]], "note": "",
    }
    file = tmp_path / "q.jsonl"
    file.write_text(json.dumps(row) + "\n" + json.dumps(row | broken) + "\n")
    with pytest.raises(ValueError, match=r"q\.jsonl:2"):
        questions.load(file)


def test_ranking_metrics() -> None:
    ranked, gold = ["a", "b", "c", "d"], ["c", "x"]
    assert metrics.first_rank(ranked, gold) == 3
    assert metrics.reciprocal_rank(ranked, gold) == pytest.approx(1 / 3)
    assert (metrics.hit_at(ranked, gold, 2), metrics.hit_at(ranked, gold, 3)) == (0.0, 1.0)
    assert metrics.recall_at(ranked, gold, 4) == 0.5
    assert metrics.ndcg(["b", "a"], {"a": 1.0}) == pytest.approx(0.6309, abs=1e-4)
    assert metrics.ndcg(["a", "b"], {"a": 1.0}) == 1.0
    assert metrics.ndcg(["z"], {}) == 0.0


def test_fact_recall_folds_case_space_and_latex() -> None:
    assert metrics.fact_recall("It reaches 98.7\\%  accuracy", [["98.7% Accuracy"], ["never", "It reaches"]]) == 1.0
    assert metrics.fact_recall("nothing", [["a"], ["h"]]) == 0.5
    assert metrics.fact_recall("nothing", []) is None


def test_missing_values_never_enter_a_mean() -> None:
    assert metrics.mean([1.0, None, 0.0]) == (0.5, 2)
    assert metrics.mean([None]) == (None, 0)


def test_auroc_and_interval() -> None:
    assert metrics.auroc([3, 2], [1, 2]) == pytest.approx(0.875)
    assert metrics.auroc([], [1]) is None
    assert metrics.interval([1.0] * 30) == (0.9, 1.0)
    low, high = metrics.interval([0.0, 1.0] * 20) or (0, 0)
    assert 0.3 < low < 0.5 < high < 0.7
    assert metrics.interval([0.0, 1.0] * 20) == (low, high), "a fixed seed"
