"""Parts of the assistant as llama-index components; loaded only when one of them is used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.callbacks import CallbackManager
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.readers.base import BaseReader
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import Document, MetadataMode, NodeWithScore, QueryBundle, TextNode

from assistant import documents
from assistant.answerability.model import AnswerabilityModel
from assistant.query.query import checked
from assistant.retrieval import hybrid
from assistant.types import Answer, Filters, Paper

if TYPE_CHECKING:
    from assistant.assistant import Assistant


class AbstractReader(BaseReader):
    """Reads papers from files in any format that `assistant index` reads, one document per abstract."""

    def load_data(self, paths: Sequence[str | Path]) -> list[Document]:
        """The papers of files and folders; records that cannot be read are left out. Raises DocumentError."""
        records = documents.read(paths)
        return [
            Document(id_=r.paper_id, text=r.abstract, metadata=_metadata(r)) for r in records if isinstance(r, Paper)
        ]


class HybridRetriever(BaseRetriever):
    """Retrieves whole abstracts from a library by vectors and words."""

    def __init__(self, retriever: hybrid.HybridRetriever, k: int = 8, filters: Filters | None = None) -> None:
        """The best `k` papers that pass the filters. `Assistant.as_retriever` makes one."""
        self._retriever = retriever
        self._k = k
        self._filters = filters
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._retriever.search(checked(query_bundle.query_str), self._k, self._filters)
        return [NodeWithScore(node=_node(p.paper), score=p.score) for p in found.passages]


class GroundingPostprocessor(BaseNodePostprocessor):
    """Selects the abstracts that state the answer, the most certain first."""

    min_confidence: float = 0.15
    """Calibrated probability that an abstract states the answer, below which its node is dropped."""
    _model: AnswerabilityModel = PrivateAttr(default_factory=AnswerabilityModel)

    @classmethod
    def class_name(cls) -> str:
        """The name under which llama-index serializes it."""
        return "GroundingPostprocessor"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None or not nodes:
            return nodes
        papers = [(n.metadata.get("title", ""), n.node.get_content(MetadataMode.NONE)) for n in nodes]
        found = self._model.read(query_bundle.query_str, papers)
        graded = [
            NodeWithScore(node=n.node, score=one.confidence)
            for n, one in zip(nodes, found, strict=True)
            if one.confidence >= self.min_confidence
        ]
        return sorted(graded, key=lambda n: -(n.score or 0.0))


class VerifiedCitationQueryEngine(BaseQueryEngine):
    """A drop-in for `CitationQueryEngine` whose every sentence was checked against the exact span that it cites.

    A sentence that its span supports only in part carries the mark “compare with the source” in the response.
    `source_nodes[n - 1]` of a response is the span behind the marker `[n]`; its metadata holds `paper_id`, `title`,
    `start` and `end`. `response.metadata["answer"]` is the whole answer as `Answer.to_dict` gives it.
    """

    def __init__(self, assistant: Assistant, filters: Filters | None = None) -> None:
        """Answers from the library of `assistant`, with its model or without one."""
        self._assistant = assistant
        self._filters = filters
        super().__init__(callback_manager=CallbackManager([]))

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return _response(self._assistant.ask(query_bundle.query_str, filters=self._filters))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return _response(await self._assistant.aask(query_bundle.query_str, filters=self._filters))


def _response(answer: Answer) -> Response:
    sources = [
        NodeWithScore(
            node=TextNode(
                id_=f"{c.paper_id}:{c.start}-{c.end}",
                text=c.quote,
                metadata={"paper_id": c.paper_id, "title": c.title, "start": c.start, "end": c.end},
            ),
            score=answer.confidence,
        )
        for c in answer.citations
    ]
    return Response(response=answer.text, source_nodes=sources, metadata={"answer": answer.to_dict()})


def _node(paper: Paper) -> TextNode:
    return TextNode(id_=paper.paper_id, text=paper.abstract, metadata=_metadata(paper))


def _metadata(paper: Paper) -> dict[str, Any]:
    return {"paper_id": paper.paper_id, "title": paper.title, "year": paper.year}
