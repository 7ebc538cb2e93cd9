"""An ASGI middleware that limits what the browser may load and run, and which addresses are served at all."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

# Inline scripts run only with the nonce of their own response, and event handlers in attributes never run: even markup
# that slipped through all escaping would do nothing. Gradio compiles its templates at run time, hence unsafe-eval, and
# styles its components in attributes, hence unsafe-inline for styles.
_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
_NOT_SERVED = re.compile(r"/(?:gradio_api/)?(?:file[=/]|proxy=|stream/)")
"""Gradio's routes to files on disk and to other servers; the page needs none of them."""
_LONGEST_EVENT = 2_000_000
"""Bytes of one event; none of them sends the HTML of the page back."""
_SCRIPT = re.compile(rb"<script(?=[\s>])")


class SecurityMiddleware:
    """Adds the policy to every response and a nonce to the page's own scripts, and refuses what is not served."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handles one request; one that breaks off leaves no traceback in the log."""
        from starlette.requests import ClientDisconnect

        with suppress(ClientDisconnect):
            await self._handle(scope, receive, send)

    async def _handle(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _NOT_SERVED.match(scope["path"].removeprefix(scope.get("root_path", ""))):
            await _refuse(send, 404)
        elif scope["method"] != "POST" or not _is_json(scope):
            await self._app(scope, receive, _Reply(send))
        else:
            body = await _body(receive)
            if body is None or _fetches(body):
                await _refuse(send, 400)
            else:
                await self._app(scope, _replayed(body, receive), _Reply(send))


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"Not served."})


def _is_json(scope: Message) -> bool:
    """Files are sent as forms; every other body is treated as JSON, whatever its content type says."""
    kinds = [v for k, v in scope["headers"] if k.lower() == b"content-type"]
    return not any(v.startswith((b"multipart/form-data", b"application/x-www-form-urlencoded")) for v in kinds)


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None if it is too long for any event of the page, or the visitor left."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if len(body) > _LONGEST_EVENT:
            return None
        more = message.get("more_body", False)
    return body


def _fetches(body: bytes) -> bool:
    """Whether an event names a file by a web address, which Gradio would fetch wherever it occurs."""
    try:
        return _names_address(json.loads(body)) if body else False
    except (ValueError, RecursionError):
        return True


def _names_address(value: Any) -> bool:
    if isinstance(value, list):
        return any(_names_address(item) for item in value)
    if not isinstance(value, dict):
        return False
    forged = "meta" in value and "://" in str(value.get("path", ""))
    return forged or any(_names_address(v) for v in value.values())


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Returns the body once, then listens: an application waits there for the visitor to leave."""
    pending = [body]

    async def replay() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return replay


class _Reply:
    """Sends one response; an HTML page is held back until it is complete."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._page = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", []))
            is_page = any(k.lower() == b"content-type" and v.startswith(b"text/html") for k, v in headers)
            policy = (b"content-security-policy", _POLICY.format(nonce=self._nonce).encode())
            message = {**message, "headers": [*headers, policy, *_HEADERS]}
            if is_page:
                self._start = message
                return
        elif self._start is not None:
            self._page += message.get("body", b"")
            if message.get("more_body"):
                return
            await self._send_page(self._start)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        body = _SCRIPT.sub(b'<script nonce="' + self._nonce.encode() + b'"', self._page)
        headers = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
        await self._send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await self._send({"type": "http.response.body", "body": body})
