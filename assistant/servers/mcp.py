"""Offers the assistant as tools of the Model Context Protocol: ask, search, check and get_paper.

Answers are the documents of `assistant ask --json`, so that clients get citations as data.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from assistant import COMPARE, Assistant, AssistantError, Filters, MissingPackageError
from assistant.servers.openai import listen

if TYPE_CHECKING:
    from mcp.server import MCPServer

_INSTRUCTIONS = (
    "Answers from a library of paper abstracts. Every sentence of an answer was checked against the exact spans that it "
    f"cites. The verdict 'supported' may be relied on. 'partial' means: {COMPARE}; its quotes are in `compare_with`, so say "
    "what they say instead, and never call it verified. `removed` lists what was drafted and not supported: do not repeat "
    "it. An answer with status 'abstained' says that the abstracts do not state what was asked, and `nearest` quotes "
    "what comes closest. Cite papers by their paper_id."
)
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
_Year = Annotated[int | None, Field(description="Only papers of this year and later, or earlier.")]


def make_mcp_server(assistant: Assistant) -> MCPServer[Any]:
    """A server for `run_mcp_server`. Raises MissingPackageError when the package `mcp` is not installed."""
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
    except ImportError:
        raise MissingPackageError("MCP needs one more package; run: pip install 'abstract-assistant[mcp]'") from None
    server: MCPServer[Any] = MCPServer("abstract-assistant", instructions=_INSTRUCTIONS, log_level="WARNING")

    @server.tool()
    async def ask(question: _Question, year_from: _Year = None, year_to: _Year = None) -> dict[str, Any]:
        """Answer a question from the abstracts with citations of exact spans, or say that they do not state the answer."""
        try:
            answer = await assistant.aask(question, filters=Filters(year_from=year_from, year_to=year_to))
        except AssistantError as error:
            raise ToolError(str(error)) from None
        return answer.to_dict()

    @server.tool()
    def search(question: _Question, k: _Count = 8) -> dict[str, Any]:
        """Rank papers for a question, each with the sentence that comes closest to it."""
        try:
            hits = assistant.search(question, k)
        except AssistantError as error:
            raise ToolError(str(error)) from None
        return {"hits": [asdict(hit) for hit in hits]}

    @server.tool()
    def check(claim: _Claim, paper_ids: _Papers = None) -> dict[str, Any]:
        """Whether the abstracts support a sentence: the verdict, the reason, and the exact spans that it rests on."""
        try:
            return assistant.check(claim, paper_ids or None).to_dict()
        except AssistantError as error:
            raise ToolError(str(error)) from None

    @server.tool()
    def get_paper(paper_id: Annotated[str, Field(description="As given in citations and hits.")]) -> dict[str, Any]:
        """One paper with its abstract and metadata."""
        try:
            return assistant.paper(paper_id).to_dict()
        except AssistantError as error:
            raise ToolError(str(error)) from None

    return server


def run_mcp_server(server: MCPServer[Any], http_port: int | None = None) -> None:
    """Serves on stdin and stdout, or on this machine's `http_port`. Raises ServerError when the port is taken."""
    if http_port is None:
        server.run("stdio")
        return
    listen("127.0.0.1", http_port, None).close()  # the server would end the process when it finds the port taken
    server.run("streamable-http", host="127.0.0.1", port=http_port)
