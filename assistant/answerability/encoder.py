"""Texts as the pointer reads them: the packaged encoder's states, token by token, remembered for a while.

Knows nothing about questions.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from assistant import minilm
from assistant.answerability.features import STOP, rank_weight
from assistant.minilm import LAYERS, WIDTH, Tokens

if TYPE_CHECKING:
    from torch import Tensor

MIDDLE = 3
"""The states after this layer are kept beside those of the last one: they say more about the word itself."""
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

    def __init__(self, keep: int = _KEPT) -> None:
        """`keep` texts are remembered."""
        from torch.nn.functional import normalize

        self._model = minilm.shared()
        self.words = normalize(self._model.weights["embeddings.word_embeddings.weight"], dim=-1)
        """Each token's embedding before any layer, of length 1."""
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

    def _compute(self, texts: list[tuple[str, int]]) -> list[Part]:
        import torch

        tokens = self._model.tokenize([t for t, _ in texts], [limit for _, limit in texts])
        parts: dict[int, Part] = {}
        for rows, ids in self._model.batches([t.ids for t in tokens]):
            middle = self._model.layers(self._model.embed(ids), ids != 0, 0, MIDDLE)
            states = torch.cat([middle, self._model.layers(middle, ids != 0, MIDDLE, LAYERS)], -1).bfloat16()
            for row, i in enumerate(rows):
                parts[i] = _part(tokens[i], states[row])
        return [parts[i] for i in range(len(tokens))]


def _part(text: Tokens, states: Tensor) -> Part:
    import torch

    weights = torch.tensor([0.0, *map(_token_weight, text.pieces, text.ids[1:]), 0.0])
    return Part(states[: len(text.ids)].clone(), torch.tensor(text.ids), weights, list(text.offsets))


def _token_weight(token: str, rank: int) -> float:
    if token in STOP or not re.match(r"(?:##)?[a-z0-9]", token):
        return 0.0
    return 0.5 if token.startswith("##") else max(0.1, rank_weight(rank) / 10)
