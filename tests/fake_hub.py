"""A hub of model files on loopback, as much of it as the real client needs: metadata, ranges, and its ways to say no."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from eval.loopback import running


class FakeHub(ThreadingHTTPServer):
    """Holds one file, `owner/repo/model.gguf`; `breaks_after` bytes the connection ends, once."""

    def __init__(self, content: bytes, breaks_after: int | None = None, etag: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content, self.breaks_after = content, breaks_after
        self.etag = etag or hashlib.sha256(content).hexdigest()
        self.ranges: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: FakeHub

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(self.server.content)

    def _answer(self, content: bytes) -> None:
        if not self.path.endswith("/model.gguf"):
            self._refuse(404, "EntryNotFound")
        elif "/gone/" in self.path:
            self._refuse(404, "RepoNotFound")
        elif "/gated/" in self.path:
            self._refuse(403, "GatedRepo")
        else:
            self._send(content)

    def _refuse(self, status: int, code: str) -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, content: bytes) -> None:
        wanted = self.headers.get("Range", "")
        start = int(wanted.removeprefix("bytes=").split("-")[0]) if content and wanted else 0
        if content:
            self.server.ranges.append(wanted)
        self.send_response(206 if start else 200)
        size = len(self.server.content)
        for name, value in {
            "ETag": f'"{self.server.etag}"',
            "X-Repo-Commit": "c" * 40,
            "Accept-Ranges": "bytes",
            "Content-Length": str(size - start),
            "Content-Range": f"bytes {start}-{size - 1}/{size}",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        stop, self.server.breaks_after = (
            (self.server.breaks_after, None) if content else (None, self.server.breaks_after)
        )
        self.wfile.write(content[start:stop])

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@contextmanager
def hub(content: bytes, breaks_after: int | None = None, etag: str | None = None) -> Iterator[FakeHub]:
    """A running hub, stopped in the end."""
    with running(FakeHub(content, breaks_after, etag)) as server:
        yield server
