"""A second reader for claims: the packaged encoder over claim and passage together, with a small trained adapter.

It sees what words alone do not show (who does what to whom), in the field it was trained on. Knows nothing about
rules or verdicts; the network loads with the first claim. Trained by `eval/training/train_claims.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.embeddings import bert, minilm
from assistant.embeddings.minilm import CLS, SEP
from assistant.embeddings.openvino_runtime import Network
from assistant.embeddings.text_encoder import Ids

ADAPTER = Path(__file__).parent / "nli.safetensors"
CLASSES = ("supported", "contradicted", "not_stated")
MAX_CLAIM, MAX_PASSAGE = 80, 180
"""Tokens that are read."""
_Floats = npt.NDArray[np.float32]


class Pair(NamedTuple):
    """`[CLS] claim [SEP] passage [SEP]` as token ids; the first `mine` of them belong to the claim."""

    ids: list[int]
    mine: int


class Head(NamedTuple):
    """The adapted encoder and the layer over its states."""

    encoder: Network
    weight: _Floats
    bias: _Floats


class Entailment:
    """Probabilities of `CLASSES` for a claim and the sentences it is held against. Thread-safe."""

    def __init__(self, adapter: Path = ADAPTER) -> None:
        self._adapter = adapter
        self._head: Head | None = None
        self._lock = threading.Lock()

    def read(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> npt.NDArray[np.float64]:
        """One row of probabilities for each (claim, sentences)."""
        with self._lock:
            head = self._head = self._head or load(self._adapter)
        found = np.zeros((len(pairs), len(CLASSES)))
        encoded = encode(pairs)
        packs: list[tuple[list[int], _Floats]] = []

        def inputs() -> Iterator[tuple[Ids, Ids]]:
            for rows, ids in minilm.batches([pair.ids for pair in encoded]):
                mine = np.arange(ids.shape[1]) < np.array([[encoded[i].mine] for i in rows])
                packs.append((rows, mine.astype(np.float32)))
                yield ids, (~mine).astype(np.int64)

        for number, (states,) in enumerate(head.encoder.run(inputs(), (bert.LAST,))):
            rows, mine = packs[number]
            claim = np.einsum("ntw,nt->nw", states, mine / mine.sum(axis=1, keepdims=True))
            found[rows] = _softmax(np.concatenate([states[:, 0], claim], axis=1) @ head.weight.T + head.bias)
        return found


def encode(pairs: Sequence[tuple[str, Sequence[str]]]) -> list[Pair]:
    """Claim and passage of each pair, cut to `MAX_CLAIM` and `MAX_PASSAGE` tokens."""
    claims = minilm.tokenize([claim for claim, _ in pairs], [MAX_CLAIM] * len(pairs))
    passages = minilm.tokenize([" ".join(lines) for _, lines in pairs], [MAX_PASSAGE] * len(pairs))
    return [
        Pair([CLS, *claim.ids[1:-1], SEP, *passage.ids[1:-1], SEP], len(claim.ids))
        for claim, passage in zip(claims, passages, strict=True)
    ]


def load(adapter: Path) -> Head:
    """The packaged encoder with the adapter of a file, and its head."""
    from safetensors.numpy import load as read

    content = adapter.read_bytes()
    tuned = {name: value.astype(np.float32) for name, value in read(content).items()}
    encoder = minilm.adapted(sha256(content).hexdigest()[:12], tuned, tuned["seg"])
    return Head(encoder, tuned["head.weight"], tuned["head.bias"])


def _softmax(logits: _Floats) -> npt.NDArray[np.float64]:
    raised = np.exp((logits - logits.max(axis=1, keepdims=True)).astype(np.float64))
    chances: npt.NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return chances
