"""Tells a question from what asks nothing of papers, and from what leans on a conversation, by its wording alone.

A multinomial logistic model over the packaged encoder's vector of the message, its hashed runs of up to three words, and its
hashed runs of characters, once as they are and once by their kind, so that code, addresses and struck keys show as well
as wording does. `eval/training/fit_messages.py` fits it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal
from zlib import crc32

import numpy as np

from assistant.embeddings.word_states import EncodeWords
from assistant.query.cues import asks_for_more, cues_of, says_nothing
from assistant.query.parts import is_text
from assistant.types import Vectors

WEIGHTS = Path(__file__).with_name("messages.npz")
MessageKind = Literal["question", "no question", "leaning"]
KINDS: tuple[MessageKind, ...] = ("question", "no question", "leaning")
"""In the order of the weights. A bare title, name or subject is a question."""
BUCKETS = 4096
SCALE = 2.0
"""Length of each kind of runs, and half that of the vector, so that the weights are regularised less."""
_LONGEST = 600
"""Characters of a message that are read: its kind shows early."""
_LEAST_SURE, _LEAST_SURE_LATER = 0.6, 0.9
"""Probability from which a message is taken for something else than a question: at the beginning of a conversation, later."""
_ADDRESS = re.compile(r"\S*(?:://|\bwww\.)\S+|\S+@\S+\.\w+")
_TOKEN = re.compile(r"[\w'’]+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, shapes: (kinds, width of a vector + 3 * BUCKETS), (kinds,)."""

    kinds: Vectors
    bias: Vectors

    @classmethod
    @cache
    def packaged(cls) -> Model:
        """The weights of this package."""
        with np.load(WEIGHTS) as stored:
            return cls(*(stored[name].astype(np.float32) for name in cls.__slots__))

    def probabilities(self, message: str, vector: Vectors) -> Vectors:
        """The probability of each of `KINDS`."""
        scores = self.kinds @ features(message, vector) + self.bias
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum(), dtype=np.float32)


def is_wordless(message: str) -> bool:
    """Whether the message has neither words nor figures beside addresses of the web and of people."""
    return not re.search(r"[^\W_]{2}|\d", _ADDRESS.sub(" ", message))


def asks_nothing(message: str, encode: EncodeWords | None, *, begins: bool) -> Literal["no question", "unclear"] | None:
    """Why a message that names no paper asks nothing that abstracts could state; None for a question.

    One that does not `begin` a conversation may lean on it: "and the second?" is a question there. Only what is surely none
    is told apart, such as code.
    """
    if encode is None:
        return None
    if not begins:
        return "no question" if kind_of(message, encode, least=_LEAST_SURE_LATER) == "no question" else None
    if not re.search(r"[^\W\d_]", message):
        return "no question"
    if says_nothing(message):
        return "unclear" if cues_of(message).points_back or asks_for_more(message) else "no question"
    kind = "no question" if is_text(message) else kind_of(message, encode)
    return "unclear" if kind == "leaning" else "no question" if kind == "no question" else None


def kind_of(message: str, encode: EncodeWords, model: Model | None = None, least: float = _LEAST_SURE) -> MessageKind:
    """What the message is; a question where that is less sure than `least`."""
    message = message[:_LONGEST]
    chances = (model or Model.packaged()).probabilities(message, encode([message])[0][0])
    best = int(chances.argmax())
    return KINDS[best] if chances[best] >= least else "question"


def features(message: str, vector: Vectors) -> Vectors:
    """The message's vector, its runs of words, of characters, and of kinds of characters."""
    words = [t.lower() for t in _TOKEN.findall(message)]
    shapes = re.sub(r"[^\W\d_]", lambda m: "A" if m[0].isupper() else "a", re.sub(r"\d", "0", message))
    parts = (
        2 * vector,
        _hashed(_runs(words, " ", 1, 3)),
        _hashed(_runs(f" {message.lower()} ", "", 2, 3)),
        _hashed(_runs(f" {shapes} ", "", 2, 4)),
    )
    return np.concatenate([part * SCALE for part in parts])


def _runs(parts: list[str] | str, joint: str, shortest: int, longest: int) -> Iterator[str]:
    for n in range(shortest, longest + 1):
        yield from (joint.join(parts[i : i + n]) for i in range(len(parts) - n + 1))


def _hashed(runs: Iterator[str]) -> Vectors:
    counts = np.zeros(BUCKETS, dtype=np.float32)
    for run in runs:
        counts[crc32(run.encode()) % BUCKETS] += 1
    counts = np.sqrt(counts)
    return np.asarray(counts / max(1.0, float(np.linalg.norm(counts))), dtype=np.float32)
