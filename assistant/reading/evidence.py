"""Chooses the sentences of an abstract that say most about a text, and joins them to the passage that is read beside it."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from assistant.reading.network import Marks
from assistant.text import sentences
from assistant.text.number_words import FIGURES
from assistant.text.numbers import quantities
from assistant.text.same_quantity import same
from assistant.text.spelling import canonical
from assistant.text.stop_words import GENERIC_WORDS
from assistant.text.words import content_words, stems, words
from assistant.types import Embedder, Span, Vectors

_CACHE_SIZE = 4_000
"""Texts whose vectors are cached, 6 MB: the sentences of about 400 abstracts."""
MAX_ABSTRACT = 20_000
"""Characters of an abstract that are read; ten times the usual length."""


@dataclass(frozen=True)
class Passage:
    """The title and some sentences of an abstract, as one text."""

    text: str
    spans: tuple[Span, ...]
    """The sentences' places in the abstract."""
    starts: tuple[int, ...]
    """Where each of them starts in `text`."""
    ends: tuple[int, ...]
    """Where each of them ends there: it is read in one spelling, and so may be longer or shorter."""

    def strengths(self, marks: Marks) -> list[float]:
        """The strongest mark in each of the sentences, between 0 and 1."""
        return [marks.highest(start, end) for start, end in zip(self.starts, self.ends, strict=True)]


class EvidenceFinder:
    """Ranks sentences by meaning, words and figures. Thread-safe."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def passage(self, text: str, title: str, abstract: str, most: int | None) -> Passage:
        """The title and the `most` sentences (None: all) that say most about the text, in their order, in one spelling."""
        spans = sentences.split(abstract[:MAX_ABSTRACT])
        if most is not None and len(spans) > most:
            ranked = self.relevance(text, [canonical(abstract[s.start : s.end]) for s in spans])
            chosen = sorted(sorted(range(len(spans)), key=lambda i: -ranked[i])[:most])
            spans = [spans[i] for i in chosen]
        passage, starts, ends = f"{canonical(title)}." if title else "", [], []
        for span in spans:
            passage += " " if passage else ""
            starts.append(len(passage))
            passage += canonical(abstract[span.start : span.end])
            ends.append(len(passage))
        return Passage(passage, tuple(spans), tuple(starts), tuple(ends))

    def relevance(self, text: str, lines: Sequence[str]) -> list[float]:
        """For each sentence, how much of the text it holds: by meaning, by words and by figures."""
        wanted, figures = terms(text), quantities(text)
        vectors = self.vectors([text, *lines])
        return [
            0.5 * float(vectors[0] @ vectors[i + 1])
            + 0.5 * overlap(wanted, stems(line))
            + 0.1 * sum(any(same(q, k) for k in quantities(line)) for q in figures)
            for i, line in enumerate(lines)
        ]

    def closeness(self, text: str, lines: Sequence[str]) -> float:
        """Cosine of the text with the closest sentence; 0 for a text without content words."""
        if not terms(text) or not lines:
            return 0.0
        vectors = self.vectors([text, *lines])
        return float((vectors[1:] @ vectors[0]).max())

    def vectors(self, texts: Sequence[str]) -> Vectors:
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


def terms(text: str) -> dict[str, float]:
    """Content stems of a text with their weights; words that only introduce a statement weigh little.

    Figures are left out: they are compared in any spelling.
    """
    weights, rare = _word_weights()
    return {
        w.stem: weights.get(w.stem, rare) * (0.3 if w.lower in GENERIC_WORDS else 1.0)
        for w in content_words(words(text))
        if not w.lower[0].isdigit() and w.lower not in FIGURES
    }


def overlap(wanted: dict[str, float], have: frozenset[str]) -> float:
    """Share of the weight of `wanted` whose stems are in `have`."""
    total = sum(wanted.values())
    return sum(weight for stem, weight in wanted.items() if stem in have) / total if total else 0.0


@cache
def _word_weights() -> tuple[dict[str, float], float]:
    """The inverse document frequency of common stems, and that of all others."""
    loaded = json.loads((Path(__file__).parent / "word_weights.json").read_text(encoding="utf-8"))
    return loaded["idf"], loaded["rare"]
