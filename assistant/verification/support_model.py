"""Estimates how well sentences support a claim: a logistic regression over a cosine and the NLI model's log odds.

Coefficients, thresholds and word weights stand in `support.json`, which `eval/training/fit_support_model.py` writes.
"""

from __future__ import annotations

import json
import math
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.text.number_words import FIGURES
from assistant.text.numbers import quantities, same
from assistant.text.stop_words import GENERIC_WORDS
from assistant.text.words import content_words, stems, words
from assistant.types import Embedder, Vectors
from assistant.verification.nli import NliModel

FEATURES = ("cosine", "nli")
"""Cosine of the claim with the closest sentence, and the NLI model's log odds of `supported`."""
_CACHE_SIZE = 4_000
"""Texts whose vectors are cached, 6 MB: the sentences of about 400 abstracts."""


@dataclass(frozen=True)
class Weights:
    """The content of `support.json`."""

    coefficients: dict[str, float]
    """One for each name in `FEATURES`."""
    intercept: float
    supported: float
    """Lowest score of a supported claim."""
    partial: float
    """Lowest score of a partly supported claim."""
    idf: dict[str, float]
    rare: float
    """Weight of a stem that `idf` does not hold."""

    def probability(self, values: Sequence[float]) -> float:
        """The logistic function of the weighted values, which come in the order of `FEATURES`."""
        z = sum(self.coefficients[n] * v for n, v in zip(FEATURES, values, strict=True)) + self.intercept
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


@dataclass(frozen=True)
class Score:
    """How likely the claim is supported, and whether contradiction is likelier than silence."""

    value: float
    contradicted: bool


@lru_cache(maxsize=1)
def packaged_weights() -> Weights:
    """The fitted weights that come with the package."""
    return Weights(**json.loads((Path(__file__).parent / "support.json").read_text(encoding="utf-8")))


class SupportModel:
    """Scores a claim against sentences, from 0 to 1. Thread-safe."""

    def __init__(self, embedder: Embedder, weights: Weights | None = None) -> None:
        """`weights` replace the packaged ones, for fitting new ones."""
        self.weights = weights or packaged_weights()
        self._embedder = embedder
        self._nli = NliModel()
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def score(self, claim: str, lines: Sequence[str]) -> Score:
        """How well the sentences `lines` support the claim."""
        supported, contradicted, not_stated = self._nli.predict([(claim, lines)])[0]
        values = self.cosine(claim, lines), log_odds(supported)
        return Score(self.weights.probability(values), bool(contradicted > not_stated))

    def cosine(self, claim: str, lines: Sequence[str]) -> float:
        """Cosine of the claim with the closest sentence; 0 for a claim without content words."""
        if not self.terms(claim) or not lines:
            return 0.0
        vectors = self._vectors([claim, *lines])
        return float((vectors[1:] @ vectors[0]).max())

    def relevance(self, claim: str, lines: Sequence[str]) -> list[float]:
        """For each sentence, how much of the claim it holds: by meaning, by words and by figures."""
        wanted = self.terms(claim)
        vectors = self._vectors([claim, *lines])
        figures = quantities(claim)
        return [
            0.5 * float(vectors[0] @ vectors[i + 1])
            + 0.5 * _overlap(wanted, stems(line))
            + 0.1 * sum(any(same(q, k) for k in quantities(line)) for q in figures)
            for i, line in enumerate(lines)
        ]

    def terms(self, claim: str) -> dict[str, float]:
        """Content stems of the claim with their weights; words that only introduce a claim weigh little.

        Figures are left out: the rules compare them, in any spelling.
        """
        return {
            w.stem: self.weights.idf.get(w.stem, self.weights.rare) * (0.3 if w.lower in GENERIC_WORDS else 1.0)
            for w in content_words(words(claim))
            if not w.lower[0].isdigit() and w.lower not in FIGURES
        }

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, one a row; cached texts are not encoded again."""
        with self._lock:
            known = {t: self._cache[t] for t in texts if t in self._cache}
        fresh = [t for t in dict.fromkeys(texts) if t not in known]
        if fresh:
            known.update(zip(fresh, self._embedder.encode(fresh), strict=True))
        with self._lock:
            self._cache.update((text, known[text]) for text in fresh)
            while len(self._cache) > _CACHE_SIZE:
                self._cache.popitem(last=False)
        return np.stack([known[t] for t in texts])


def _overlap(wanted: dict[str, float], have: frozenset[str]) -> float:
    """Share of the weight of `wanted` whose stems are in `have`."""
    total = sum(wanted.values())
    return sum(weight for stem, weight in wanted.items() if stem in have) / total if total else 0.0


def log_odds(probability: float) -> float:
    """The log odds of a probability, which is clipped so that one network never decides alone."""
    bounded = min(max(float(probability), 0.003), 0.997)
    return math.log(bounded / (1.0 - bounded))
