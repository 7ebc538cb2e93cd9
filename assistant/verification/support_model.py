"""How well a text carries a claim, as one number: shared words, sentence vectors and word vectors in a logistic.

The coefficients stand in `support.json`, written by `eval/training/fit_support.py`. Knows nothing about rules.
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
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant.text.number_words import FIGURES
from assistant.text.numbers import quantities, same
from assistant.text.stop_words import GENERIC_WORDS
from assistant.text.words import content_words, stems, words
from assistant.types import Embedder, Vectors

Row = npt.NDArray[np.float64]
FEATURES = ("cosine", "term similarity")
"""How near the best sentence is, and how near a term each term of the claim finds (1 where it stands there itself)."""
_CACHE = 30_000


@dataclass(frozen=True)
class Model:
    """Coefficients, one a feature (and one more for the reading, where there is one), and the two thresholds."""

    coefficients: tuple[float, ...]
    intercept: float
    supported: float
    partial: float

    def probability(self, values: Sequence[float]) -> float:
        """The logistic of the weighted values."""
        z = sum(c * v for c, v in zip(self.coefficients, values, strict=True)) + self.intercept
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


@dataclass(frozen=True)
class Weights:
    """What `support.json` holds."""

    plain: Model
    read: Model
    """For use with the trained reader of `entail.py`."""
    idf: dict[str, float]
    rare: float
    """Weight of a stem that the table does not hold."""


@dataclass(frozen=True)
class Score:
    """How surely the claim is carried, and whether the reader takes it for contradicted rather than absent."""

    value: float
    opposed: bool = False


class Reader(Protocol):
    """What `entail.Entailment` offers."""

    def read(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> npt.NDArray[np.float64]:
        """Probabilities of supported, contradicted, not stated; one row a (claim, sentences)."""


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """The fitted weights that come with the package."""
    raw = json.loads((Path(__file__).parent / "support.json").read_text(encoding="utf-8"))
    return Weights(_model(raw["plain"]), _model(raw["read"]), raw["idf"], raw["rare"])


def _model(raw: dict[str, Any]) -> Model:
    return Model(tuple(raw["coefficients"].values()), raw["intercept"], raw["supported"], raw["partial"])


class Scorer:
    """Turns (claim, sentences) into features and a score between 0 and 1. Thread-safe."""

    def __init__(self, embedder: Embedder, reader: Reader | None = None, weights: Weights | None = None) -> None:
        self._embedder = embedder
        self._reader = reader
        self._weights = weights or shipped()
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def model(self) -> Model:
        """The coefficients and thresholds in use."""
        return self._weights.read if self._reader else self._weights.plain

    def score(self, claim: str, title: str, lines: Sequence[str]) -> Score:
        """How surely the sentences `lines`, under `title`, carry the claim."""
        values = self.features(claim, title, lines).tolist()
        if self._reader is None:
            return Score(self._weights.plain.probability(values))
        read = self._reader.read([(claim, lines)])[0]
        return Score(self._weights.read.probability([*values, log_odds(read[0])]), bool(read[1] > read[2]))

    def features(self, claim: str, title: str, lines: Sequence[str]) -> Row:
        """One value for each name of `FEATURES`."""
        wanted = self.terms(claim)
        if not wanted or not lines:
            return np.zeros(len(FEATURES))
        vectors = self.vectors([claim, *lines])
        return np.array([(vectors[1:] @ vectors[0]).max(), self._terms_carried(claim, wanted, title, lines)])

    def carried(self, claim: str, title: str, lines: Sequence[str]) -> list[float]:
        """Sentence by sentence, how much of the claim it carries; for finding the span."""
        wanted = self.terms(claim)
        vectors = self.vectors([claim, *lines])
        figures = quantities(claim)
        return [
            0.5 * float(vectors[0] @ vectors[i + 1])
            + 0.5 * self._overlap(wanted, stems(line))
            + 0.1 * sum(any(same(q, k) for k in quantities(line)) for q in figures)
            for i, line in enumerate(lines)
        ]

    def terms(self, claim: str) -> dict[str, float]:
        """Content stems of the claim with their weights; what only introduces a claim weighs little.

        Figures are left out: the rules look after them, in any spelling.
        """
        return {
            w.stem: self._idf(w.stem) * (0.3 if w.lower in GENERIC_WORDS else 1.0)
            for w in content_words(words(claim))
            if not w.lower[0].isdigit() and w.lower not in FIGURES
        }

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts; those seen lately are not encoded again."""
        with self._lock:
            known = {t: self._known[t] for t in texts if t in self._known}
        fresh = [t for t in dict.fromkeys(texts) if t not in known]
        if fresh:
            known.update(zip(fresh, self._embedder.encode(fresh), strict=True))
        with self._lock:
            for text in fresh:
                self._known[text] = known[text]
            while len(self._known) > _CACHE:
                self._known.popitem(last=False)
        return np.stack([known[t] for t in texts])

    def _idf(self, stem: str) -> float:
        return self._weights.idf.get(stem, self._weights.rare)

    def _overlap(self, wanted: dict[str, float], have: frozenset[str]) -> float:
        total = sum(wanted.values())
        return sum(weight for stem, weight in wanted.items() if stem in have) / total if total else 0.0

    def _terms_carried(self, claim: str, wanted: dict[str, float], title: str, lines: Sequence[str]) -> float:
        """Weighted mean over the claim's terms of the similarity to the closest term of the evidence."""
        ours = {w.stem: w.lower for w in content_words(words(claim)) if w.stem in wanted}
        theirs = {w.stem: w.lower for text in [title, *lines] for w in content_words(words(text))}
        if not ours or not theirs:
            return 0.0
        similar = dict.fromkeys(ours, 1.0)
        unmatched = [s for s in ours if s not in theirs]
        if unmatched:
            vectors = self.vectors([*(ours[s] for s in unmatched), *theirs.values()])
            best = (vectors[: len(unmatched)] @ vectors[len(unmatched) :].T).max(axis=1)
            similar.update(zip(unmatched, map(float, best), strict=True))
        return sum(wanted[s] * similar[s] for s in ours) / max(1e-9, sum(wanted.values()))


def log_odds(probability: float) -> float:
    """Of the reader's first class, kept within bounds."""
    bounded = min(max(float(probability), 0.003), 0.997)
    return math.log(bounded / (1.0 - bounded))
