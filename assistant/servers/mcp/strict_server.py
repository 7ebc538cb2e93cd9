"""A server that refuses arguments which a tool does not have, and says in one line what is wrong with the others."""

from __future__ import annotations

from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.types import CallToolResult, InputRequiredResult, Tool
from pydantic import ValidationError

from assistant.servers.requests import complaint


def _lean(schema: dict[str, Any]) -> dict[str, Any]:
    """The same arguments in half the words, which a model reads before every question: no titles, and null unsaid."""
    properties = {}
    for name, field in schema["properties"].items():
        kinds = [kind for kind in field.get("anyOf", ()) if kind != {"type": "null"}]
        kept = {key: value for key, value in field.items() if key not in ("anyOf", "title") and value is not None}
        properties[name] = {**kept, **kinds[0]} if len(kinds) == 1 else {**kept, **({"anyOf": kinds} if kinds else {})}
    return {**{key: value for key, value in schema.items() if key != "title"}, "properties": properties}


class StrictServer(MCPServer[Any]):
    """The SDK's server passes over an argument that a tool does not have: a misspelt filter would let every paper through."""

    async def list_tools(self) -> list[Tool]:
        """The tools, with arguments described in few words."""
        return [
            tool.model_copy(update={"input_schema": _lean(tool.input_schema)}) for tool in await super().list_tools()
        ]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """The tool's result. Raises ToolError with a message of one line."""
        known = {tool.name: tool.input_schema["properties"] for tool in await self.list_tools()}.get(name, arguments)
        if unknown := sorted(arguments.keys() - known.keys()):
            raise ToolError(f"{name} takes no {unknown[0]}; it takes {', '.join(known)}")
        try:
            return await super().call_tool(name, arguments, context)
        except UnexpectedToolError:
            raise
        except ToolError as error:
            reason = error.__cause__
            if isinstance(reason, ValidationError):
                raise ToolError(complaint(reason, known)) from None
            raise (reason if isinstance(reason, ToolError) else error) from None
