"""Parts of the assistant as llama-index components; loaded only when one of them is used."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import (
    RESPONSE_TYPE,
    AsyncStreamingResponse,
    Response,
    StreamingResponse,
)
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.callbacks import CallbackManager
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.readers.base import BaseReader
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import (
    Document,
    MetadataMode,
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)
from llama_index.core.settings import Settings

from assistant import documents
from assistant.answerability.model import AnswerabilityModel
from assistant.injections.screening import for_program
from assistant.query.query import checked
from assistant.retrieval import hybrid
from assistant.types import Answer, AnswerEvent, Citation, Filters, Paper

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
    """Retrieves whole abstracts from a library by vectors and words, without planted sentences."""

    def __init__(self, retriever: hybrid.HybridRetriever, k: int = 8, filters: Filters | None = None) -> None:
        """The best `k` papers that pass the filters. `Assistant.as_retriever` makes one."""
        self._retriever = retriever
        self._k = k
        self._filters = filters
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._retriever.search(checked(query_bundle.query_str), self._k, self._filters)
        papers = (for_program(p.paper) for p in found.passages)
        return [
            NodeWithScore(node=_node(paper), score=p.score) for paper, p in zip(papers, found.passages, strict=True)
        ]


class GroundingPostprocessor(BaseNodePostprocessor):
    """Selects the abstracts that state the answer, the most certain first."""

    min_confidence: float = 0.2
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
    `start`, `end` and `verdict`. `response.metadata["answer"]` is the whole answer as `Answer.to_dict` gives it.
    """

    def __init__(
        self,
        assistant: Assistant,
        filters: Filters | None = None,
        streaming: bool = False,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        """Answers from the library of `assistant`, with its model or without one.

        With `streaming`, a response yields each sentence once it is checked, and has its sources when it has ended.
        """
        self._assistant = assistant
        self._filters = filters
        self._streaming = streaming
        super().__init__(callback_manager=callback_manager or Settings.callback_manager)

    @classmethod
    def from_args(
        cls,
        assistant: Assistant,
        llm: str | None = None,
        similarity_top_k: int | None = None,
        filters: Filters | None = None,
        streaming: bool = False,
        callback_manager: CallbackManager | None = None,
    ) -> VerifiedCitationQueryEngine:
        """An engine with another model (`quotes`, `ollama:MODEL`, …) or number of papers to read than the assistant's.

        Raises SettingsError.
        """
        changes = {"llm": llm, "k": similarity_top_k}
        view = assistant.using(**{name: value for name, value in changes.items() if value is not None})
        return cls(view, filters, streaming, callback_manager)

    @property
    def retriever(self) -> HybridRetriever:
        """Retrieves the whole abstracts that an answer is sought in."""
        return self._assistant.as_retriever(filters=self._filters)

    def retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """The abstracts that an answer to this question is sought in, best first."""
        return self.retriever.retrieve(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        events = self._assistant.stream(query_bundle.query_str, filters=self._filters)
        written = _Written()
        if self._streaming:
            return StreamingResponse(written.pieces(events), written.sources, written.metadata)
        return Response("".join(written.pieces(events)), written.sources, written.metadata)

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        events = self._assistant.astream(query_bundle.query_str, filters=self._filters)
        written = _Written()
        if self._streaming:
            return AsyncStreamingResponse(written.apieces(events), written.sources, written.metadata)
        text = "".join([piece async for piece in written.apieces(events)])
        return Response(text, written.sources, written.metadata)


class _Written:
    """What a response holds, filled while its answer is written."""

    def __init__(self) -> None:
        self._text = ""
        self.sources: list[NodeWithScore] = []
        self.metadata: dict[str, Any] = {}

    def pieces(self, events: Iterator[AnswerEvent]) -> Generator[str, None, None]:
        """The text of the answer, piece by piece."""
        for event in events:
            if piece := self._add(event):
                yield piece

    async def apieces(self, events: AsyncGenerator[AnswerEvent, None]) -> AsyncGenerator[str, None]:
        """The same; a consumer that stops ends the work on the answer."""
        async with aclosing(events):
            async for event in events:
                if piece := self._add(event):
                    yield piece

    def _add(self, event: AnswerEvent) -> str:
        """The text that this event adds to what is written; the last event adds the sources as well."""
        piece = ""
        if event.lead:
            piece = f"{' ' if self._text else ''}{event.lead}"
        elif event.sentence is not None:
            piece = f"{' ' if self._text else ''}{event.sentence}"
        elif event.answer is not None:
            piece = event.answer.text.removeprefix(self._text)
            self.sources += [_source(citation, event.answer) for citation in event.answer.citations]
            self.metadata["answer"] = event.answer.to_dict()
        self._text += piece
        return piece


def _source(citation: Citation, answer: Answer) -> NodeWithScore:
    """The cited span; its verdict is the most cautious one of the sentences that cite it."""
    checked_by = [s for s in answer.sentences if citation.n in s.citations]
    metadata = {
        "paper_id": citation.paper_id,
        "title": citation.title,
        "start": citation.start,
        "end": citation.end,
        "verdict": "supported" if all(s.verified for s in checked_by) else "partial",
    }
    node = TextNode(
        id_=f"{citation.paper_id}:{citation.start}-{citation.end}",
        text=citation.quote,
        start_char_idx=citation.start,
        end_char_idx=citation.end,
        metadata=metadata,
        # What a model may read of it; the rest only costs tokens.
        excluded_llm_metadata_keys=[name for name in metadata if name != "title"],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=citation.paper_id)},
    )
    return NodeWithScore(node=node, score=answer.confidence)


def _node(paper: Paper) -> TextNode:
    return TextNode(id_=paper.paper_id, text=paper.abstract, metadata=_metadata(paper))


def _metadata(paper: Paper) -> dict[str, Any]:
    return {"paper_id": paper.paper_id, "title": paper.title, "year": paper.year}
