"""Serves the OpenAI chat protocol on loopback, with replies from one function."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from eval.loopback import running

_PIECE = 40
"""Characters per event of a stream."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's reply with the tokens that it counted; or the status and message of an error."""

    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    status: int = 200


Respond = Callable[[dict[str, Any], str], Reply]
"""Maps the body of a request and its Authorization header to the reply."""


@contextmanager
def serve(respond: Respond) -> Iterator[str]:
    """Yields the base URL of a running server, which stops at the end."""
    with running(_Server(respond)) as server:
        yield f"http://127.0.0.1:{server.server_port}/v1"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, respond: Respond) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.respond = respond


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Answers a chat completion, as a stream when the request asks for one."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reply = self.server.respond(body, self.headers.get("Authorization", ""))
        if reply.status != 200:
            self._send(reply.status, {"error": {"message": reply.text, "type": "evaluation"}})
        elif body.get("stream"):
            self._stream(reply, str(body.get("model")))
        else:
            message = {"role": "assistant", "content": reply.text}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            self._send(200, _document("chat.completion", str(body.get("model")), [choice], _usage(reply)))

    def _stream(self, reply: Reply, model: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for start in range(0, len(reply.text), _PIECE):
            delta = {"index": 0, "delta": {"content": reply.text[start : start + _PIECE]}}
            self._event(_document("chat.completion.chunk", model, [delta]))
        end = {"index": 0, "delta": {}, "finish_reason": "stop"}
        self._event(_document("chat.completion.chunk", model, [end]))
        self._event(_document("chat.completion.chunk", model, [], _usage(reply)))
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, document: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(document)}\n\n".encode())

    def _send(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Prints nothing on the terminal."""


def _document(
    kind: str, model: str, choices: list[dict[str, Any]], usage: dict[str, int] | None = None
) -> dict[str, Any]:
    return {"id": "eval", "object": kind, "created": 0, "model": model, "choices": choices, "usage": usage}


def _usage(reply: Reply) -> dict[str, int]:
    return {
        "prompt_tokens": reply.prompt_tokens,
        "completion_tokens": reply.completion_tokens,
        "total_tokens": reply.prompt_tokens + reply.completion_tokens,
    }
