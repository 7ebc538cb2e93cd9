"""A small network that points at the answer of a question in a paper's sentences, or at nothing.

It reads the frozen states of the packaged encoder. What its two layers need not learn, because there is too little data
to learn it, is put in front of them: for each token how well the other side matches it, and what it is matched with.
Knows nothing about how the states were made or what becomes of the scores. `weights` is a plain dictionary, so training
and use share this code.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answerability.encoder import Part
from assistant.minilm import WIDTH

if TYPE_CHECKING:
    from torch import Tensor

Weights = dict[str, "Tensor"]

SIZE, LAYERS = 128, 2
_INNER, _HEADS, _NEVER = 256, 4, -1e4
_NOWHERE = -1
"""In `Batch.sentence`: a token of the title, a marker or padding."""


@dataclass(frozen=True)
class Side:
    """Padded states of the questions, or of the papers: (rows, tokens, ...)."""

    states: Tensor
    words: Tensor
    """Embeddings before any layer, of length 1."""
    weights: Tensor
    mask: Tensor


@dataclass(frozen=True)
class Batch:
    """Questions against papers, row by row."""

    question: Side
    paper: Side
    sentence: Tensor
    """Which sentence of the row each token of the paper belongs to, or `_NOWHERE`."""


def batch(rows: Sequence[tuple[Part, Part, Sequence[Part]]], words: Tensor) -> Batch:
    """Of (question, title, sentences); `words` are the encoder's."""
    import torch

    papers = [[title, *parts] for _, title, parts in rows]
    side = _side(papers, words)
    sentence = torch.full(side.mask.shape, _NOWHERE)
    for i, (title, *parts) in enumerate(papers):
        at = len(title.ids)
        for j, part in enumerate(parts):
            sentence[i, at + 1 : at + len(part.ids) - 1] = j
            at += len(part.ids)
    return Batch(_side([[question] for question, _, _ in rows], words), side, sentence)


def _side(rows: Sequence[Sequence[Part]], words: Tensor) -> Side:
    import torch
    from torch.nn.utils.rnn import pad_sequence

    def padded(of: int) -> Tensor:
        return pad_sequence([torch.cat([part[of] for part in row]) for row in rows], batch_first=True)  # type: ignore[misc]  # a field by its number

    ids = padded(1)
    return Side(padded(0).float(), words[ids], padded(2), ids != 0)


def initial(seed: int) -> Weights:
    """Untrained weights."""
    import torch

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


def named(networks: Sequence[Weights]) -> Weights:
    """The weights of several networks for one file."""
    return {f"{i}/{name}": tensor for i, weights in enumerate(networks) for name, tensor in weights.items()}


def networks(stored: Weights) -> list[Weights]:
    """Inverse of `named`."""
    found: dict[str, Weights] = {}
    for name, tensor in stored.items():
        number, _, own = name.partition("/")
        found.setdefault(number, {})[own] = tensor.float()
    return [found[number] for number in sorted(found)]


def logits(w: Weights, b: Batch, drop: float = 0.0) -> Tensor:
    """(rows, 1 + tokens of the paper, start or end); the first position stands for "nothing here answers"."""
    import torch

    q, p = _reduced(w, b.question, drop), _reduced(w, b.paper, drop)
    word, state = _likeness(b)
    near = (
        w["likeness"][0] * word
        + w["likeness"][1] * state
        + w["likeness"][2] * (q @ p.transpose(1, 2)) / math.sqrt(SIZE)
    )
    counts = (b.question.weights > 0)[..., None] & (b.paper.weights > 0)[:, None]
    word, state = word.masked_fill(~counts, -1.0), state.masked_fill(~counts, -1.0)
    for_p = near.masked_fill(~b.question.mask[..., None], _NEVER).softmax(1).transpose(1, 2) @ q
    for_q = near.masked_fill(~b.paper.mask[:, None], _NEVER).softmax(2) @ p
    question = _mixed(w, "question", q, for_q, word.amax(2), state.amax(2), b.question.weights) + w["kind"][0]
    paper = _mixed(w, "paper", p, for_p, word.amax(1), state.amax(1), b.paper.weights)
    x = torch.cat([question, paper + w["kind"][1 + (b.sentence < 0).long()]], 1)
    x = _layers(w, x, torch.cat([b.question.mask, b.paper.mask], 1), drop)
    split = question.shape[1]
    cover = _cover(w, b, x[:, :split], (word.clamp(min=0) + state.clamp(min=0)) / 2)
    at_token = _linear(x[:, split:], w, "out") + (w["cover"][0] * cover + w["cover"][1])[..., None]
    return torch.cat([_linear(x[:, :1], w, "out"), at_token], 1)


