"""Texts as the pointer reads them: the packaged encoder's states, token by token, remembered for a while.

Knows nothing about questions.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.answerability.word_features import rank_weight
from assistant.embeddings import bert, minilm
from assistant.embeddings.minilm import Tokens
from assistant.embeddings.text_encoder import BUDGET, Ids
from assistant.text.stop_words import QUESTION_STOP_WORDS

_KEPT = 128
"""Texts whose states are remembered unless asked otherwise; a sentence takes about 70 kB."""
_BUDGET = BUDGET // 2
"""Tokens in one pass: smaller passes keep more cores busy with the few texts of one question."""
Floats = npt.NDArray[np.float32]


class Part(NamedTuple):
    """One text as the pointer reads it, with a marker at either end."""

    states: npt.NDArray[np.float16]
    """(tokens, 2 * WIDTH), the middle and the last layer: the middle one says more about the word itself."""
    words: npt.NDArray[np.float16]
    """(tokens, WIDTH), each token's embedding before any layer, of length 1."""
    weights: Floats
    """How much each token says; 0 for markers, punctuation and function words."""
    offsets: list[tuple[int, int]]
    """Characters of each token, markers left out."""
    vector: Floats
    """What the packaged encoder makes of the whole text, of length 1."""


class Encoder:
    """Reads texts, remembers the latest. May be shared by threads."""

    def __init__(self, keep: int = _KEPT) -> None:
        """`keep` texts are remembered."""
        self._network = minilm.shared().network
        self._known: OrderedDict[tuple[str, int], Part] = OrderedDict()
        self._keep, self._lock = keep, threading.Lock()

    def read(self, texts: Sequence[tuple[str, int]]) -> list[Part]:
        """A part for each text, cut to so many tokens."""
        with self._lock:
            found = {t: self._known[t] for t in texts if t in self._known}
        new = list(dict.fromkeys(t for t in texts if t not in found))
        found.update(zip(new, self._compute(new), strict=True))
        with self._lock:
            for text in found:
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > self._keep:
                self._known.popitem(last=False)
        return [found[t] for t in texts]

    def _compute(self, texts: list[tuple[str, int]]) -> list[Part]:
        tokens = minilm.tokenize([t for t, _ in texts], [limit for _, limit in texts])
        packs = minilm.batches([t.ids for t in tokens], _BUDGET)

        def inputs() -> Iterator[tuple[Ids]]:
            yield from ((ids,) for _, ids in packs)

        wanted = (bert.POOLED, bert.MIDDLE, bert.LAST, bert.WORDS)
        parts: dict[int, Part] = {}
        for (rows, _), outputs in zip(packs, self._network.run(inputs(), wanted), strict=True):
            for row, i in enumerate(rows):
                parts[i] = _part(tokens[i], *(output[row] for output in outputs))
        return [parts[i] for i in range(len(tokens))]


def _part(text: Tokens, pooled: Floats, middle: Floats, last: Floats, words: Floats) -> Part:
    n = len(text.ids)
    states = np.concatenate([middle[:n], last[:n]], axis=1).astype(np.float16)
    words = words[:n] / np.maximum(np.linalg.norm(words[:n], axis=1, keepdims=True), 1e-12)
    weights = np.array([0.0, *map(_token_weight, text.pieces, text.ids[1:]), 0.0], dtype=np.float32)
    return Part(states, words.astype(np.float16), weights, list(text.offsets), pooled.copy())


def _token_weight(token: str, rank: int) -> float:
    if token in QUESTION_STOP_WORDS or not re.match(r"(?:##)?[a-z0-9]", token):
        return 0.0
    return 0.5 if token.startswith("##") else max(0.1, rank_weight(rank) / 10)
