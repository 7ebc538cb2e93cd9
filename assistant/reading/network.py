"""Runs the reading network: the packaged encoder with layers of its own, and three small heads.

`reader.safetensors` holds the layers in 8 bits, with one scale for each row of a matrix; the embeddings are the packaged
encoder's. `eval/training/train_reader.py` trains it.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.embeddings import bert, minilm
from assistant.embeddings.minilm import WordNetwork
from assistant.embeddings.packed_layers import unpacked
from assistant.embeddings.text_encoder import Ids, padded
from assistant.reading.layout import Laid, Reading, lay_out

WEIGHTS = Path(__file__).parent / "reader.safetensors"
CLASSES = ("stated", "contradicted", "not_stated")
_HEADS = ("classes.", "marks.")
_BUDGET = 512
"""Tokens in one batch: small batches occupy more cores with the few readings of one question."""
_BOUND = 6.0
"""Log odds are clipped to this as inputs of a fitted model, so that one of them never decides alone."""
Floats = npt.NDArray[np.float32]
Offsets = list[tuple[int, int]]


class Marks(NamedTuple):
    """The probability of a mark for each token, with the characters that the token stands for."""

    offsets: Offsets
    values: Floats

    def highest(self, start: int, end: int) -> float:
        """The greatest value of a token that lies within the characters; 0 where there is none."""
        inside = [v for (a, b), v in zip(self.offsets, self.values, strict=True) if a >= start and b <= end and b > a]
        return float(max(inside, default=0.0))


@dataclass(frozen=True)
class Outcome:
    """What the network finds in one reading."""

    logits: Floats
    """One for each of `CLASSES`."""
    wrong: Marks
    """Tokens of the text that make it wrong."""
    stating: tuple[Marks, ...]
    """Tokens of each passage that state, or contradict, what the text says or asks."""

    @property
    def odds(self) -> float:
        """Log odds of `stated`."""
        return float(self.logits[0] - np.logaddexp(self.logits[1], self.logits[2]))

    @property
    def against(self) -> float:
        """Log odds of `contradicted`."""
        return float(self.logits[1] - np.logaddexp(self.logits[0], self.logits[2]))

    def features(self) -> dict[str, float]:
        """Inputs of the models fitted on top: log odds of the classes and of the surest marks, within ±6."""
        stating = max((float(m.values.max(initial=0.0)) for m in self.stating), default=0.0)
        return {
            "stated": _bounded(self.odds),
            "contradicted": _bounded(self.against),
            "wrong": _log_odds(float(self.wrong.values.max(initial=0.0))),
            "stating": _log_odds(stating),
        }


class _Loaded(NamedTuple):
    encoder: WordNetwork
    heads: dict[str, Floats]


class Reader:
    """Reads texts beside their evidence. Loads with the first reading; thread-safe."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """`weights` replace the packaged ones, to measure others."""
        self._file = weights
        self._loaded: _Loaded | None = None
        self._lock = threading.Lock()

    def read(self, readings: Sequence[Reading]) -> list[Outcome]:
        """One outcome for each reading, in order."""
        if not readings:
            return []
        with self._lock:
            loaded = self._loaded = self._loaded or _load(self._file)
        laid = lay_out(readings)
        batches = minilm.batches([one.ids for one in laid], _BUDGET)

        def inputs() -> Iterator[tuple[Ids, Ids]]:
            for rows, ids in batches:
                yield ids, padded([laid[i].sides for i in rows])

        found: dict[int, Outcome] = {}
        for (rows, _), (states,) in zip(batches, loaded.encoder.run(inputs(), (bert.LAST,)), strict=True):
            for row, i in enumerate(rows):
                found[i] = _outcome(laid[i], states[row], loaded.heads)
        return [found[i] for i in range(len(readings))]


@cache
def shared() -> Reader:
    """The one copy of the packaged reader in this process."""
    return Reader()


def _outcome(laid: Laid, states: Floats, heads: dict[str, Floats]) -> Outcome:
    marks = states[: len(laid.ids)] @ heads["marks.weight"].T + heads["marks.bias"]
    size = len(laid.text) + 2
    text, wrong = states[:size], marks[:size, 0]
    focus = np.exp(wrong - wrong.max())
    pooled = np.concatenate([states[0], text.mean(axis=0), (focus / focus.sum()) @ text])
    logits = heads["classes.weight"] @ pooled + heads["classes.bias"]
    chances = 1.0 / (1.0 + np.exp(-marks))
    stating = tuple(Marks(offsets, chances[at : at + len(offsets), 1]) for at, offsets in laid.evidence)
    return Outcome(logits, Marks(laid.text, chances[1 : size - 1, 0]), stating)


def _log_odds(probability: float) -> float:
    held = min(max(probability, 1e-6), 1 - 1e-6)
    return _bounded(math.log(held / (1.0 - held)))


def _bounded(value: float) -> float:
    return max(-_BOUND, min(_BOUND, value))


def _load(file: Path) -> _Loaded:
    content = file.read_bytes()
    layers, heads = unpacked(content, _HEADS)
    return _Loaded(minilm.tuned(f"reader-{sha256(content).hexdigest()[:12]}", layers), heads)
