"""The reading network in torch: the packaged encoder with all layers trained, sides, and three heads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assistant.embeddings.minilm import WIDTH
from assistant.reading.layout import CLAIM, EVIDENCE, QUESTION
from eval.training import packing
from eval.training.encoder import Encoder

_FROZEN = "embeddings."
SIDES, CLASSES = 4, 3


class ReadingNetwork(nn.Module):
    """Classes of a text, and two marks a token: wrong (in the text), and stating it (in the evidence).

    The embeddings stay as they are packaged, so that only the layers have to ship.
    """

    def __init__(self) -> None:
        super().__init__()
        self._encoder = Encoder()
        layers = {n: w for n, w in self._encoder.weights.items() if n.startswith("encoder.")}
        self._names = sorted(layers)
        self._layers = nn.ParameterList([nn.Parameter(layers[n].clone()) for n in self._names])
        self._embeddings = [n for n in self._encoder.weights if n.startswith(_FROZEN)]
        for number, name in enumerate(self._embeddings):
            self.register_buffer(f"_embedding{number}", self._encoder.weights[name], persistent=False)
        self.sides = nn.Parameter(torch.zeros(SIDES, WIDTH))
        self.classes = nn.Linear(3 * WIDTH, CLASSES)
        self.marks = nn.Linear(WIDTH, 2)

    def forward(self, ids: Tensor, sides: Tensor, dropout: float = 0.0) -> tuple[Tensor, Tensor]:
        """Class logits, shape (rows, CLASSES), and marks (wrong, stating), shape (rows, tokens, 2)."""
        found = object.__new__(Encoder)
        found.weights = dict(zip(self._names, self._layers, strict=True))
        found.weights |= {n: getattr(self, f"_embedding{i}") for i, n in enumerate(self._embeddings)}
        types = "embeddings.token_type_embeddings.weight"
        found.weights[types] = found.weights[types][0] + self.sides
        mask = ids != 0
        states = found.layers(F.dropout(found.embed(ids, sides), dropout, dropout > 0), mask)
        marks = self.marks(states).float()
        text = mask & ((sides == CLAIM) | (sides == QUESTION))
        share = text.float() / text.float().sum(1, keepdim=True)
        focus = torch.softmax(marks[..., 0].masked_fill(~text, -1e4), dim=1)
        pooled = [states[:, 0], _weighed(states, share), _weighed(states, focus)]
        return self.classes(F.dropout(torch.cat(pooled, -1), dropout, dropout > 0)).float(), marks

    def tensors(self) -> dict[str, Tensor]:
        """All trained tensors by name."""
        rest = {"sides": self.sides, "classes.weight": self.classes.weight, "classes.bias": self.classes.bias}
        rest |= {"marks.weight": self.marks.weight, "marks.bias": self.marks.bias}
        return dict(zip(self._names, self._layers, strict=True)) | rest

    def save(self, path: Path) -> None:
        """Writes the trained tensors."""
        packing.save(self.tensors(), path)

    def load(self, *paths: Path) -> None:
        """Reads what `save` wrote; of several networks the average."""
        packing.load(self.tensors(), *paths)


def _weighed(states: Tensor, weights: Tensor) -> Tensor:
    return (states * weights[..., None].to(states.dtype)).sum(1)


def padded(rows: Sequence[Sequence[int]]) -> Tensor:
    """Shape (rows, tokens), filled up with 0."""
    width = max(map(len, rows))
    return torch.tensor([[*row, *[0] * (width - len(row))] for row in rows])


def evidence_mask(ids: Tensor, sides: Tensor) -> Tensor:
    """True at the tokens of the evidence."""
    return (ids != 0) & (sides == EVIDENCE)
