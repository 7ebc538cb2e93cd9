"""Admits requests: checks the token or the host name, and limits the size of a body."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from assistant.servers.openai.errors import RequestError
from assistant.settings import is_loopback

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_BYTES = 1_000_000
"""Size of a request; a conversation of hundreds of turns fits."""


def check_access(request: Request, token: str | None) -> None:
    """Raises RequestError for a wrong or missing token or, where none is set, for a host name other than this machine's.

    The latter keeps out web pages that point a name of their own at 127.0.0.1 (DNS rebinding).
    """
    if token is None:
        if not is_loopback(_host(request)):
            raise RequestError(
                403, "this server answers only to the names of this machine (localhost, 127.0.0.1)", "host_not_allowed"
            )
        return
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secrets.compare_digest(given.strip().encode(), token.encode()):
        raise RequestError(401, "the token is missing or wrong; send it as the API key", "invalid_api_key")


def _host(request: Request) -> str:
    """The host name that the request asks for; empty where that is none."""
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:  # an IPv6 address without its end
        return ""


async def read_json(request: Request) -> dict[str, Any]:
    """Reads the body as a JSON object. Raises RequestError when it is not one, is too large or breaks off."""
    from starlette.requests import ClientDisconnect

    if "json" not in request.headers.get("content-type", ""):
        # A web page can send other types across origins without asking first, but not JSON.
        raise RequestError(415, "the request must have the content type application/json")
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BYTES:
                raise RequestError(413, f"the request has more than {MAX_BYTES} bytes", "request_too_large")
    except ClientDisconnect:
        raise RequestError(499, "the client disconnected") from None
    try:
        document = orjson.loads(body)  # it takes neither half a character nor endless brackets
    except ValueError:
        raise RequestError(400, "the request is not valid JSON") from None
    if not isinstance(document, dict):
        raise RequestError(400, "the request must be a JSON object")
    return document
