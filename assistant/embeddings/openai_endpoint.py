"""Embeds texts through an OpenAI-compatible endpoint: in batches, a few at a time, with retries while it is busy."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from assistant.embeddings.text_encoder import MAX_CHARACTERS
from assistant.errors import EmbeddingError
from assistant.retry_policy import RetryPolicy, retry_after
from assistant.types import Vectors

_TEXTS = 32
"""Texts in one request: the smallest of the limits that common servers have by default."""
_CONCURRENT = 4
"""Requests in flight at a time."""
AT_ONCE = _TEXTS * _CONCURRENT
"""Texts in one call that keep the endpoint busy."""
BULK_RETRIES, QUESTION_RETRIES = RetryPolicy(6, longest_pause=60.0), RetryPolicy(3, longest_pause=60.0)
"""Indexing may take its time; a user waits for the embedding of a question."""
_TOO_MUCH = 400, 413, 422
"""Status codes for a batch that is too large for the server; some servers use them for other errors as well."""


class EndpointEmbedder:
    """`http://host:port/v1#MODEL`; may be shared by threads."""

    def __init__(self, spec: str, key: str) -> None:
        self.name = spec
        self._base, _, self._model = spec.partition("#")
        self._key = key
        self._made: Any = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns shape (len(texts), dim), each row of length 1.

        Raises EmbeddingError when the endpoint does not answer, or not with exactly one vector per text.
        """
        cut = [t[:MAX_CHARACTERS] for t in texts]
        parts = [cut[i : i + _TEXTS] for i in range(0, len(cut), _TEXTS)]
        if not parts:
            return np.zeros((0, 0), dtype=np.float32)
        retries = BULK_RETRIES if len(cut) >= _TEXTS else QUESTION_RETRIES
        with ThreadPoolExecutor(min(len(parts), _CONCURRENT), "embeddings") as pool:
            pending = [pool.submit(self._embed, part, retries) for part in parts]
            try:
                rows = [row for done in pending for row in done.result()]
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        try:
            vectors = np.asarray(rows, dtype=np.float64).reshape(len(texts), -1)
        except ValueError:
            raise EmbeddingError(
                f"embeddings endpoint {self._base}: its vectors differ in length; check its model"
            ) from None
        if not np.isfinite(vectors).all():
            raise EmbeddingError(
                f"embeddings endpoint {self._base}: it returned a vector that holds no finite numbers; check its model"
            )
        lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        normalised: Vectors = (vectors / lengths).astype(np.float32)
        return normalised

    def _embed(self, texts: list[str], retries: RetryPolicy) -> list[list[float]]:
        """Embeds one batch, in halves if it is too large for the server."""
        from openai import APIStatusError, OpenAIError

        try:
            return self._request(texts, retries)
        except APIStatusError as error:
            if error.status_code not in _TOO_MUCH or len(texts) == 1:
                raise EmbeddingError(self._refusal(error.status_code)) from error
        except OpenAIError as error:
            raise EmbeddingError(
                f"embeddings endpoint {self._base} did not answer ({type(error).__name__}); "
                f"check ASSISTANT_EMBEDDER and that the server runs"
            ) from error
        half = len(texts) // 2
        return self._embed(texts[:half], retries) + self._embed(texts[half:], retries)

    def _request(self, texts: list[str], retries: RetryPolicy) -> list[list[float]]:
        """Vectors in the order of the texts; repeats the request while the server is busy, restarting or unreachable."""
        from openai import APIConnectionError, APIStatusError, InternalServerError, RateLimitError
        from tenacity import Retrying

        def transient(error: BaseException) -> bool:
            return isinstance(error, APIConnectionError | InternalServerError | RateLimitError)

        def requested(error: BaseException) -> float | None:
            return retry_after(error.response.headers) if isinstance(error, APIStatusError) else None

        patient = Retrying(**retries.options(transient, requested))
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

                # The retries of the client would multiply those above.
                self._made = OpenAI(base_url=self._base, api_key=self._key, max_retries=0, timeout=60.0)
            return self._made

    def _refusal(self, status: int) -> str:
        hints = {401: "check ASSISTANT_EMBEDDER_API_KEY", 403: "check ASSISTANT_EMBEDDER_API_KEY"}
        hint = hints.get(status, f"check that it serves the model {self._model!r} (ASSISTANT_EMBEDDER)")
        return f"embeddings endpoint {self._base} refused with status {status}; {hint}"