def sentence_odds(found: Tensor, b: Batch, count: Sequence[int]) -> list[list[float]]:
    """For each row and each of its sentences the log odds of holding the answer against no answer in the paper."""
    rows = []
    for i, n in enumerate(count):
        inside = [found[i, 1:][b.sentence[i] == j] for j in range(n)]
        rows.append([float((s.logsumexp(0) - found[i, 0]).mean()) if len(s) else -20.0 for s in inside])
    return rows


def paper_odds(found: Tensor, b: Batch) -> Tensor:
    """The same over all the sentences of each row."""
    outside = (b.sentence < 0)[..., None]
    return (found[:, 1:].masked_fill(outside, _NEVER).logsumexp(1) - found[:, 0]).mean(-1)


def _reduced(w: Weights, side: Side, drop: float) -> Tensor:
    from torch.nn.functional import dropout, gelu

    return dropout(gelu(_linear(_norm(side.states, w, "norm"), w, "in")), drop, drop > 0)


def _likeness(b: Batch) -> tuple[Tensor, Tensor]:
    """Cosines of every token of the question with every token of the paper: as words, and in their sentences."""
    from torch.nn.functional import normalize

    q, p = (normalize(s.states[..., WIDTH:], dim=-1) for s in (b.question, b.paper))
    return b.question.words @ b.paper.words.transpose(1, 2), q @ p.transpose(1, 2)


def _mixed(w: Weights, side: str, own: Tensor, other: Tensor, word: Tensor, state: Tensor, weight: Tensor) -> Tensor:
    import torch
    from torch.nn.functional import gelu

    signs = torch.stack([word, state, (word > 0.99).float(), weight], -1)
    return gelu(_linear(torch.cat([own, other, own * other, signs], -1), w, side))


def _layers(w: Weights, x: Tensor, mask: Tensor, drop: float) -> Tensor:
    from torch.nn.functional import dropout, gelu, scaled_dot_product_attention

    n, t, _ = x.shape
    for i in range(LAYERS):
        parts = _linear(_norm(x, w, f"{i}.norm1"), w, f"{i}.qkv").chunk(3, -1)
        q, k, v = (part.view(n, t, _HEADS, -1).transpose(1, 2) for part in parts)
        a = scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
        a = _linear(a.transpose(1, 2).reshape(n, t, SIZE), w, f"{i}.back")
        x = x + dropout(a, drop, drop > 0)
        h = _linear(gelu(_linear(_norm(x, w, f"{i}.norm2"), w, f"{i}.up")), w, f"{i}.down")
        x = x + dropout(h, drop, drop > 0)
    return x


def _cover(w: Weights, b: Batch, x: Tensor, match: Tensor) -> Tensor:
    """For each token of the paper how much of what is asked its sentence matches, by learned importance."""
    import torch

    asked = torch.sigmoid(_linear(x, w, "asked"))[..., 0] * b.question.weights
    count = max(int(b.sentence.max()) + 1, 1)
    best = [match.masked_fill((b.sentence != j)[:, None], 0.0).amax(2) for j in range(count)]
    cover = (torch.stack(best, -1) * asked[..., None]).sum(1) / (asked.sum(1)[:, None] + 1e-3)
    return cover.gather(1, b.sentence.clamp(min=0))


def _linear(x: Tensor, w: Weights, name: str) -> Tensor:
    from torch.nn.functional import linear

    return linear(x, w[f"{name}.w"], w[f"{name}.b"])


def _norm(x: Tensor, w: Weights, name: str) -> Tensor:
    from torch.nn.functional import layer_norm

    return layer_norm(x, x.shape[-1:], w[f"{name}.w"], w[f"{name}.b"])
