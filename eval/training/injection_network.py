"""The network that recognizes planted sentences, in torch: the packaged encoder with all layers trained, and one head."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assistant.embeddings.minilm import WIDTH
from eval.training.encoder import Encoder

_FROZEN = "embeddings."


class InjectionNetwork(nn.Module):
    """Log odds that a sentence was planted. The embeddings stay as they are packaged, so that only the layers ship."""

    def __init__(self) -> None:
        super().__init__()
        packaged = Encoder().weights
        self._embeddings = {n: w for n, w in packaged.items() if n.startswith(_FROZEN)}
        self._names = sorted(n for n in packaged if n.startswith("encoder."))
        self._layers = nn.ParameterList([nn.Parameter(packaged[n].clone()) for n in self._names])
        self.focus = nn.Linear(WIDTH, 1)
        self.planted = nn.Linear(3 * WIDTH, 1)

    def forward(self, ids: Tensor, dropout: float = 0.0) -> Tensor:
        """`ids`: shape (rows, tokens), filled up with 0; returns shape (rows,)."""
        encoder = object.__new__(Encoder)
        encoder.weights = self._embeddings | dict(zip(self._names, self._layers, strict=True))
        mask = ids != 0
        states = encoder.layers(F.dropout(encoder.embed(ids), dropout, dropout > 0), mask)
        share = mask.float() / mask.float().sum(1, keepdim=True)
        focus = torch.softmax(self.focus(states)[..., 0].float().masked_fill(~mask, -1e4), dim=1)
        pooled = [states[:, 0], _weighed(states, share), _weighed(states, focus)]
        odds: Tensor = self.planted(F.dropout(torch.cat(pooled, -1), dropout, dropout > 0))[..., 0].float()
        return odds

    def tensors(self) -> dict[str, Tensor]:
        """All trained tensors by the names under which they are stored."""
        heads = {
            f"{head}.{part}": getattr(getattr(self, head), part)
            for head in ("focus", "planted")
            for part in ("weight", "bias")
        }
        return dict(zip(self._names, self._layers, strict=True)) | heads


def _weighed(states: Tensor, weights: Tensor) -> Tensor:
    return (states * weights[..., None].to(states.dtype)).sum(1)
