"""Makes and runs the server of the Model Context Protocol: its tools, its prompts, its transports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant import COMPARE, Assistant, MissingPackageError
from assistant.servers.mcp.prompts import add_prompts
from assistant.servers.mcp.tools import add_tools
from assistant.servers.openai import listen

if TYPE_CHECKING:
    from mcp.server import MCPServer

_INSTRUCTIONS = (
    "Answers from a library of paper abstracts. `ask` answers one question. For all papers at once: `find` lists and counts "
    "those that state something, `table` compares them, `trend` shows shares over the years, `digest` what came in; `facts` "
    "and `related` start from papers. Take numbers of papers from `count` alone. Every sentence of an answer was checked against the exact spans that it "
    f"cites. The verdict 'supported' may be relied on. 'partial' means: {COMPARE}; its quotes are in `compare_with`, so say "
    "what they say instead, and never call it verified. `removed` lists what was drafted and not supported: do not repeat "
    "it. An answer with status 'abstained' says that the abstracts do not state what was asked, and `nearest` quotes "
    "what comes closest. Cite papers by their paper_id."
)


def make_mcp_server(assistant: Assistant) -> MCPServer[Any]:
    """A server for `run_mcp_server`. Raises MissingPackageError when the package `mcp` is not installed."""
    try:
        from assistant.servers.mcp.strict_server import StrictServer
    except ImportError:
        raise MissingPackageError("MCP needs one more package; run: pip install 'abstract-assistant[mcp]'") from None
    server = StrictServer("abstract-assistant", instructions=_INSTRUCTIONS, log_level="WARNING")
    add_tools(server, assistant)
    add_prompts(server)
    return server


def run_mcp_server(server: MCPServer[Any], http_port: int | None = None) -> None:
    """Serves on stdin and stdout, or on this machine's `http_port`. Raises ServerError when the port is taken."""
    if http_port is None:
        server.run("stdio")
        return
    listen("127.0.0.1", http_port, None).close()  # the server would end the process when it finds the port taken
    server.run("streamable-http", host="127.0.0.1", port=http_port)
