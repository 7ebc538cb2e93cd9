"""Ranks papers without answering: the hybrid search beside each of its retrievers alone, over one library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from assistant import Assistant, Settings
from eval import metrics

RETRIEVERS = ("bm25", "dense", "hybrid")
_WEIGHTS = {"bm25": 0.0, "dense": 1.0}
"""The weight of the dense retriever; the hybrid search takes it from the settings."""


@contextmanager
def rankers(settings: Settings, k: int = 10) -> Iterator[Callable[[str], dict[str, list[str]]]]:
    """Yields a function that ranks the best `k` papers for a question with each retriever; the library is in `settings.home`."""
    with ExitStack() as stack:
        retrievers = {}
        for name in RETRIEVERS:
            changed = settings.model_copy(
                update={"llm": "quotes", "dense_weight": _WEIGHTS.get(name, settings.dense_weight)}
            )
            retrievers[name] = stack.enter_context(Assistant(changed)).as_retriever(k)

        def rank(question: str) -> dict[str, list[str]]:
            return {
                name: [node.node.metadata["paper_id"] for node in retriever.retrieve(question)]
                for name, retriever in retrievers.items()
            }

        yield rank


def ranking_scores(ranked: Sequence[str], relevance: Mapping[str, float]) -> dict[str, float]:
    """nDCG@10, MRR@10, recall@10 and hit@1 of one ranking; `relevance` by paper id is above 0 for the right papers."""
    gold = [paper_id for paper_id, gain in relevance.items() if gain > 0]
    return {
        "ndcg@10": metrics.ndcg(ranked, dict(relevance)),
        "mrr@10": metrics.reciprocal_rank(ranked[:10], gold),
        "recall@10": metrics.recall_at(ranked, gold, 10),
        "hit@1": metrics.hit_at(ranked, gold, 1),
    }
