"""Serves the assistant over the Model Context Protocol."""

from assistant.servers.mcp.server import make_mcp_server, run_mcp_server

__all__ = ["make_mcp_server", "run_mcp_server"]
