"""A server that speaks the OpenAI protocol in one of the dialects that its servers and models speak."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from eval.loopback import running

THOUGHT = "Okay, the user asks about figures. TideNet lowers the error to 0.99 knots, no, wait. Abstract one it is."
"""What a model that thinks thinks, before it answers."""
Error = tuple[int, Any]
"""The status and the body of an error."""


def openai_error(name: str) -> Error:
    """The error by which OpenAI refuses an option."""
    message = f"Unsupported parameter: '{name}' is not supported with this model."
    return 400, {"error": {"message": message, "type": "invalid_request_error", "param": name, "code": "unsupported"}}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a server differs from the plainest one."""

    refuses: tuple[str, ...] = ()
    """Options, or `system` for the role of that name."""
    error: Callable[[str], Error] = openai_error
    """How it refuses one of them."""
    thinks: Literal["", "reasoning_content", "reasoning", "tags", "unopened", "unclosed", "parts"] = ""
    """Where it puts what it thinks: a field, the text between marks (or without one of them), or a part of the content."""
    room: int = 0
    """Tokens that thinking takes from those of the reply; where there are fewer, it thinks until it is cut."""
    schema: Literal["obeys", "ignores", "fences"] = "obeys"
    """What it does with the schema of a reply."""
    streams: bool = True
    """Whether it streams when it is asked to; else it sends one JSON document."""
    usage: Literal["last", "each", "never"] = "last"
    """When it reports tokens."""
    calls: str = ""
    """The argument of a tool call in which it answers instead of in text."""
    finish: str = "stop"
    refusal: str = ""
    """What the model says in the place of an answer."""
    always: Error | None = None
    """The answer to every request."""


class DialectServer(ThreadingHTTPServer):
    """Answers every chat with `reply`, or with `choice` where a schema is asked for and obeyed."""

    daemon_threads = True

    def __init__(self, dialect: Dialect, reply: str, choice: str, size: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.dialect, self.reply, self.choice, self.size = dialect, reply, choice, size
        self.requests: list[dict[str, Any]] = []

    @property
    def spec(self) -> str:
        """The value of the setting `llm`."""
        return f"http://127.0.0.1:{self.server_port}/v1#scripted"


class _Handler(BaseHTTPRequestHandler):
    server: DialectServer

    def do_GET(self) -> None:
        self._json(404, {"detail": "Not Found"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/chat/completions":
            self._json(404, {"detail": "Not Found"})
            return
        self.server.requests.append(body)
        dialect = self.server.dialect
        refused = next((name for name in dialect.refuses if _has(body, name)), "")
        if dialect.always or refused:
            self._json(*(dialect.always or dialect.error(refused)))
            return
        deltas, finish = _deltas(dialect, body, self.server)
        usage = {"prompt_tokens": len(json.dumps(body)) // 4, "completion_tokens": 40, "total_tokens": 1}
        if body.get("stream") and dialect.streams:
            self._stream(deltas, finish, usage)
        else:
            message = {"role": "assistant", "content": None, **_joined(deltas)}
            document = {"choices": [{"index": 0, "message": message, "finish_reason": finish}]}
            self._json(200, document | ({} if dialect.usage == "never" else {"usage": usage}))

    def _stream(self, deltas: list[dict[str, Any]], finish: str, usage: dict[str, int]) -> None:
        when = self.server.dialect.usage
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for delta in ({"role": "assistant", "content": ""}, *deltas):
            extra = {"usage": {**usage, "completion_tokens": 1}} if when == "each" else {}
            self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}], **extra})
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
        if when != "never":
            self._event({"choices": [], "usage": usage})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, values: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps({'id': '1', 'object': 'chat.completion.chunk', **values})}\n\n".encode())

    def _json(self, status: int, document: Any) -> None:
        body = document.encode() if isinstance(document, str) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if isinstance(document, str) else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


def _has(body: dict[str, Any], name: str) -> bool:
    if name == "system":
        return any(message["role"] == "system" for message in body["messages"])
    if name == "json_schema":
        return "json_schema" in body.get("response_format", {})
    return bool(body.get(name)) if name == "stream" else name in body


def _deltas(dialect: Dialect, body: dict[str, Any], server: DialectServer) -> tuple[list[dict[str, Any]], str]:
    """The deltas of a reply, and its reason to finish."""
    if dialect.refusal:
        return [{"refusal": part} for part in _cut(dialect.refusal, server.size)], "stop"
    limit = body.get("max_tokens") or body.get("max_completion_tokens") or 10**6
    is_cut = dialect.room >= limit or dialect.thinks == "unclosed"
    text = "" if is_cut else _said(dialect, body, server)
    opening, closing = ("" if dialect.thinks == "unopened" else "<think>\n"), ("" if is_cut else "\n</think>\n\n")
    if dialect.thinks in ("tags", "unopened", "unclosed"):
        text = f"{opening}{THOUGHT}{closing}{text}"
    finish = "length" if is_cut else dialect.finish
    if dialect.calls:
        arguments = text if body.get("response_format") else json.dumps({dialect.calls: text})
        calls = [{"index": 0, "function": {"name": "answer", "arguments": a}} for a in _cut(arguments, server.size)]
        return [{"tool_calls": [call]} for call in calls], "tool_calls"
    answer: list[dict[str, Any]] = [{"content": part} for part in _cut(text, server.size)]
    if dialect.thinks == "parts":
        thought = [{"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}]
        return [{"content": thought}, *({"content": [{"type": "text", "text": a["content"]}]} for a in answer)], finish
    if dialect.thinks in ("reasoning", "reasoning_content"):
        return [{dialect.thinks: THOUGHT}, *answer], finish
    return answer, finish


def _said(dialect: Dialect, body: dict[str, Any], server: DialectServer) -> str:
    asked = body.get("response_format")
    if not asked or dialect.schema == "ignores":
        return server.reply
    return f"Sure:\n```json\n{server.choice}\n```\n" if dialect.schema == "fences" else server.choice


def _cut(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


def _joined(deltas: list[dict[str, Any]]) -> dict[str, Any]:
    """The deltas as one message."""
    whole: dict[str, Any] = {}
    for key, value in (item for delta in deltas for item in delta.items()):
        if key == "tool_calls" and key in whole:
            whole[key][0]["function"]["arguments"] += value[0]["function"]["arguments"]
        else:
            whole[key] = whole[key] + value if key in whole else value
    return whole


@contextmanager
def speak(dialect: Dialect, reply: str, choice: str = '{"sentences": [1]}', size: int = 5) -> Iterator[DialectServer]:
    """A running server, stopped in the end."""
    with running(DialectServer(dialect, reply, choice, size)) as server:
        yield server
