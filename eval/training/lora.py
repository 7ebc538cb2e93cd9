"""Adds trainable low-rank matrices to every linear layer of the packaged encoder, which itself stays as it is."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from assistant.embeddings.minilm import SHAPE
from eval.training.encoder import Encoder

_LINEAR = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "intermediate.dense", "output.dense",
)  # fmt: skip


class Adapter:
    """The additions `B @ A` of rank `rank`, which start at zero."""

    def __init__(self, rank: int, seed: int = 0) -> None:
        self.base = Encoder()
        draw = torch.Generator().manual_seed(seed)
        self.tensors: dict[str, Tensor] = {}
        for name in (f"encoder.layer.{i}.{part}" for i in range(SHAPE.layers) for part in _LINEAR):
            out, into = self.base.weights[f"{name}.weight"].shape
            self.tensors[f"{name}.A"] = (torch.randn(rank, into, generator=draw) / math.sqrt(into)).requires_grad_()
            self.tensors[f"{name}.B"] = torch.zeros(out, rank).requires_grad_()

    def encoder(self, sides: Tensor | None = None) -> Encoder:
        """The encoder with the current additions; gradients flow into them. See `Encoder.adapted`."""
        return self.base.adapted(self.tensors, sides)

    def state(self) -> dict[str, Tensor]:
        """The tensors to store, in half precision."""
        return {name: tensor.detach().half().contiguous() for name, tensor in self.tensors.items()}
