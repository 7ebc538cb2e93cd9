"""Builds the graph of a BERT encoder (Devlin et al., arXiv 1810.04805) over given weights, for OpenVINO."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from assistant.embeddings.openvino_runtime import openvino

if TYPE_CHECKING:
    import openvino as ov

Weights = Mapping[str, npt.NDArray[np.float32]]
WORDS = "embeddings.word_embeddings.weight"
"""The table of word embeddings, which is no part of the graph."""
POOLED, LAST = range(2)
"""The outputs: the normalised mean of the last states, shape (rows, width), and these states, shape (rows, tokens, width)."""
_EPSILON = 1e-12
_MASKED = -1e4
"""Added to the attention scores of padding."""


@dataclass(frozen=True)
class Shape:
    """The hyperparameters that the weights do not show."""

    layers: int
    heads: int


def graph(weights: Weights, shape: Shape, *, sides: bool = False) -> ov.Model:
    """A network to the outputs above, from token ids, shape (rows, tokens) with 0 for padding, and their word embeddings.

    With `sides` it has a third input, of the first one's shape, which marks the two texts of a pair by 0 and 1.
    """
    return openvino().Model(*_Builder(weights, shape).build(sides), "bert")


class _Builder:
    def __init__(self, weights: Weights, shape: Shape) -> None:
        from openvino import opset13

        self._op: Any = opset13
        self._weights, self._shape = weights, shape

    def build(self, sides: bool) -> tuple[list[Any], list[Any]]:
        """(outputs, inputs)"""
        op = self._op
        width = len(self._weights["embeddings.LayerNorm.bias"])
        inputs = [op.parameter([-1, -1], np.int64), op.parameter([-1, -1, width], np.float32)]
        inputs += [op.parameter([-1, -1], np.int64)] if sides else []
        present = op.not_equal(inputs[0], op.constant(0, np.int64))
        attention = op.select(self._spread(present, 1, 1), self._float(0.0), self._float(_MASKED))
        x = self._embedded(inputs)
        for i in range(self._shape.layers):
            x = self._layer(x, f"encoder.layer.{i}.", attention)
        counted = self._spread(op.convert(present, "f32"), 2)
        total = op.reduce_sum(op.multiply(x, counted), self._ints([1]))
        mean = op.divide(total, op.reduce_sum(counted, self._ints([1])))
        return [op.normalize_l2(mean, self._ints([1]), _EPSILON, "max"), x], inputs

    def _embedded(self, inputs: list[Any]) -> Any:
        op, types = self._op, self._weight("embeddings.token_type_embeddings.weight")
        side = op.gather(types, inputs[2] if len(inputs) > 2 else self._ints(0), self._ints(0))
        length = op.gather(op.shape_of(inputs[0]), self._ints(1), self._ints(0))
        places = op.range(self._ints(0), length, self._ints(1), "i64")
        place = op.gather(self._weight("embeddings.position_embeddings.weight"), places, self._ints(0))
        return self._norm(op.add(op.add(inputs[1], side), place), "embeddings.LayerNorm")

    def _layer(self, x: Any, at: str, attention: Any) -> Any:
        op = self._op
        q, k, v = (self._heads(self._linear(x, f"{at}attention.self.{part}")) for part in ("query", "key", "value"))
        mixed = op.transpose(op.scaled_dot_product_attention(q, k, v, attention), self._ints([0, 2, 1, 3]))
        mixed = op.reshape(mixed, self._ints([0, 0, -1]), True)
        x = self._norm(op.add(x, self._linear(mixed, f"{at}attention.output.dense")), f"{at}attention.output.LayerNorm")
        inner = op.gelu(self._linear(x, f"{at}intermediate.dense"), "erf")
        return self._norm(op.add(x, self._linear(inner, f"{at}output.dense")), f"{at}output.LayerNorm")

    def _heads(self, x: Any) -> Any:
        """Reshapes (rows, tokens, width) to (rows, heads, tokens, width of a head)."""
        width = len(self._weights["embeddings.LayerNorm.bias"]) // self._shape.heads
        split = self._op.reshape(x, self._ints([0, 0, self._shape.heads, width]), True)
        return self._op.transpose(split, self._ints([0, 2, 1, 3]))

    def _linear(self, x: Any, name: str) -> Any:
        product = self._op.matmul(x, self._weight(f"{name}.weight"), False, True)
        return self._op.add(product, self._weight(f"{name}.bias"))

    def _norm(self, x: Any, name: str) -> Any:
        centred = self._op.mvn(x, self._ints([-1]), True, _EPSILON, "inside_sqrt")
        scaled = self._op.multiply(centred, self._weight(f"{name}.weight"))
        return self._op.add(scaled, self._weight(f"{name}.bias"))

    def _spread(self, x: Any, *axes: int) -> Any:
        """Inserts axes of length 1."""
        for axis in axes:
            x = self._op.unsqueeze(x, self._ints(axis))
        return x

    def _weight(self, name: str) -> Any:
        return self._op.constant(np.ascontiguousarray(self._weights[name], dtype=np.float32), shared_memory=True)

    def _float(self, value: float) -> Any:
        return self._op.constant(value, np.float32)

    def _ints(self, values: int | list[int]) -> Any:
        return self._op.constant(values, np.int64)
