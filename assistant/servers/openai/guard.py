"""Who may ask, and how much at once: token, host names, size of a request. Knows nothing about what is asked."""

from __future__ import annotations

import ipaddress
import json
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.servers.openai.errors import RequestError

if TYPE_CHECKING:
    from starlette.requests import Request

LARGEST_REQUEST = 1_000_000
"""Bytes; a conversation of hundreds of turns fits."""


def is_loopback(host: str) -> bool:
    """True when only this machine can reach the address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_access(request: Request, token: str | None) -> None:
    """Raises RequestError for a wrong or missing token; and without one, for a host name that is not this machine's.

    The latter keeps web pages out that point a name of their own at 127.0.0.1 (DNS rebinding).
    """
    if token is None:
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        if not is_loopback(host):
            raise RequestError(403, "this server answers to this machine's own names only", "host_not_allowed")
        return
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secrets.compare_digest(given.strip().encode(), token.encode()):
        raise RequestError(401, "the token is missing or wrong; send it as the API key", "invalid_api_key")


async def read_json(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises RequestError when it is too large, or none."""
    if "json" not in request.headers.get("content-type", ""):
        # A web page can send other types across origins without asking; JSON it cannot.
        raise RequestError(415, "the request has to be application/json")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_REQUEST:
            raise RequestError(413, f"the request has more than {LARGEST_REQUEST} bytes", "request_too_large")
    try:
        document = json.loads(body)
    except ValueError:
        raise RequestError(400, "the request is no valid JSON") from None
    if not isinstance(document, dict):
        raise RequestError(400, "the request has to be a JSON object")
    return document
