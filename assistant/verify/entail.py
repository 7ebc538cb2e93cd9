"""A second reader for claims: the packaged encoder over claim and passage together, with a small trained adapter.

It sees what words alone do not show (who does what to whom), in the field it was trained on. Knows nothing about
rules or verdicts; torch loads with the first claim. Trained by `eval/training/train_claims.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant import minilm
from assistant.minilm import CLS, LAYERS, SEP, MiniLM

if TYPE_CHECKING:
    from torch import Tensor

ADAPTER = Path(__file__).parent / "entail.safetensors"
CLASSES = ("supported", "contradicted", "not_stated")
MAX_CLAIM, MAX_PASSAGE = 80, 180
"""Tokens that are read."""


class Pair(NamedTuple):
    """`[CLS] claim [SEP] passage [SEP]` as token ids; the first `mine` of them belong to the claim."""

    ids: list[int]
    mine: int


class Head(NamedTuple):
    """The adapted encoder and the layer over its states."""

    encoder: MiniLM
    weight: Tensor
    bias: Tensor


class Entailment:
    """Probabilities of `CLASSES` for a claim and the sentences it is held against. Thread-safe."""

    def __init__(self, adapter: Path = ADAPTER) -> None:
        self._adapter = adapter
        self._head: Head | None = None
        self._lock = threading.Lock()

    def read(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> npt.NDArray[np.float64]:
        """One row of probabilities for each (claim, sentences)."""
        import torch

        with self._lock:
            self._head = self._head or load(self._adapter)
        found = np.zeros((len(pairs), len(CLASSES)))
        encoded = encode(self._head.encoder, pairs)
        with torch.inference_mode():
            for rows, ids in self._head.encoder.batches([pair.ids for pair in encoded]):
                mine = torch.arange(ids.shape[1]) < torch.tensor([[encoded[i].mine] for i in rows])
                pooled = pool(self._head.encoder, ids, mine)
                found[rows] = torch.softmax(pooled @ self._head.weight.T + self._head.bias, dim=-1).numpy()
        return found


def encode(encoder: MiniLM, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[Pair]:
    """Claim and passage of each pair, cut to `MAX_CLAIM` and `MAX_PASSAGE` tokens."""
    claims = encoder.tokenize([claim for claim, _ in pairs], [MAX_CLAIM] * len(pairs))
    passages = encoder.tokenize([" ".join(lines) for _, lines in pairs], [MAX_PASSAGE] * len(pairs))
    return [
        Pair([CLS, *claim.ids[1:-1], SEP, *passage.ids[1:-1], SEP], len(claim.ids))
        for claim, passage in zip(claims, passages, strict=True)
    ]


def pool(encoder: MiniLM, ids: Tensor, mine: Tensor, drop: float = 0.0) -> Tensor:
    """State of `[CLS]` beside the mean over the claim's tokens: (rows, 2 * WIDTH)."""
    import torch

    read = torch.nn.functional.dropout(encoder.embed(ids, (~mine).long()), drop, drop > 0)
    states = encoder.layers(read, ids != 0, 0, LAYERS)
    counted = mine[..., None].float()
    return torch.cat([states[:, 0], (states * counted).sum(1) / counted.sum(1)], dim=-1)


def load(adapter: Path) -> Head:
    """The packaged encoder with the adapter of a file, and its head."""
    from safetensors.torch import load_file

    tuned = {name: tensor.float() for name, tensor in load_file(str(adapter)).items()}
    return Head(minilm.shared().adapted(tuned, tuned["seg"]), tuned["head.weight"], tuned["head.bias"])
