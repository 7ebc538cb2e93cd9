"""Writes and reads trained layers as `assistant.embeddings.packed_layers` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor


def save(tensors: Mapping[str, Tensor], path: Path) -> None:
    """Writes the tensors: matrices of the layers in 8 bits with a scale for each row, the rest as floats."""
    found: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        value = tensor.detach().cpu().float().contiguous()
        if name.startswith("encoder.") and value.dim() == 2:
            scale = value.abs().amax(1, keepdim=True) / 127
            found[name], found[f"{name}.scale"] = (value / scale).round().to(torch.int8), scale
        else:
            found[name] = value
    save_file(found, str(path))


def load(tensors: Mapping[str, Tensor], *paths: Path) -> None:
    """Fills the tensors with what `save` wrote; with the average of several files."""
    found = [load_file(str(path)) for path in paths]
    with torch.no_grad():
        for name, tensor in tensors.items():
            values = [one[name].float() * one.get(f"{name}.scale", torch.tensor(1.0)) for one in found]
            tensor.copy_(torch.stack(values).mean(0))
