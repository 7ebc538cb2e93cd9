"""The fusion of two retrievers' scores into one ranking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.fusion import fuse

SCORES = st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1))


def test_both_scores_count_by_their_weights() -> None:
    ranked = fuse({"a": 0.8, "b": 0.4}, {"b": 1.0, "c": 0.5}, 0.25)
    assert ranked == [("b", pytest.approx(0.85)), ("c", pytest.approx(0.375)), ("a", pytest.approx(0.2))]


def test_a_retriever_that_found_nothing_leaves_the_ranking_to_the_other() -> None:
    assert fuse({}, {"a": 0.3, "b": 0.9}, 0.5) == [("b", 0.9), ("a", 0.3)]
    assert fuse({"a": 0.3, "b": 0.9}, {}, 0.5) == [("b", 0.9), ("a", 0.3)]
    assert fuse({}, {}, 0.5) == []


def test_ties_go_to_the_smaller_id() -> None:
    assert [paper_id for paper_id, _ in fuse({"b": 0.5, "c": 0.5}, {"a": 0.5}, 0.5)] == ["a", "b", "c"]


@given(SCORES, SCORES, st.floats(0, 1))
def test_every_paper_is_ranked_once_between_its_two_scores(
    dense: dict[str, float], bm25: dict[str, float], weight: float
) -> None:
    ranked = fuse(dense, bm25, weight)
    assert sorted(i for i, _ in ranked) == sorted({*dense, *bm25})
    assert [s for _, s in ranked] == sorted((s for _, s in ranked), reverse=True)
    for paper_id, score in ranked:
        both = dense.get(paper_id, 0.0), bm25.get(paper_id, 0.0)
        assert min(both) - 1e-9 <= score <= max(both) + 1e-9
