"""The paths that answer from the whole library, as data: those of `requests`, all facts, and the standing questions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from assistant import Assistant, PaperFacts, Step
from assistant.async_events import in_threads
from assistant.servers.openai.errors import RequestError
from assistant.servers.openai.guard import read_json
from assistant.servers.requests import LIBRARY, LibraryRequest, complaint
from assistant.servers.work import in_thread

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

T = TypeVar("T")
R = TypeVar("R", bound=LibraryRequest)
View = Callable[["Request"], Awaitable["Response"]]
"""What answers the requests of one path."""
_LOOK = 0.2
"""Seconds between two looks whether the client still waits."""
_AT_ONCE = 100
"""Papers whose facts are sent together."""


def library_views(assistant: Assistant) -> dict[str, View]:
    """What answers POST requests, by path."""
    return {f"/v1/{name}": _view(assistant, operation.request) for name, operation in LIBRARY.items()} | {
        "/v1/facts/all": _every_fact(assistant)
    }


def watch_views(assistant: Assistant) -> dict[str, View]:
    """What answers GET requests, by path."""

    async def watches(request: Request) -> Response:
        return _json({"watches": [w.to_dict() for w in await asyncio.to_thread(assistant.watches.all)]})

    async def changes(request: Request) -> Response:
        return _json({"changes": [c.to_dict() for c in await asyncio.to_thread(assistant.watches.changes)]})

    return {"/v1/watches": watches, "/v1/watches/changes": changes}


def _view(assistant: Assistant, kind: type[LibraryRequest]) -> View:
    async def view(request: Request) -> Response:
        asked = read_request(kind, await read_json(request))
        return _json(await _while_waited_for(request, lambda step: asked.answer(assistant, step)))

    return view


def _every_fact(assistant: Assistant) -> View:
    async def view(request: Request) -> Response:
        from starlette.responses import StreamingResponse

        asked = read_request(LibraryRequest, await read_json(request))

        def begin(step: Step) -> tuple[list[PaperFacts], Iterator[PaperFacts]]:
            found = assistant.facts(None, asked.chosen, step)
            return [one for one in [next(found, None)] if one is not None], found

        first, others = await _while_waited_for(request, begin)  # the facts that are missing are read before the first
        return StreamingResponse(_pieces(chain(first, others)), media_type="application/json")

    return view


async def _pieces(found: Iterator[PaperFacts]) -> AsyncIterator[str]:
    """One document, sent in pieces, so that memory stays bounded."""
    yield '{"papers": ['
    separator = ""
    async with aclosing(in_threads(_rows(found))) as batches:
        async for rows in batches:
            yield separator + rows
            separator = ",\n"
    yield "]}"


def _rows(found: Iterator[PaperFacts]) -> Iterator[str]:
    while batch := list(islice(found, _AT_ONCE)):
        yield ",\n".join(json.dumps(one.to_dict(), ensure_ascii=False) for one in batch)


def read_request(kind: type[R], document: dict[str, Any]) -> R:
    """The request that a document is. Raises RequestError with the first thing that is wrong with it."""
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        raise RequestError(400, complaint(error, kind.model_fields)) from None


async def _while_waited_for(request: Request, work: Callable[[Step], T]) -> T:
    """Runs the work in a thread. Raises RequestError, and lets the work end, once the client has left."""
    task = asyncio.ensure_future(in_thread(work))
    try:
        while not task.done():
            await asyncio.wait([task], timeout=_LOOK)
            if not task.done() and await request.is_disconnected():
                raise RequestError(499, "the client disconnected")
        return task.result()
    finally:
        task.cancel()


def _json(document: dict[str, Any]) -> Response:
    from starlette.responses import JSONResponse

    return JSONResponse(document)
