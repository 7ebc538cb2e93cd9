"""The tools: ask, search, check, get_paper and library.

Answers are the documents of `assistant ask --json`, so that clients get citations as data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from assistant import Assistant, AssistantError, Filters

if TYPE_CHECKING:
    from mcp.server import MCPServer

_Question = Annotated[str, Field(description="A complete question that names its subject.", max_length=4000)]
_Claim = Annotated[str, Field(description="One sentence that names its subject.", max_length=4000)]
_Papers = Annotated[
    list[str] | None,
    Field(
        description="Papers to hold it against, all of them together; without any, each of the closest ones.",
        max_length=20,
    ),
]
_Count = Annotated[int, Field(description="Number of papers to search for.", ge=1, le=20)]
_YearFrom = Annotated[int | None, Field(description="Only papers of this year and later.")]
_YearTo = Annotated[int | None, Field(description="Only papers of this year and earlier.")]
_Sources = Annotated[list[str] | None, Field(description="Only papers of these files, named as `library` lists them.")]
_Pinned = Annotated[
    list[str] | None,
    Field(description="Ids of papers that are read in any case, whatever else is filtered out.", max_length=20),
]
_Exclude = Annotated[list[str] | None, Field(description="Ids of papers that must not be used.", max_length=1000)]


def add_tools(server: MCPServer[Any], assistant: Assistant) -> None:
    """Offers the tools; all of them only read the library."""
    from mcp.types import ToolAnnotations

    reads = ToolAnnotations(read_only_hint=True)
    _add_questions(server, assistant, reads)
    _add_lookups(server, assistant, reads)


def _add_questions(server: MCPServer[Any], assistant: Assistant, reads: Any) -> None:
    @server.tool(annotations=reads)
    async def ask(
        question: _Question,
        year_from: _YearFrom = None,
        year_to: _YearTo = None,
        sources: _Sources = None,
        pinned: _Pinned = None,
        exclude: _Exclude = None,
    ) -> dict[str, Any]:
        """Answer a question from the abstracts with citations of exact spans, or say that they do not state the answer."""
        with _told():
            filters = _filters(assistant, year_from, year_to, sources, pinned, exclude)
            return (await assistant.aask(question, filters=filters)).to_dict()

    @server.tool(annotations=reads)
    def search(
        question: _Question,
        k: _Count = 8,
        year_from: _YearFrom = None,
        year_to: _YearTo = None,
        sources: _Sources = None,
        pinned: _Pinned = None,
        exclude: _Exclude = None,
    ) -> dict[str, Any]:
        """Rank papers for a question, each with the sentence that comes closest to it."""
        with _told():
            filters = _filters(assistant, year_from, year_to, sources, pinned, exclude)
            return {"hits": [asdict(hit) for hit in assistant.search(question, k, filters)]}


def _add_lookups(server: MCPServer[Any], assistant: Assistant, reads: Any) -> None:
    @server.tool(annotations=reads)
    def check(claim: _Claim, paper_ids: _Papers = None) -> dict[str, Any]:
        """Whether the abstracts support a sentence: the verdict, the reason, and the exact spans that it rests on."""
        with _told():
            return assistant.check(claim, paper_ids or None).to_dict()

    @server.tool(annotations=reads)
    def get_paper(paper_id: Annotated[str, Field(description="As given in citations and hits.")]) -> dict[str, Any]:
        """One paper with its abstract and metadata."""
        with _told():
            return assistant.paper(paper_id).to_dict()

    @server.tool(annotations=reads)
    def library() -> dict[str, Any]:
        """How many papers the library holds, by year and by source: what questions can be filtered by."""
        with _told():
            stats = assistant.stats()
        return {"papers": stats.papers, "years": stats.years, "sources": stats.sources}


def _filters(
    assistant: Assistant,
    year_from: int | None,
    year_to: int | None,
    sources: Sequence[str] | None,
    pinned: Sequence[str] | None,
    exclude: Sequence[str] | None,
) -> Filters:
    """Raises NotFoundError for a paper that the library does not hold: a model may have made up its id."""
    for paper_id in (*(pinned or ()), *(exclude or ())):
        assistant.paper(paper_id)
    return Filters(year_from, year_to, tuple(sources or ()), exclude=tuple(exclude or ()), pinned=tuple(pinned or ()))


@contextmanager
def _told() -> Iterator[None]:
    """Tells the client's model what went wrong, where the assistant has a message about it."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        yield
    except AssistantError as error:
        raise ToolError(str(error)) from None
