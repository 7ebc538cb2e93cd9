"""Tells whether a sentence speaks to its reader's machine: the packaged encoder with layers of its own, and one head.

`injections.safetensors` holds the layers in 8 bits, as those of the reading network; `eval/training/train_injections.py`
trains it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.embeddings import bert, minilm
from assistant.embeddings.minilm import WordNetwork
from assistant.embeddings.packed_layers import unpacked
from assistant.injections.revealed import revealed

WEIGHTS = Path(__file__).parent / "injections.safetensors"
HEADS = ("focus.", "planted.")
MAX_TOKENS = 126
"""Tokens that are read of one sentence."""
_BUDGET = 512
Floats = npt.NDArray[np.float32]


class _Loaded(NamedTuple):
    encoder: WordNetwork
    heads: dict[str, Floats]


class InjectionNetwork:
    """Scores sentences. Loads with the first of them; thread-safe."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """`weights` replace the packaged ones, to measure others."""
        self._file = weights
        self._loaded: _Loaded | None = None
        self._lock = threading.Lock()

    def odds(self, sentences: Sequence[str]) -> Floats:
        """The log odds that each sentence was planted."""
        found = np.zeros(len(sentences), dtype=np.float32)
        if not sentences:
            return found
        with self._lock:
            loaded = self._loaded = self._loaded or _load(self._file)
        tokens = minilm.tokenize([revealed(s) for s in sentences], [MAX_TOKENS] * len(sentences))
        batches = minilm.batches([t.ids for t in tokens], _BUDGET)
        states = loaded.encoder.run(([ids] for _, ids in batches), (bert.LAST,))
        for (rows, _), (last,) in zip(batches, states, strict=True):
            for row, i in enumerate(rows):
                found[i] = _head(last[row, : len(tokens[i].ids)], loaded.heads)
        return found


@cache
def shared() -> InjectionNetwork:
    """The one copy of the packaged network in this process."""
    return InjectionNetwork()


def _head(states: Floats, heads: dict[str, Floats]) -> float:
    """The first state, the mean and a weighed mean of all say it together."""
    focus = states @ heads["focus.weight"][0] + heads["focus.bias"]
    weights = np.exp(focus - focus.max())
    pooled = np.concatenate([states[0], states.mean(axis=0), (weights / weights.sum()) @ states])
    return float(heads["planted.weight"][0] @ pooled + heads["planted.bias"][0])


def _load(file: Path) -> _Loaded:
    content = file.read_bytes()
    layers, heads = unpacked(content, HEADS)
    return _Loaded(minilm.tuned(f"injections-{sha256(content).hexdigest()[:12]}", layers), heads)
