"""The search by itself: hybrid beside each of its legs alone, over one library. Uses `Assistant.as_retriever`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from assistant import Assistant, Settings
from eval import metrics

LEGS = ("bm25", "dense", "hybrid")
_WEIGHTS = {"bm25": 0.0, "dense": 1.0}
"""Share of the dense leg; the hybrid has that of the settings."""


@contextmanager
def rankers(settings: Settings, k: int = 10) -> Iterator[Callable[[str], dict[str, list[str]]]]:
    """What ranks a question's best `k` papers by each leg and by both; the library lies in `settings.home`."""
    with ExitStack() as stack:
        retrievers = {}
        for leg in LEGS:
            changed = settings.model_copy(
                update={"llm": "quotes", "dense_weight": _WEIGHTS.get(leg, settings.dense_weight)}
            )
            retrievers[leg] = stack.enter_context(Assistant(changed)).as_retriever(k)

        def rank(question: str) -> dict[str, list[str]]:
            return {
                leg: [node.node.metadata["paper_id"] for node in retriever.retrieve(question)]
                for leg, retriever in retrievers.items()
            }

        yield rank


def ranking_scores(ranked: Sequence[str], relevance: Mapping[str, float]) -> dict[str, float]:
    """nDCG@10, MRR@10, recall@10 and hit@1 of one ranking; `relevance` by paper id, above 0 where it is a right one."""
    gold = [paper_id for paper_id, gain in relevance.items() if gain > 0]
    return {
        "ndcg@10": metrics.ndcg(ranked, dict(relevance)),
        "mrr@10": metrics.reciprocal_rank(ranked[:10], gold),
        "recall@10": metrics.recall_at(ranked, gold, 10),
        "hit@1": metrics.hit_at(ranked, gold, 1),
    }
