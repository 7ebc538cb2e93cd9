"""Tells whether a question asks for what abstracts seldom state, and whether a sentence states a thing of that kind.

An abstract on the right subject has words enough to look like an answer to "What are the limitations of X?", and states
none. Two logistic models over the packaged encoder's vectors and hashed runs of words, one of questions and one of
sentences, know four such kinds. `eval/training/fit_kinds.py` fits them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from assistant.query.learned_intent import features
from assistant.types import Vectors

WEIGHTS = Path(__file__).with_name("kinds.npz")
SeldomStated = Literal["limits", "plans", "judgement", "affairs"]
KINDS: tuple[SeldomStated, ...] = ("limits", "plans", "judgement", "affairs")
"""In the order of the weights: where something fails; what comes next; what others think of it or whether to use it; the
people, institutions, money, rights and proceedings behind it."""
_NAME = re.compile(
    r"(?: \(about )?“[^”]*”\)?|(?<!^)\b(?:[A-Z][\w'’^()-]+|[a-z]+[A-Z][\w-]*|\w+-?\d\w*)"
    r"(?:[ :]+(?:[A-Z][\w'’^-]*|(?:of|the|for|and|in|to)(?= [A-Z])))*"
)
_ASKED, _STATED = 0.6, 0.08
"""Probability from which a question asks for the kind, and from which a sentence states a thing of it."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, shapes: (1 + kinds, width), (1 + kinds,), (kinds, width), (kinds,). The first row of a question's weights
    stands for all other questions."""

    asks: Vectors
    asks_bias: Vectors
    states: Vectors
    states_bias: Vectors

    @classmethod
    @cache
    def packaged(cls) -> Model:
        """The weights of this package."""
        with np.load(WEIGHTS) as stored:
            return cls(*(stored[name].astype(np.float32) for name in cls.__slots__))

    def asked(self, question: str, vector: Vectors) -> Vectors:
        """The probability that the question asks for something else, and for each of `KINDS`."""
        scores = self.asks @ features(question, vector) + self.asks_bias
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum(), dtype=np.float32)

    def stated(self, sentence: str, vector: Vectors) -> Vectors:
        """The probability that the sentence states a thing of each of `KINDS`."""
        scores = self.states @ features(sentence, vector) + self.states_bias
        return np.asarray(1.0 / (1.0 + np.exp(-scores)), dtype=np.float32)


def unnamed(question: str) -> str:
    """The question with "it" in the place of names and titles: they say nothing about what is asked for."""
    return _NAME.sub("it", question)


def kind_asked(question: str, vector: Vectors, model: Model | None = None) -> SeldomStated | None:
    """The kind of thing that an `unnamed` question asks for; None for any other question."""
    chances = (model or Model.packaged()).asked(question, vector)[1:]
    best = int(chances.argmax())
    return KINDS[best] if chances[best] >= _ASKED else None


def is_stated(kind: SeldomStated, lines: Sequence[str], vectors: Vectors, model: Model | None = None) -> bool:
    """Whether one of the sentences states a thing of the kind."""
    model, row = model or Model.packaged(), KINDS.index(kind)
    return any(model.stated(line, vector)[row] >= _STATED for line, vector in zip(lines, vectors, strict=True))
