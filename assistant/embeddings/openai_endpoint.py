"""An OpenAI-compatible embeddings endpoint, asked in bulk: batches, a few side by side, patient with a busy server.

Knows nothing about papers. What cannot be embedded is an error; nothing is ever left out in silence.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import EmbeddingError
from assistant.types import Vectors

if TYPE_CHECKING:
    from tenacity import RetryCallState

_TEXTS = 32
"""In one request: the least that common servers take by default."""
_SIDE_BY_SIDE = 4
"""Requests under way at a time."""
AT_ONCE = _TEXTS * _SIDE_BY_SIDE
"""Texts in one call that keep the endpoint busy."""
_ATTEMPTS, _FEW_ATTEMPTS = 6, 3
"""For a text of many, which may take its time, and for those of a question, where somebody waits."""
_LONGEST_WAIT = 60.0
"""Seconds between two attempts at most, whatever the server asks for."""
_MAX_CHARACTERS = 8_000
_TOO_MUCH = 400, 413, 422
"""What servers answer to a batch that is too large for them, some of them to other mistakes as well."""


class EndpointEmbedder:
    """`http://host:port/v1#MODEL`; may be shared by threads."""

    def __init__(self, spec: str, key: str) -> None:
        self.name = spec
        self._base, _, self._model = spec.partition("#")
        self._key = key
        self._made: Any = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim); each row has length 1. Raises EmbeddingError when the endpoint does not answer, or
        with something else than one vector a text."""
        cut = [t[:_MAX_CHARACTERS] for t in texts]
        parts = [cut[i : i + _TEXTS] for i in range(0, len(cut), _TEXTS)]
        if not parts:
            return np.zeros((0, 0), dtype=np.float32)
        attempts = _ATTEMPTS if len(cut) >= _TEXTS else _FEW_ATTEMPTS
        with ThreadPoolExecutor(min(len(parts), _SIDE_BY_SIDE), "embeddings") as pool:
            pending = [pool.submit(self._embed, part, attempts) for part in parts]
            try:
                rows = [row for done in pending for row in done.result()]
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        try:
            vectors = np.asarray(rows, dtype=np.float64).reshape(len(texts), -1)
        except ValueError:
            raise EmbeddingError(f"embeddings endpoint {self._base}: its vectors differ in length") from None
        if not np.isfinite(vectors).all():
            raise EmbeddingError(f"embeddings endpoint {self._base}: a vector of it is no vector of numbers")
        lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        normalised: Vectors = (vectors / lengths).astype(np.float32)
        return normalised

    def _embed(self, texts: list[str], attempts: int) -> list[list[float]]:
        """One batch, in halves where it is too large for the server."""
        from openai import APIStatusError, OpenAIError

        try:
            return self._request(texts, attempts)
        except APIStatusError as error:
            if error.status_code not in _TOO_MUCH or len(texts) == 1:
                raise EmbeddingError(self._refusal(error.status_code)) from error
        except OpenAIError as error:
            raise EmbeddingError(
                f"embeddings endpoint {self._base} did not answer ({type(error).__name__}); "
                f"check ASSISTANT_EMBEDDER and that the server runs"
            ) from error
        half = len(texts) // 2
        return self._embed(texts[:half], attempts) + self._embed(texts[half:], attempts)

    def _request(self, texts: list[str], attempts: int) -> list[list[float]]:
        """Vectors in the order of the texts; waits for a server that is busy, restarts or cannot be reached."""
        from openai import APIConnectionError, InternalServerError, RateLimitError
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

        patient = Retrying(
            retry=retry_if_exception_type((APIConnectionError, InternalServerError, RateLimitError)),
            stop=stop_after_attempt(attempts),
            wait=_pause,
            reraise=True,
        )
        reply = patient(self._client.embeddings.create, model=self._model, input=texts, encoding_format="float")
        rows = sorted(reply.data, key=lambda row: row.index)
        if [row.index for row in rows] != list(range(len(texts))):
            raise EmbeddingError(
                f"embeddings endpoint {self._base} gave {len(rows)} vectors for {len(texts)} texts; check its model"
            )
        return [row.embedding for row in rows]

    @property
    def _client(self) -> Any:
        with self._lock:
            if self._made is None:
                from openai import OpenAI

                # Its own attempts would multiply ours.
                self._made = OpenAI(base_url=self._base, api_key=self._key, max_retries=0, timeout=60.0)
            return self._made

    def _refusal(self, status: int) -> str:
        hints = {401: "check ASSISTANT_EMBEDDER_API_KEY", 403: "check ASSISTANT_EMBEDDER_API_KEY"}
        hint = hints.get(status, f"check that it serves the model {self._model!r} (ASSISTANT_EMBEDDER)")
        return f"embeddings endpoint {self._base} refused with status {status}; {hint}"


def _pause(state: RetryCallState) -> float:
    """As long as the server asks for, else 0.5 s, 1 s, 2 s and so on with some chance in it."""
    from openai import APIStatusError
    from tenacity import wait_random_exponential

    error = state.outcome.exception() if state.outcome else None
    asked = error.response.headers.get("retry-after", "") if isinstance(error, APIStatusError) else ""
    if asked.isdigit():
        return min(float(asked), _LONGEST_WAIT)
    return wait_random_exponential(multiplier=0.5, max=_LONGEST_WAIT, min=0.25)(state)
