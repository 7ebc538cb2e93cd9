"""Natural language inference for claims: the packaged encoder reads claim and passage together, with a trained adapter.

It detects what shared words do not show (who does what to whom), in the field that it was trained on by
`eval/training/train_nli.py`.
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

_ADAPTER = Path(__file__).parent / "nli.safetensors"
CLASSES = ("supported", "contradicted", "not_stated")
MAX_CLAIM, MAX_PASSAGE = 80, 180
"""Tokens that are read of each."""
_Floats = npt.NDArray[np.float32]


class Pair(NamedTuple):
    """`[CLS] claim [SEP] passage [SEP]` as token ids; the first `claim_tokens` of them belong to the claim."""

    ids: list[int]
    claim_tokens: int


class _Classifier(NamedTuple):
    """The adapted encoder and the layer over its states."""

    encoder: Network
    weight: _Floats
    bias: _Floats


class NliModel:
    """Probabilities of `CLASSES` for claims and passages. Loads with the first claim; thread-safe."""

    def __init__(self) -> None:
        self._classifier: _Classifier | None = None
        self._lock = threading.Lock()

    def predict(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> npt.NDArray[np.float64]:
        """One row of probabilities for each (claim, sentences of the passage)."""
        with self._lock:
            classifier = self._classifier = self._classifier or _load(_ADAPTER)
        found = np.zeros((len(pairs), len(CLASSES)))
        encoded = encode(pairs)
        packs: list[tuple[list[int], _Floats]] = []

        def inputs() -> Iterator[tuple[Ids, Ids]]:
            for rows, ids in minilm.batches([pair.ids for pair in encoded]):
                in_claim = np.arange(ids.shape[1]) < np.array([[encoded[i].claim_tokens] for i in rows])
                packs.append((rows, in_claim.astype(np.float32)))
                yield ids, (~in_claim).astype(np.int64)

        for number, (states,) in enumerate(classifier.encoder.run(inputs(), (bert.LAST,))):
            rows, mask = packs[number]
            claim = np.einsum("ntw,nt->nw", states, mask / mask.sum(axis=1, keepdims=True))
            pooled = np.concatenate([states[:, 0], claim], axis=1)
            logits = pooled @ classifier.weight.T + classifier.bias
            raised = np.exp((logits - logits.max(axis=1, keepdims=True)).astype(np.float64))
            found[rows] = raised / raised.sum(axis=1, keepdims=True)
        return found


def encode(pairs: Sequence[tuple[str, Sequence[str]]]) -> list[Pair]:
    """Claim and passage of each pair, cut to `MAX_CLAIM` and `MAX_PASSAGE` tokens."""
    claims = minilm.tokenize([claim for claim, _ in pairs], [MAX_CLAIM] * len(pairs))
    passages = minilm.tokenize([" ".join(lines) for _, lines in pairs], [MAX_PASSAGE] * len(pairs))
    return [
        Pair([CLS, *claim.ids[1:-1], SEP, *passage.ids[1:-1], SEP], len(claim.ids))
        for claim, passage in zip(claims, passages, strict=True)
    ]


def _load(adapter: Path) -> _Classifier:
    from safetensors.numpy import load

    content = adapter.read_bytes()
    tuned = {name: value.astype(np.float32) for name, value in load(content).items()}
    encoder = minilm.adapted(sha256(content).hexdigest()[:12], tuned, tuned["seg"])
    return _Classifier(encoder, tuned["head.weight"], tuned["head.bias"])
