"""llama-index programs use the assistant's parts in query engines of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import write_papers
from invariants import check_answer
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import QueryBundle
from llama_index.core.tools import QueryEngineTool
from partial import QUESTION, partial_answers

from assistant import Answer, Assistant, Filters
from assistant.integrations.llama_index import AbstractReader, GroundingPostprocessor, VerifiedCitationQueryEngine

BARLEY = "How are ears of barley counted?"
TIDE = "How much does TideNet lower the speed error?"


def test_a_query_engine_answers_from_the_retriever(assistant: Assistant) -> None:
    engine = RetrieverQueryEngine.from_args(assistant.as_retriever(k=2), llm=MockLLM())
    response = engine.query(BARLEY)
    assert "Barley" in response.source_nodes[0].node.metadata["title"]
    assert "BarleyCount" in str(response), "the abstract reached the model that writes"


def test_the_postprocessor_leaves_the_abstracts_that_state_the_answer(assistant: Assistant) -> None:
    engine = RetrieverQueryEngine.from_args(
        assistant.as_retriever(k=5), llm=MockLLM(), node_postprocessors=[GroundingPostprocessor()]
    )
    found = engine.query(TIDE).source_nodes
    assert "TideNet" in found[0].node.metadata["title"]
    assert len(found) < 5
    assert engine.query("Who won the chess championship of 1972?").source_nodes == []


def test_the_citation_engine_returns_the_span_behind_each_marker(assistant: Assistant) -> None:
    engine = VerifiedCitationQueryEngine(assistant)
    response = engine.query(TIDE)
    answer = Answer.from_dict(response.metadata["answer"])
    check_answer(answer, assistant)
    assert "[1]" in str(response)
    assert [n.node.text for n in response.source_nodes] == [c.quote for c in answer.citations]
    first = response.source_nodes[0].node
    abstract = assistant.paper(first.metadata["paper_id"]).abstract
    assert abstract[first.metadata["start"] : first.metadata["end"]] == first.text


def test_the_citation_engine_abstains_and_filters(assistant: Assistant) -> None:
    response = VerifiedCitationQueryEngine(assistant, Filters(year_from=2031)).query(TIDE)
    assert response.metadata["answer"]["status"] == "abstained"
    assert response.source_nodes == []


def test_a_source_says_whether_its_span_carries_what_cites_it(assistant: Assistant) -> None:
    with partial_answers() as settings:
        response = VerifiedCitationQueryEngine(assistant.using(**settings)).query(QUESTION)
    answer = Answer.from_dict(response.metadata["answer"])
    assert {s.verdict for s in answer.sentences} == {"supported", "partial"}
    for n, source in enumerate(response.source_nodes, 1):
        cited_by = {s.verdict for s in answer.sentences if n in s.citations}
        assert source.node.metadata["verdict"] == ("supported" if cited_by == {"supported"} else "partial")
        assert source.node.ref_doc_id == answer.citations[n - 1].paper_id
    assert "partial" in [n.node.metadata["verdict"] for n in response.source_nodes]


def test_the_citation_engine_streams(assistant: Assistant) -> None:
    with partial_answers() as settings:
        view = assistant.using(**settings)
        whole = VerifiedCitationQueryEngine(view).query(QUESTION)
        engine = VerifiedCitationQueryEngine(view, streaming=True)
        response = engine.query(QUESTION)
        first = next(response.response_gen)
        assert str(whole).startswith(first)
        assert response.source_nodes == [], "the first sentence comes before the answer is complete"
        assert first + "".join(response.response_gen) == str(whole)
        assert [n.node for n in response.source_nodes] == [n.node for n in whole.source_nodes]
        again = engine.query(QUESTION).get_response()
    assert str(again) == again.metadata["answer"]["text"] == str(whole)


def test_a_streamed_abstention_is_its_text(assistant: Assistant) -> None:
    response = VerifiedCitationQueryEngine(assistant, streaming=True).query("Who won the football final?")
    assert "searched" in str(response)
    assert response.source_nodes == []


@pytest.mark.anyio
async def test_the_citation_engine_streams_asynchronously(assistant: Assistant) -> None:
    whole = VerifiedCitationQueryEngine(assistant).query(TIDE)
    response = await VerifiedCitationQueryEngine(assistant, streaming=True).aquery(TIDE)
    assert "".join([piece async for piece in response.async_response_gen()]) == str(whole)
    assert [n.node for n in response.source_nodes] == [n.node for n in whole.source_nodes]


def test_the_citation_engine_takes_another_model_and_fewer_papers(assistant: Assistant) -> None:
    with partial_answers() as settings:
        engine = VerifiedCitationQueryEngine.from_args(
            assistant.using(**settings | {"judge": "default"}),
            llm="quotes",
            similarity_top_k=2,
            filters=Filters(year_to=2022),
        )
        assert engine.query(TIDE).metadata["answer"]["model"] == "quotes"
        found = engine.retrieve(QueryBundle(TIDE))
    assert len(found) == 2
    assert "TideNet" in found[0].node.metadata["title"]
    assert all(n.node.metadata["year"] <= 2022 for n in found)


@pytest.mark.anyio
async def test_the_citation_engine_answers_asynchronously_as_a_tool(assistant: Assistant) -> None:
    tool = QueryEngineTool.from_defaults(VerifiedCitationQueryEngine(assistant), description="abstracts")
    assert "0.27 knots" in str(await tool.acall(TIDE))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_the_reader_gives_one_document_per_abstract(tmp_path: Path) -> None:
    documents = AbstractReader().load_data([write_papers(tmp_path / "papers.jsonl")])
    assert len(documents) == 6
    assert documents[0].metadata["title"].startswith("TideNet")
    assert "Harbour pilots" in documents[0].text
