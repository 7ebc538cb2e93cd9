"""Reads what a question asks for, and of what, where its wording is none that the rules know.

One pass of the packaged encoder gives a vector of the question and one of each word. A multinomial logistic model over the
question's vector and its hashed runs of up to three words gives the intent, and a logistic model over each word's vector says
whether it belongs to the topic. `eval/training/fit_intent.py` fits both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from assistant.embeddings.word_states import EncodeWords, TextWords
from assistant.plan import Intent
from assistant.types import Vectors

WEIGHTS = Path(__file__).with_name("intents.npz")
INTENTS: tuple[Intent, ...] = ("lookup", "list", "count", "trend", "table", "overview", "metadata")
"""In the order of the weights."""
BUCKETS = 4096
SCALE, WORD_SCALE = 2.0, 3.0
"""By which unit vectors are multiplied, so that the weights are regularised less."""
MOST_LOOKUP = 0.25
"""Probability of an ordinary question up to which it may be another one."""
_BETWEEN = -0.2
"""What a word without a vector adds to a topic that goes on behind it."""
_TOKEN = re.compile(r"[\w'’]+|[^\w\s]")
_WORD = re.compile(r"[\w'’]+(?:-[\w'’]+)*")
_WITH_TOPIC = frozenset({"list", "count", "trend", "table"})


@dataclass(frozen=True, slots=True)
class LearnedIntent:
    """What a question asks for, and the words that say of what: `question[start:end]`, empty for an overview."""

    intent: Intent
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, shapes: (intents, width of a vector + BUCKETS), (intents,), (width,), ()."""

    intents: Vectors
    intent_bias: Vectors
    words: Vectors
    word_bias: Vectors

    @classmethod
    @cache
    def packaged(cls) -> Model:
        """The weights of this package."""
        with np.load(WEIGHTS) as stored:
            return cls(*(stored[name].astype(np.float32) for name in cls.__slots__))

    def probabilities(self, question: str, vector: Vectors) -> Vectors:
        """The probability of each of `INTENTS`."""
        scores = self.intents @ features(question, vector) + self.intent_bias
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum(), dtype=np.float32)

    def topic(self, question: str, words: TextWords) -> tuple[int, int]:
        """The characters of the run of words that says most about the topic; (0, 0) where none does."""
        scores = dict(zip(words.words, words.vectors @ self.words * WORD_SCALE + self.word_bias, strict=True))
        best, found = 0.0, (0, 0)
        tokens = [(m.start(), m.end(), _score(m[0], scores)) for m in _WORD.finditer(question)]
        for i, (start, _, _) in enumerate(tokens):
            total = 0.0
            for _, end, score in tokens[i:]:
                total += score
                if total > best:
                    best, found = total, (start, end)
        return found


def learned_intent(question: str, encode: EncodeWords, model: Model | None = None) -> LearnedIntent | None:
    """What the question asks of the library as a whole; None for an ordinary question, and where the topic is unclear.

    Questions about records are left to the rules, which alone can read which record is meant.
    """
    model = model or Model.packaged()
    vectors, words = encode([question])
    chances = model.probabilities(question, vectors[0])
    if chances[0] > MOST_LOOKUP:
        return None
    intent = INTENTS[1 + int(chances[1:].argmax())]
    if intent == "metadata":
        return None
    start, end = model.topic(question, words[0]) if intent in _WITH_TOPIC else (0, 0)
    return LearnedIntent(intent, start, end) if end or intent not in _WITH_TOPIC else None


def features(question: str, vector: Vectors) -> Vectors:
    """The question's vector and its hashed runs of one to three words, each of length `SCALE`."""
    tokens = [t.lower() for t in _TOKEN.findall(question)]
    counts = np.zeros(BUCKETS, dtype=np.float32)
    for run in _runs(tokens):
        counts[crc32(run.encode()) % BUCKETS] += 1
    counts /= max(1.0, float(np.linalg.norm(counts)))
    return np.asarray(np.concatenate([vector, counts]) * SCALE, dtype=np.float32)


def _runs(tokens: Sequence[str]) -> list[str]:
    return [" ".join(tokens[i : i + n]) for n in (1, 2, 3) for i in range(len(tokens) - n + 1)]


def _score(token: str, scores: dict[str, float]) -> float:
    known = [float(scores[part]) for part in re.findall(r"\w+", token.casefold()) if part in scores]
    return sum(known) / len(known) if known else _BETWEEN
