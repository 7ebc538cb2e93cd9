"""Runs the server of the OpenAI protocol: its socket, its paths, its streams."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from assistant import Answer, AnswerEvent, Assistant, AssistantError, ServerError, SettingsError
from assistant.servers.openai.completion import Completion
from assistant.servers.openai.errors import RequestError
from assistant.servers.openai.guard import check_access, read_json
from assistant.servers.openai.library import View, library_views, watch_views
from assistant.servers.openai.openapi import openapi_document
from assistant.servers.openai.request import MODEL, MODELS, ChatRequest
from assistant.settings import is_loopback

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

_LOG = logging.getLogger(__name__)


def listen(host: str, port: int, token: str | None) -> socket.socket:
    """Opens a listening socket.

    Raises SettingsError for an address that others could reach without a token, and ServerError when the port is taken.
    """
    if token is None and not is_loopback(host):
        raise SettingsError(
            f"other machines can reach {host}; set a --token (or ASSISTANT_SERVE_TOKEN) that clients must send"
        )
    if token is not None and not token.strip():
        raise SettingsError("the token is empty; set --token (or ASSISTANT_SERVE_TOKEN) to a secret of your choice")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family)
    except (OSError, OverflowError) as error:
        raise ServerError(f"cannot listen on {host}:{port} ({error}); choose another --port") from None


def make_server(assistant: Assistant, token: str | None) -> uvicorn.Server:
    """A server for a socket of `listen`: `make_server(a, token).run(sockets=[listen(host, port, token)])`."""
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(_app(assistant, token), log_level="warning", access_log=False, server_header=False)
    )


def _app(assistant: Assistant, token: str | None) -> Starlette:
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    views = {MODEL: assistant, "quotes": assistant.using(llm="quotes", judge="default")}  # a judge may need the model

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def models(_: Request) -> Response:
        rows = [{"id": name, "object": "model", "created": 0, "owned_by": "abstract-assistant"} for name in MODELS]
        return JSONResponse({"object": "list", "data": rows})

    async def chat(request: Request) -> Response:
        asked = ChatRequest.read(await read_json(request))
        return await _answer(views[asked.model], asked, request)

    async def document(_: Request) -> Response:
        return JSONResponse(openapi_document())

    read = {"/v1/models": models, "/openapi.json": document, **watch_views(assistant)}
    asked = {"/v1/chat/completions": chat, **library_views(assistant)}
    routes = [Route("/health", health)]
    routes += [Route(path, _guarded(view, token)) for path, view in read.items()]
    routes += [Route(path, _guarded(view, token), methods=["POST"]) for path, view in asked.items()]
    return Starlette(routes=routes, exception_handlers=_handlers())


def _guarded(view: View, token: str | None) -> View:
    async def guarded(request: Request) -> Response:
        check_access(request, token)
        return await view(request)

    return guarded


def _handlers() -> dict[Any, Any]:
    """Formats every error as OpenAI does. Unexpected ones are logged, and their text is not sent."""
    from starlette.exceptions import HTTPException

    async def refused(_: Request, error: RequestError) -> Response:
        return error.response()

    async def explained(_: Request, error: AssistantError) -> Response:
        return RequestError.of(error).response()

    async def no_such_path(_: Request, error: HTTPException) -> Response:
        return RequestError(error.status_code, f"{error.detail}; /openapi.json lists the paths").response()

    async def unexpected(_: Request, error: Exception) -> Response:
        _LOG.error("a request failed", exc_info=error)
        return RequestError(500, "the server failed; see its log").response()

    return {RequestError: refused, AssistantError: explained, HTTPException: no_such_path, Exception: unexpected}


async def _answer(assistant: Assistant, asked: ChatRequest, request: Request) -> Response:
    """Responds with the answer, or streams its sentences. The work ends when the client disconnects."""
    from starlette.responses import JSONResponse, StreamingResponse

    completion = Completion(asked.model, asked.as_json)
    events = assistant.astream(asked.question, asked.history, asked.filters)
    if asked.stream:
        first = await anext(events)  # an invalid question still gets its own status code
        return StreamingResponse(_pieces(first, events, completion, asked), media_type="text/event-stream")
    answer: Answer | None = None
    async with aclosing(events):
        async for event in events:
            if await request.is_disconnected():
                break
            answer = event.answer
    return JSONResponse(completion.whole(answer)) if answer else RequestError(499, "the client disconnected").response()


async def _pieces(
    first: AnswerEvent, events: AsyncGenerator[AnswerEvent, None], completion: Completion, asked: ChatRequest
) -> AsyncIterator[str]:
    """Yields server-sent events: each sentence once it is checked, then the sources, then the data."""
    yield _event(completion.begin())
    shown = 0
    async with aclosing(events):
        try:
            event: AnswerEvent | None = first
            while event is not None:
                if event.lead:
                    yield _event(completion.text(event.lead, first=not shown))
                    shown += 1
                if event.sentence is not None:
                    yield _event(completion.text(str(event.sentence), first=not shown))
                    shown += 1
                if event.answer is not None:
                    for chunk in completion.end(event.answer):
                        yield _event(chunk)
                    if asked.usage:
                        yield _event(completion.used(event.answer))
                event = await anext(events, None)
        except AssistantError as error:
            yield _event(RequestError.of(error).document())
            return
    yield "data: [DONE]\n\n"


def _event(document: dict[str, Any]) -> str:
    return f"data: {json.dumps(document, ensure_ascii=False)}\n\n"
