"""Encodes texts for the span extractor, token by token, with the packaged encoder, and caches the results."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.answerability.word_features import rank_weight
from assistant.embeddings import bert, minilm
from assistant.embeddings.minilm import Tokens
from assistant.embeddings.text_encoder import BUDGET
from assistant.text.stop_words import QUESTION_STOP_WORDS

_CACHE_SIZE = 128
"""Texts whose states are cached by default; a sentence takes about 70 kB."""
_BUDGET = BUDGET // 2
"""Tokens in one pass: smaller passes occupy more cores with the few texts of one question."""
Floats = npt.NDArray[np.float32]


class EncodedText(NamedTuple):
    """One text as the span extractor reads it, with a marker token at either end."""

    states: npt.NDArray[np.float16]
    """(tokens, 2 * WIDTH): the middle and the last layer; the middle one represents the word itself better."""
    words: npt.NDArray[np.float16]
    """(tokens, WIDTH): each token's embedding before any layer, of length 1."""
    weights: Floats
    """Weight of each token; 0 for markers, punctuation and function words."""
    offsets: list[tuple[int, int]]
    """Start and end of each token in characters, without the markers."""
    vector: Floats
    """Embedding of the whole text, of length 1."""


class Encoder:
    """Encodes texts and caches the `cache_size` latest. Thread-safe."""

    def __init__(self, cache_size: int = _CACHE_SIZE) -> None:
        self._network = minilm.shared().network
        self._cache: OrderedDict[tuple[str, int], EncodedText] = OrderedDict()
        self._cache_size, self._lock = cache_size, threading.Lock()

    def encode(self, texts: Sequence[tuple[str, int]]) -> list[EncodedText]:
        """One row for each (text, most tokens to read)."""
        with self._lock:
            found = {t: self._cache[t] for t in texts if t in self._cache}
        new = list(dict.fromkeys(t for t in texts if t not in found))
        found.update(zip(new, self._compute(new), strict=True))
        with self._lock:
            for text in found:
                self._cache[text] = found[text]
                self._cache.move_to_end(text)
            while len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)
        return [found[t] for t in texts]

    def _compute(self, texts: list[tuple[str, int]]) -> list[EncodedText]:
        tokens = minilm.tokenize([t for t, _ in texts], [limit for _, limit in texts])
        packs = minilm.batches([t.ids for t in tokens], _BUDGET)
        wanted = (bert.POOLED, bert.MIDDLE, bert.LAST, bert.WORDS)
        encoded: dict[int, EncodedText] = {}
        for (rows, _), outputs in zip(packs, self._network.run(((ids,) for _, ids in packs), wanted), strict=True):
            for row, i in enumerate(rows):
                encoded[i] = _encoded(tokens[i], *(output[row] for output in outputs))
        return [encoded[i] for i in range(len(tokens))]


def _encoded(text: Tokens, pooled: Floats, middle: Floats, last: Floats, words: Floats) -> EncodedText:
    n = len(text.ids)
    states = np.concatenate([middle[:n], last[:n]], axis=1).astype(np.float16)
    words = words[:n] / np.maximum(np.linalg.norm(words[:n], axis=1, keepdims=True), 1e-12)
    weights = np.array([0.0, *map(_token_weight, text.pieces, text.ids[1:]), 0.0], dtype=np.float32)
    return EncodedText(states, words.astype(np.float16), weights, list(text.offsets), pooled.copy())


def _token_weight(token: str, rank: int) -> float:
    if token in QUESTION_STOP_WORDS or not re.match(r"(?:##)?[a-z0-9]", token):
        return 0.0
    return 0.5 if token.startswith("##") else max(0.1, rank_weight(rank) / 10)
