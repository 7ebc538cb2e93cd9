"""Defines and exports the network that points at the answer to a question in a paper's sentences, or at nothing.

It reads the frozen states of the packaged encoder. There is too little data for its two layers to learn how question and
paper match, so each token gets this as input: how well the other side matches it, and what it matches. The weights are a
plain dictionary. `assistant.answerability.span_extractor` runs what `export` writes.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assistant.answerability.span_extractor import Batch
from assistant.embeddings.minilm import WIDTH
from assistant.embeddings.openvino_runtime import openvino

Weights = dict[str, Tensor]

SIZE, LAYERS = 128, 2
_INNER, _HEADS, _NEVER = 256, 4, -1e4


@dataclass(frozen=True)
class Side:
    """The padded states of the questions or of the papers, as in `Batch`."""

    states: Tensor
    words: Tensor
    weights: Tensor
    mask: Tensor


def tensors(batch: Batch) -> list[Tensor]:
    """A batch in the form that `logits` takes."""
    return [torch.from_numpy(getattr(batch, field.name)) for field in fields(batch)]


def initial(seed: int) -> Weights:
    """Untrained weights."""
    draw = torch.Generator().manual_seed(seed)

    def matrix(out: int, into: int, scale: float = 1.0) -> Tensor:
        return torch.randn(out, into, generator=draw) * (scale / math.sqrt(into))

    w = {
        "norm.w": torch.ones(2 * WIDTH), "norm.b": torch.zeros(2 * WIDTH),
        "in.w": matrix(SIZE, 2 * WIDTH), "in.b": torch.zeros(SIZE),
        "likeness": torch.tensor([3.0, 3.0, 0.3]), "kind": torch.randn(3, SIZE, generator=draw) * 0.1,
        "asked.w": torch.zeros(1, SIZE), "asked.b": torch.zeros(1), "cover": torch.tensor([4.0, -2.0]),
        "out.w": matrix(2, SIZE, 0.3), "out.b": torch.zeros(2),
    }  # fmt: skip
    for side in ("question", "paper"):
        w |= {f"{side}.w": matrix(SIZE, 3 * SIZE + 4), f"{side}.b": torch.zeros(SIZE)}
    for i in range(LAYERS):
        w |= {f"{i}.qkv.w": matrix(3 * SIZE, SIZE), f"{i}.back.w": matrix(SIZE, SIZE, 0.5)}
        w |= {f"{i}.up.w": matrix(_INNER, SIZE), f"{i}.down.w": matrix(SIZE, _INNER, 0.5)}
        w |= {f"{i}.{n}.b": torch.zeros(len(w[f"{i}.{n}.w"])) for n in ("qkv", "back", "up", "down")}
        for n in ("norm1", "norm2"):
            w |= {f"{i}.{n}.w": torch.ones(SIZE), f"{i}.{n}.b": torch.zeros(SIZE)}
    return w


def logits(w: Weights, inputs: Sequence[Tensor], drop: float = 0.0) -> Tensor:
    """(rows, 1 + tokens of the paper, start or end); the first position stands for "nothing here answers"."""
    asked, read, inside = Side(*inputs[:4]), Side(*inputs[4:8]), inputs[8]
    q, p = _reduced(w, asked, drop), _reduced(w, read, drop)
    word, state = _likeness(asked, read)
    near = (
        w["likeness"][0] * word
        + w["likeness"][1] * state
        + w["likeness"][2] * (q @ p.transpose(1, 2)) / math.sqrt(SIZE)
    )
    counts = (asked.weights > 0)[..., None] & (read.weights > 0)[:, None]
    word, state = word.masked_fill(~counts, -1.0), state.masked_fill(~counts, -1.0)
    for_p = near.masked_fill(asked.mask[..., None] == 0, _NEVER).softmax(1).transpose(1, 2) @ q
    for_q = near.masked_fill(read.mask[:, None] == 0, _NEVER).softmax(2) @ p
    question = _mixed(w, "question", q, for_q, word.amax(2), state.amax(2), asked.weights) + w["kind"][0]
    paper = _mixed(w, "paper", p, for_p, word.amax(1), state.amax(1), read.weights)
    outside = 1 - inside.amax(2, keepdim=True)
    x = torch.cat([question, paper + w["kind"][1] + outside * (w["kind"][2] - w["kind"][1])], 1)
    x = _layers(w, x, torch.cat([asked.mask, read.mask], 1) > 0, drop)
    split = question.shape[1]
    cover = _cover(w, asked.weights, inside, x[:, :split], (word.clamp(min=0) + state.clamp(min=0)) / 2)
    at_token = _linear(x[:, split:], w, "out") + (w["cover"][0] * cover + w["cover"][1])[..., None]
    return torch.cat([_linear(x[:, :1], w, "out"), at_token], 1)


def paper_odds(found: Tensor, inside: Tensor) -> Tensor:
    """The log odds of an answer in any sentence of each row against none."""
    outside = inside.amax(2)[..., None] == 0
    return (found[:, 1:].masked_fill(outside, _NEVER).logsumexp(1) - found[:, 0]).mean(-1)


def _reduced(w: Weights, side: Side, drop: float) -> Tensor:
    return F.dropout(F.gelu(_linear(_norm(side.states, w, "norm"), w, "in")), drop, drop > 0)


def _likeness(asked: Side, read: Side) -> tuple[Tensor, Tensor]:
    """The cosines of every token of the question with every token of the paper: as words, and in context."""
    q, p = (F.normalize(s.states[..., WIDTH:], dim=-1) for s in (asked, read))
    return asked.words @ read.words.transpose(1, 2), q @ p.transpose(1, 2)


def _mixed(w: Weights, side: str, own: Tensor, other: Tensor, word: Tensor, state: Tensor, weight: Tensor) -> Tensor:
    signs = torch.stack([word, state, (word > 0.99).float(), weight], -1)
    return F.gelu(_linear(torch.cat([own, other, own * other, signs], -1), w, side))


def _layers(w: Weights, x: Tensor, mask: Tensor, drop: float) -> Tensor:
    n, t, _ = x.shape
    for i in range(LAYERS):
        parts = _linear(_norm(x, w, f"{i}.norm1"), w, f"{i}.qkv").chunk(3, -1)
        q, k, v = (part.view(n, t, _HEADS, -1).transpose(1, 2) for part in parts)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
        a = _linear(a.transpose(1, 2).reshape(n, t, SIZE), w, f"{i}.back")
        x = x + F.dropout(a, drop, drop > 0)
        h = _linear(F.gelu(_linear(_norm(x, w, f"{i}.norm2"), w, f"{i}.up")), w, f"{i}.down")
        x = x + F.dropout(h, drop, drop > 0)
    return x


def _cover(w: Weights, weights: Tensor, inside: Tensor, x: Tensor, match: Tensor) -> Tensor:
    """For each token of the paper, how much of the question its sentence matches, weighted by learned importance."""
    asked = torch.sigmoid(_linear(x, w, "asked"))[..., 0] * weights
    best = (match[..., None] * inside[:, None]).amax(2)
    cover = (best * asked[..., None]).sum(1) / (asked.sum(1)[:, None] + 1e-3)
    return (inside @ cover[..., None])[..., 0]


def _linear(x: Tensor, w: Weights, name: str) -> Tensor:
    return F.linear(x, w[f"{name}.w"], w[f"{name}.b"])


def _norm(x: Tensor, w: Weights, name: str) -> Tensor:
    return F.layer_norm(x, (x.shape[-1],), w[f"{name}.w"], w[f"{name}.b"])


class _Networks(nn.Module):
    """Several networks side by side: (networks, rows, 1 + tokens of the paper, start or end)."""

    def __init__(self, each: Sequence[Weights]) -> None:
        super().__init__()
        self._each = each

    def forward(self, *inputs: Tensor) -> Tensor:
        return torch.stack([logits(weights, inputs) for weights in self._each])


def export(each: Sequence[Weights], path: Path) -> None:
    """Writes the networks as one file for OpenVINO, and their weights beside it in half precision."""
    rows, asked, read = 2, 5, 7  # the shapes that are traced; the file takes any
    shapes = [(rows, n, *more) for n in (asked, read) for more in ((2 * WIDTH,), (WIDTH,), (), ())]
    example = tuple(torch.ones(shape) for shape in [*shapes, (rows, read, 3)])
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # OpenVINO traces in a way that torch is about to replace
        model: Any = openvino().convert_model(_Networks(each).eval(), example_input=example)
    for of in model.inputs:
        of.get_node().set_partial_shape(openvino().PartialShape([-1] * of.partial_shape.rank.get_length()))
    model.validate_nodes_and_infer_types()
    openvino().save_model(model, path, compress_to_fp16=True)
