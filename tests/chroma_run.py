"""A real Chroma server (`chroma run`) for tests, and a small reverse proxy that puts before it what it lacks: a token,
TLS, the limits of Chroma Cloud, and faults on demand."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import subprocess
import sysconfig
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from tenacity import retry, stop_after_delay, wait_fixed

CHROMA = Path(sysconfig.get_path("scripts")) / "chroma"


class ChromaRun:
    """The server as a child process, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [str(CHROMA), "run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self.port)]
        with (self._folder.parent / "chroma.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self._wait()

    @retry(stop=stop_after_delay(60), wait=wait_fixed(0.05), reraise=True)
    def _wait(self) -> None:
        assert self._process is not None
        assert self._process.poll() is None, "chroma run ended"
        httpx.get(f"{self.url}/api/v2/heartbeat", trust_env=False).raise_for_status()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def collections(self) -> dict[str, dict[str, Any]]:
        """Name -> metadata, as the server itself tells them."""
        path = "/api/v2/tenants/default_tenant/databases/default_database/collections"
        found = httpx.get(self.url + path, trust_env=False).json()
        return {c["name"]: c["metadata"] for c in found}

    def delete(self, name: str) -> None:
        path = f"/api/v2/tenants/default_tenant/databases/default_database/collections/{name}"
        httpx.delete(self.url + path, trust_env=False).raise_for_status()


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaRun]:
    """One server for all tests: each library has collections of its own there."""
    server = ChromaRun(tmp_path_factory.mktemp("chroma") / "data")
    server.start()
    yield server
    server.kill()


class Proxy:
    """Forwards to a Chroma server, with what the tests want in between."""

    def __init__(self, target: ChromaRun, *, tls: ssl.SSLContext | None = None) -> None:
        self.target = target
        self.header: tuple[str, str] | None = None
        """Name and value that each request must have."""
        self.cloud_limits = False
        self.drop = 0
        """Upserts to come whose connection is cut after the server has done them."""
        self.silent = threading.Event()
        """While set, requests are taken and never answered."""
        self.requests: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = int(self._server.server_address[1])
        self.url = f"{'https' if tls else 'http'}://localhost:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._closing = threading.Event()

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None: ...

            def forward(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                proxy.requests.append(f"{self.command} {self.path}")
                if proxy.silent.is_set():
                    proxy._closing.wait()
                if proxy._closing.is_set():
                    self.close_connection = True
                    return None
                if proxy.header and self.headers.get(proxy.header[0]) != proxy.header[1]:
                    sent = self.headers.get(proxy.header[0], "nothing")
                    return self.answer(401, json.dumps({"message": f"no entry with {sent}\n\x1b[31m"}).encode())
                if proxy.cloud_limits and (why := beyond_cloud(self.path, body)):
                    return self.answer(422, json.dumps({"error": "Quota", "message": why}).encode())
                status, reply = proxy.ask(self.command, self.path, body)
                if proxy.drop and self.path.endswith("/upsert"):
                    proxy.drop -= 1
                    self.close_connection = True
                    return None
                return self.answer(status, reply)

            def answer(self, status: int, reply: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            do_GET = do_POST = do_PUT = do_DELETE = forward

        return Handler

    def ask(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.target.port, timeout=60)
        try:
            connection.request(method, path, body or None, {"Content-Type": "application/json"} if body else {})
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()


def beyond_cloud(path: str, body: bytes) -> str:
    """Which of Chroma Cloud's limits (docs.trychroma.com/cloud/quotas-limits) a request passes; empty when none."""
    asked = json.loads(body) if body else {}
    if len(asked.get("ids") or []) > 300:
        return "more than 300 records"
    if any(len(i.encode()) > 128 for i in asked.get("ids") or []):
        return "id beyond 128 bytes"
    if any(len(d.encode()) > 16_384 for d in asked.get("documents") or []):
        return "document beyond 16384 bytes"
    values = [v for m in asked.get("metadatas") or [] for v in m.values() if isinstance(v, str)]
    if any(len(v.encode()) > 4_096 for v in values):
        return "metadata value beyond 4096 bytes"
    if asked.get("n_results", 0) > 300:
        return "more than 300 results"
    described = asked.get("metadata") or asked.get("new_metadata") or {}
    if any(len(k) > 36 or len(str(v).encode()) > 256 for k, v in described.items()):
        return "collection metadata too long"
    return "name beyond 128 bytes" if len(asked.get("name", "").encode()) > 128 else ""
