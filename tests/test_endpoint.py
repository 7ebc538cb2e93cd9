"""Embedding in bulk over the OpenAI protocol: order, busy and failing servers, and what a failure leaves behind."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import write_papers
from ingesting import LONG, opened, records

from assistant import EmbeddingError
from assistant.embeddings import openai_endpoint
from assistant.embeddings.openai_endpoint import EndpointEmbedder
from eval.loopback import running

Answer = tuple[int, dict[str, str], Any]


class Server(ThreadingHTTPServer):
    """Answers as `reply` says; by default a vector that tells how long each text is."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[list[str]] = []
        self.lock = threading.Lock()
        self.reply: Callable[[list[str]], Answer | None] = lambda texts: None

    def embedder(self) -> EndpointEmbedder:
        return EndpointEmbedder(f"http://127.0.0.1:{self.server_port}/v1#tiny", "none")


def vectors(texts: list[str]) -> dict[str, Any]:
    """In another order than asked: the index counts."""
    rows = [{"object": "embedding", "index": i, "embedding": [float(len(t)), 1.0]} for i, t in enumerate(texts)]
    return {"object": "list", "data": rows[::-1], "model": "tiny", "usage": {"prompt_tokens": 1, "total_tokens": 1}}


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
        with self.server.lock:
            self.server.asked.append(texts)
            status, headers, body = self.server.reply(texts) or (200, {}, vectors(texts))
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def server() -> Iterator[Server]:
    with running(Server()) as server:
        yield server


def expected(texts: list[str]) -> np.ndarray[Any, Any]:
    rows = np.array([[len(t), 1.0] for t in texts])
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


TEXTS = ["x" * (i % 97 + 1) for i in range(150)]
BUSY: Answer = (429, {"Retry-After": "0"}, {"error": {"message": "slow down"}})


def test_many_texts_come_back_in_order_in_batches(server: Server) -> None:
    assert np.allclose(server.embedder().encode(TEXTS), expected(TEXTS), atol=1e-6)
    assert sorted(len(texts) for texts in server.asked) == [22, 32, 32, 32, 32]
    assert server.embedder().encode([]).shape[0] == 0


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(server: Server, status: int) -> None:
    failures = iter([(status, {"Retry-After": "0"}, {})] * 3)
    server.reply = lambda texts: next(failures, None)
    assert np.allclose(server.embedder().encode(TEXTS), expected(TEXTS), atol=1e-6)
    assert len(server.asked) == 8


def test_patience_ends(server: Server) -> None:
    server.reply = lambda texts: BUSY
    with pytest.raises(EmbeddingError, match="refused with status 429"):
        server.embedder().encode(["a"])
    assert len(server.asked) == 3, "somebody waits"
    server.asked.clear()
    with pytest.raises(EmbeddingError, match="refused with status 429"):
        server.embedder().encode(TEXTS[:32])
    assert len(server.asked) == openai_endpoint.BULK_RETRIES.attempts


def test_a_refusal_is_not_repeated_and_says_what_to_check(server: Server) -> None:
    server.reply = lambda texts: (401, {}, {"error": {"message": "bad key sk-secret"}})
    with pytest.raises(EmbeddingError, match="ASSISTANT_EMBEDDER_API_KEY") as caught:
        server.embedder().encode(["a"])
    assert "sk-secret" not in str(caught.value)
    assert len(server.asked) == 1


def test_a_batch_too_large_for_the_server_is_halved(server: Server) -> None:
    server.reply = lambda texts: (413, {}, {}) if len(texts) > 10 else None
    assert np.allclose(server.embedder().encode(TEXTS[:40]), expected(TEXTS[:40]), atol=1e-6)


@pytest.mark.parametrize(
    ("embeddings", "complaint"),
    [
        ([[1.0, 2.0]], "1 vectors for 2 texts"),
        ([[1.0], [1.0, 2.0]], "differ in length"),
        ([[float("nan")], [1.0]], "no finite numbers"),
    ],
)
def test_what_is_no_vector_a_text_is_refused(server: Server, embeddings: list[list[float]], complaint: str) -> None:
    rows = [{"object": "embedding", "index": i, "embedding": e} for i, e in enumerate(embeddings)]
    server.reply = lambda texts: (200, {}, {**vectors([]), "data": rows})
    with pytest.raises(EmbeddingError, match=complaint):
        server.embedder().encode(["a", "b"])


def test_a_failure_in_the_middle_leaves_what_was_committed(server: Server, tmp_path: Path) -> None:
    rows = records(*[(f"Paper number {i} on boats", f"{LONG} Boat {i} sank.") for i in range(30)])
    source = write_papers(tmp_path / "p.jsonl", rows)
    with opened(tmp_path / "home", server.embedder(), batch=8) as lib:
        server.reply = lambda texts: BUSY if len(server.asked) > 2 else None
        with pytest.raises(EmbeddingError, match=r"16 papers were stored; run the same command again to continue"):
            lib.pipeline.add([source])
        server.reply, server.asked = (lambda texts: None), []
        report = lib.pipeline.add([source])
    assert (report.papers, report.added, report.unchanged) == (30, 14, 16)
    assert sum(map(len, server.asked)) == 14, "nothing is embedded twice"
