"""Runs the packaged encoder in torch for training, with gradients; in use, `assistant.embeddings.bert` builds it."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from assistant.embeddings.minilm import SHAPE, WIDTH, weights

_EPSILON = 1e-12


class Encoder:
    """The network, with or without additions to its weights."""

    def __init__(self, added: Mapping[str, Tensor] | None = None) -> None:
        """`added` maps names of weights to what is added to them."""
        self.weights = {name: torch.from_numpy(value) for name, value in weights().items()}
        for name, value in (added or {}).items():
            self.weights[name] = self.weights[name] + value

    def adapted(self, lora: Mapping[str, Tensor], sides: Tensor | None = None) -> Encoder:
        """A copy whose layers NAME have `lora[NAME.B] @ lora[NAME.A]` added; it shares all other weights.

        `sides`, shape (2, WIDTH), is added to the token type embedding, once for each text of a pair.
        """
        found = object.__new__(Encoder)
        found.weights = dict(self.weights)
        for name in (n[:-2] for n in lora if n.endswith(".A")):
            found.weights[f"{name}.weight"] = self.weights[f"{name}.weight"] + lora[f"{name}.B"] @ lora[f"{name}.A"]
        if sides is not None:
            types = "embeddings.token_type_embeddings.weight"
            found.weights[types] = self.weights[types][0] + sides
        return found

    def embed(self, ids: Tensor, sides: Tensor | int = 0) -> Tensor:
        """The input of the first layer, (rows, tokens, WIDTH); `sides` is 0 or 1 for each token of a pair of texts."""
        w = self.weights
        types = w["embeddings.token_type_embeddings.weight"]
        # A product rather than a lookup: on a GPU its gradient is fast and the same each time.
        side = types[sides] if isinstance(sides, int) else F.one_hot(sides, len(types)).to(types.dtype) @ types
        x = w["embeddings.word_embeddings.weight"][ids] + side
        return self._norm(x + w["embeddings.position_embeddings.weight"][: ids.shape[1]], "embeddings.LayerNorm")

    def layers(self, x: Tensor, mask: Tensor) -> Tensor:
        """The states after all layers; `mask` is False at padding."""
        n, t, _ = x.shape
        for i in range(SHAPE.layers):
            p = f"encoder.layer.{i}."
            q, k, v = (
                self._linear(x, f"{p}attention.self.{s}").view(n, t, SHAPE.heads, -1).transpose(1, 2)
                for s in ("query", "key", "value")
            )
            a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
            a = self._linear(a.transpose(1, 2).reshape(n, t, WIDTH), f"{p}attention.output.dense")
            x = self._norm(x + a, f"{p}attention.output.LayerNorm")
            h = self._linear(F.gelu(self._linear(x, f"{p}intermediate.dense")), f"{p}output.dense")
            x = self._norm(x + h, f"{p}output.LayerNorm")
        return x

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return F.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return F.layer_norm(x, (WIDTH,), self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], _EPSILON)
