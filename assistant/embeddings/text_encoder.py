"""Encodes texts with a compiled network, in batches of similar length that are tokenized while earlier ones run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from assistant.embeddings.openvino_runtime import Arrays
from assistant.types import Vectors

Ids = npt.NDArray[np.int64]
Encode = Callable[[Sequence[str]], Vectors]
MAX_CHARACTERS = 8_000
"""Longer texts are cut: few encoders read more than 512 tokens, and tokenizers slow down on very long runs."""
BUDGET, _ROWS = 1_024, 64
"""Most tokens, padding included, and most texts in one batch: more are slower on the caches of a CPU, fewer waste calls."""
_TOKENIZED_AT_ONCE = 128
_SHORT = 32
_STEPS = 4, 16
"""Widths are rounded up to multiples of these, up to `_SHORT` and beyond, because each new shape compiles its kernels."""
_ATTRIBUTES = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}


class Runs(Protocol):
    """What runs batches as a `Network` does."""

    def run(self, batches: Iterable[Sequence[Ids]], outputs: Sequence[int] = (0,)) -> Iterator[Arrays]:
        """See `Network.run`."""


class TextEncoder(NamedTuple):
    """A network whose first output is one vector per text, with its tokenizer."""

    network: Runs
    tokenizer: Any
    """Must truncate, and add the markers."""
    inputs: tuple[str, ...]
    padding: int = 0

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Returns shape (len(texts), dim), each row of length 1."""
        vectors: Vectors | None = None
        for rows, _, (found,) in self.run(texts):
            if vectors is None:
                vectors = np.zeros((len(texts), found.shape[1]), dtype=np.float32)
            lengths = np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)
            vectors[rows] = found / lengths
        return np.zeros((0, 0), dtype=np.float32) if vectors is None else vectors

    def run(
        self, texts: Sequence[str], outputs: Sequence[int] = (0,)
    ) -> Iterator[tuple[list[int], list[Any], list[npt.NDArray[np.float32]]]]:
        """Yields, batch by batch, the indices of the texts, what the tokenizer made of them, and the chosen outputs."""
        order = sorted(range(len(texts)), key=lambda i: (len(texts[i]), i))
        packs: list[tuple[list[int], list[Any]]] = []

        def batches() -> Iterator[list[Ids]]:
            for at in range(0, len(order), _TOKENIZED_AT_ONCE):
                some = order[at : at + _TOKENIZED_AT_ONCE]
                encoded = self.tokenizer.encode_batch([readable(texts[i]) for i in some])
                for rows in packed([len(e.ids) for e in encoded]):
                    packs.append(([some[row] for row in rows], [encoded[row] for row in rows]))
                    yield self._columns(packs[-1][1])

        for number, found in enumerate(self.network.run(batches(), outputs)):
            yield *packs[number], found

    def _columns(self, encoded: Sequence[Any]) -> list[Ids]:
        columns = [(name, [getattr(e, _ATTRIBUTES[name]) for e in encoded]) for name in self.inputs]
        return [padded(rows, self.padding if name == "input_ids" else 0) for name, rows in columns]


def packed(lengths: Sequence[int], budget: int = BUDGET) -> list[list[int]]:
    """Groups the indices of rows of similar length into batches, short rows first."""
    packs: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if not packs or len(packs[-1]) >= min(_ROWS, max(1, budget // _width(lengths[i]))):
            packs.append([])
        packs[-1].append(i)
    return packs


def padded(rows: Sequence[Sequence[int]], padding: int = 0) -> Ids:
    """Returns shape (rows, tokens), filled up with `padding`."""
    out = np.full((len(rows), _width(max(map(len, rows)))), padding, dtype=np.int64)
    for row, values in zip(out, rows, strict=True):
        row[: len(values)] = values
    return out


def readable(text: str) -> str:
    """Replaces lone surrogates, which a damaged file can hold and which cannot be tokenized."""
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)


def _width(tokens: int) -> int:
    step = _STEPS[tokens > _SHORT]
    return -(-tokens // step) * step
