"""A server that speaks the OpenAI protocol and says what a test tells it to: for what cannot run here."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeServer(ThreadingHTTPServer):
    """Streams one reply after the other (the last one again and again) in pieces of `size` characters, or answers with
    `status`; keeps the requests."""

    def __init__(self, *replies: str, status: int = 200, size: int = 7, cut_after: int | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies, self.status, self.size, self.cut_after = list(replies) or [""], status, size, cut_after
        self.requests: list[dict[str, object]] = []
        self.keys: list[str] = []

    @property
    def spec(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1#scripted"


class _Handler(BaseHTTPRequestHandler):
    server: FakeServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        self.server.keys.append(self.headers.get("Authorization", ""))
        if self.server.status != 200:
            self._error()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        reply = self.server.replies[min(len(self.server.requests), len(self.server.replies)) - 1]
        for i in range(0, len(reply), self.server.size):
            if self.server.cut_after is not None and i >= self.server.cut_after:
                return
            self._event({"choices": [{"index": 0, "delta": {"content": reply[i : i + self.server.size]}}]})
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self._event({"choices": [], "usage": {"prompt_tokens": 321, "completion_tokens": 45, "total_tokens": 366}})
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, values: dict[str, object]) -> None:
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", **values}
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())

    def _error(self) -> None:
        body = json.dumps({"error": {"message": f"refused {self.headers.get('Authorization')}", "type": "x"}}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@contextmanager
def serve(*replies: str, **values: object) -> Iterator[FakeServer]:
    """A running server, stopped in the end."""
    with FakeServer(*replies, **values) as server:  # type: ignore[arg-type]  # the tests name the constructor's arguments
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
