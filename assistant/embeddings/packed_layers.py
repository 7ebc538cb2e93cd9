"""Reads what networks of our own ship: layers over the packaged encoder, matrices in 8 bits with a scale for each row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Tensors = dict[str, Floats]
_SCALE = ".scale"


def unpacked(content: bytes, heads: tuple[str, ...]) -> tuple[Callable[[], Tensors], Tensors]:
    """The layers, which are expanded when they are asked for, and the heads: the tensors whose names begin with `heads`."""
    from safetensors.numpy import load

    stored = load(content)
    names = [name for name in stored if not name.endswith(_SCALE)]

    def layers() -> Tensors:
        return {name: _expanded(stored, name) for name in names if not name.startswith(heads)}

    return layers, {name: _expanded(stored, name) for name in names if name.startswith(heads)}


def _expanded(stored: dict[str, Any], name: str) -> Floats:
    values: Floats = stored[name].astype(np.float32) * stored.get(f"{name}{_SCALE}", np.float32(1.0))
    return values
