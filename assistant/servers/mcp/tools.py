"""The tools: those of requests, and check, get_paper and library.

Results are the documents of the command line, so that clients get citations as data.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import Parameter
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from assistant import Assistant, AssistantError, Filters, Step
from assistant.injections.screening import for_program
from assistant.servers.mcp.parameters import nested, of_request, with_parameters
from assistant.servers.requests import LIBRARY, QUESTIONS, Operation, described
from assistant.servers.work import in_thread

if TYPE_CHECKING:
    from mcp.server import MCPServer

_PAUSE = 0.5
"""Seconds between two reports of progress."""
_Claim = Annotated[str, Field(description="One sentence that names its subject.", max_length=4000)]
_Papers = Annotated[
    list[str] | None,
    Field(
        description="Papers to hold it against, all of them together; without any, each of the closest ones.",
        max_length=20,
    ),
]


def add_tools(server: MCPServer[Any], assistant: Assistant) -> None:
    """Offers the tools; all of them only read the library."""
    from mcp.types import ToolAnnotations

    reads = ToolAnnotations(read_only_hint=True)
    for name, operation in (QUESTIONS | LIBRARY).items():
        server.tool(name, description=described(operation.request), annotations=reads)(_tool(assistant, operation))
    _add_lookups(server, assistant, reads)


def _tool(assistant: Assistant, operation: Operation) -> Any:
    """The request as a function of its fields and filters; it tells its progress, and ends where the client cancels it."""
    from mcp.server.mcpserver import Context

    async def tool(context: Context[Any, Any], **given: Any) -> Any:
        with _told():
            asked = operation.request.model_validate(nested(given))
            _check_known(assistant, asked.chosen)
            return await in_thread(lambda step: asked.answer(assistant, step), _progress(context))

    context = Parameter("context", Parameter.KEYWORD_ONLY, annotation=Context)
    return with_parameters(tool, [context, *of_request(operation.request)], operation.result)


def _progress(context: Any) -> Step:
    """Reports progress from another thread, twice a second at most; a client that did not ask for reports gets none."""
    loop, due = asyncio.get_running_loop(), time.monotonic() + _PAUSE

    def tell(done: int, total: int) -> None:
        nonlocal due
        if total and time.monotonic() >= due:
            due = time.monotonic() + _PAUSE
            asyncio.run_coroutine_threadsafe(context.report_progress(done, total), loop)

    return tell


def _add_lookups(server: MCPServer[Any], assistant: Assistant, reads: Any) -> None:
    @server.tool(annotations=reads)
    def check(claim: _Claim, paper_ids: _Papers = None) -> dict[str, Any]:
        """Whether the abstracts support a sentence: the verdict, the reason, and the exact spans that it rests on."""
        with _told():
            return assistant.check(claim, paper_ids or None).to_dict()

    @server.tool(annotations=reads)
    def get_paper(paper_id: Annotated[str, Field(description="As given in citations and hits.")]) -> dict[str, Any]:
        """One paper with its abstract and metadata, without text that was planted to steer whoever reads it."""
        with _told():
            return for_program(assistant.paper(paper_id)).to_dict()

    @server.tool(annotations=reads)
    def library() -> dict[str, Any]:
        """How many papers the library holds, by year and by source: what questions can be filtered by."""
        with _told():
            stats = assistant.stats()
        return {"papers": stats.papers, "years": stats.years, "sources": stats.sources}


def _check_known(assistant: Assistant, filters: Filters | None) -> None:
    """Raises NotFoundError for a paper that the library does not hold: a model may have made up its id."""
    for paper_id in (*filters.pinned, *filters.exclude) if filters else ():
        assistant.paper(paper_id)


@contextmanager
def _told() -> Iterator[None]:
    """Tells the client's model what went wrong, where the assistant has a message about it."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        yield
    except AssistantError as error:
        raise ToolError(str(error)) from None
