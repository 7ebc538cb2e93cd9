"""A server that speaks the OpenAI protocol, or Ollama's, and fails in the way that a test or a trial asks for."""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from eval.loopback import running

CHARACTERS_A_TOKEN = 4


class FakeServer(ThreadingHTTPServer):
    """Streams one reply after the other (the last one again and again) in pieces of `size` characters.

    `status`: of each request in turn, the last one for all that follow; `hang`: falls silent at the start or after three
    quarters until the client goes away, at the start from request number `hang_from` on; `cut_after`: characters after which the stream just ends; `raw`: sent as it is
    instead of a stream, as `content_type`; `reads`: the most tokens of a prompt that are reported as read; `pages`: what other paths answer.
    """

    daemon_threads = True

    def __init__(
        self,
        *replies: str,
        status: int | tuple[int, ...] = 200,
        size: int = 7,
        cut_after: int | None = None,
        hang: Literal["start", "middle"] | None = None,
        hang_from: int = 1,
        raw: bytes | None = None,
        content_type: str = "text/event-stream",
        retry_after: str | None = None,
        reads: int | None = None,
        pages: dict[str, Any] | None = None,
        message: str = "",
        delay: float = 0.0,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies, self.size, self.cut_after, self.hang = list(replies) or [""], size, cut_after, hang
        self.statuses = status if isinstance(status, tuple) else (status,)
        self.raw, self.retry_after, self.reads, self.pages, self.message = raw, retry_after, reads, pages or {}, message
        self.content_type, self.hang_from = content_type, hang_from
        self.delay = delay
        """Seconds before the first token."""
        self.arrived: list[float] = []
        """When each request came, by `time.perf_counter`."""
        self.requests: list[dict[str, Any]] = []
        self.asked: list[str] = []
        """Paths beside the chat."""
        self.keys: list[str] = []
        self.silent, self.left = threading.Event(), threading.Event()
        """Set when the server falls silent, and when the client then goes away."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def spec(self) -> str:
        return f"{self.url}/v1#scripted"


class _Handler(BaseHTTPRequestHandler):
    server: FakeServer

    def do_GET(self) -> None:
        self._page()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path not in ("/v1/chat/completions", "/api/chat"):
            self._page()
            return
        self.server.arrived.append(time.perf_counter())
        self.server.requests.append(body)
        self.server.keys.append(self.headers.get("Authorization", ""))
        turn = len(self.server.requests)
        status = self.server.statuses[min(turn, len(self.server.statuses)) - 1]
        if status != 200:
            self._json(status, {"error": {"message": f"{self.server.message or 'refused'} {self.server.keys[-1]}"}})
            return
        self.send_response(200)
        self.send_header("Content-Type", self.server.content_type)
        self.end_headers()
        if self.server.raw is not None:
            self.wfile.write(self.server.raw)
        elif self.server.hang != "start" or turn < self.server.hang_from or self._fall_silent():
            try:
                self._stream(self.server.replies[min(turn, len(self.server.replies)) - 1], json.dumps(body))
            except ConnectionError:  # the client went away in the middle of a piece
                self.server.left.set()

    def _stream(self, reply: str, prompt: str) -> None:
        time.sleep(self.server.delay)
        for i in range(0, len(reply), self.server.size):
            if self.server.cut_after is not None and i >= self.server.cut_after:
                return
            if self.server.hang == "middle" and i > 0.75 * len(reply):
                self._fall_silent()
                return
            self._piece(reply[i : i + self.server.size])
        read = len(prompt) // CHARACTERS_A_TOKEN
        self._end(read if self.server.reads is None else min(read, self.server.reads), len(reply) // CHARACTERS_A_TOKEN)

    def _piece(self, text: str) -> None:
        if self.path == "/api/chat":
            self._line({"message": {"role": "assistant", "content": text}, "done": False})
        else:
            self._event({"choices": [{"index": 0, "delta": {"content": text}}]})

    def _end(self, prompt_tokens: int, reply_tokens: int) -> None:
        if self.path == "/api/chat":
            self._line(
                {
                    "message": {"content": ""},
                    "done": True,
                    "prompt_eval_count": prompt_tokens,
                    "eval_count": reply_tokens,
                }
            )
            return
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self._event(
            {
                "choices": [],
                "usage": {
                    "prompt_tokens": prompt_tokens,
                    "completion_tokens": reply_tokens,
                    "total_tokens": prompt_tokens + reply_tokens,
                },
            }
        )
        self.wfile.write(b"data: [DONE]\n\n")

    def _fall_silent(self) -> bool:
        """Until the client goes away, which a server sees as an end of what it reads."""
        self.wfile.flush()
        self.server.silent.set()
        while not select.select([self.connection], [], [], 10)[0]:
            pass
        with suppress(ConnectionError):  # another way of going away
            if self.connection.recv(1, socket.MSG_PEEK):
                return False
        self.server.left.set()
        return False

    def _event(self, values: dict[str, Any]) -> None:
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", **values}
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())

    def _line(self, values: dict[str, Any]) -> None:
        self.wfile.write(json.dumps({"model": "scripted", **values}).encode() + b"\n")

    def _page(self) -> None:
        self.server.asked.append(self.path)
        page = self.server.pages.get(self.path)
        self._json(404 if page is None else 200, {"error": "not found"} if page is None else page)

    def _json(self, status: int, document: Any) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Echo", self.headers.get("Authorization", ""))
        if self.server.retry_after is not None:
            self.send_header("Retry-After", self.server.retry_after)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@contextmanager
def serve(*replies: str, **values: Any) -> Iterator[FakeServer]:
    """A running server, stopped in the end."""
    with running(FakeServer(*replies, **values)) as server:
        yield server
