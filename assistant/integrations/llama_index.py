"""The library as a llama-index retriever. Loaded only when one is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.types import Passage


def make_retriever(search: Callable[[str], Sequence[Passage]]):  # type: ignore[no-untyped-def]  # typed by its caller
    """A `BaseRetriever` whose nodes are whole abstracts with their metadata."""
    from llama_index.core.retrievers import BaseRetriever
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

    class AbstractRetriever(BaseRetriever):
        def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
            return [
                NodeWithScore(
                    node=TextNode(
                        id_=p.paper.paper_id,
                        text=p.paper.abstract,
                        metadata={"paper_id": p.paper.paper_id, "title": p.paper.title, "year": p.paper.year},
                    ),
                    score=p.score,
                )
                for p in search(query_bundle.query_str)
            ]

    return AbstractRetriever()
