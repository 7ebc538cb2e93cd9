"""Estimates whether an abstract states what a question asks, and in which sentence.

The packaged encoder reads question, title and sentences. The span extractor gives the log odds that a sentence holds
the answer; a logistic function turns them, with the word and slot features, into a probability. Network and
coefficients (`coefficients.json`) come from `eval/training`.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from assistant.answerability import slot_features, span_extractor, word_features
from assistant.answerability.encoder import Encoder
from assistant.answerability.slot_features import SlotFeatures
from assistant.answerability.span_extractor import NO_ANSWER, LogOdds
from assistant.answerability.word_features import WordFeatures
from assistant.embeddings import openvino_runtime
from assistant.embeddings.openvino_runtime import Network
from assistant.text import sentences

_HERE = Path(__file__).parent
QUESTION_TOKENS, TITLE_TOKENS, SENTENCE_TOKENS = 96, 60, 200
_MAX_CHARACTERS = 2_000
"""Characters of a question, title or sentence that are read; tokenizers are slow on very long runs."""
_MAX_SENTENCES = 10
"""Sentences of one abstract that are read: those that cover most of the question. The rest get the lowest log odds."""
_MAX_LOG_ODDS = 12.0


@dataclass(frozen=True)
class Reading:
    """The answerability of a question by one paper."""

    confidence: float
    """Calibrated probability that the abstract states what the question asks."""
    sentence_scores: tuple[float, ...]
    """One value between 0 and 1 for each sentence of `assistant.text.sentences.split`; higher answers better."""


@dataclass(frozen=True)
class Signals:
    """The values from which a reading is computed."""

    odds: LogOdds
    """Log odds of the paper and of every sentence."""
    similarity: float
    """Cosine of the question with the closest sentence or the title."""
    words: WordFeatures
    slots: SlotFeatures
    coverage: tuple[float, ...]
    """Share of the question's weight in each sentence."""


class AnswerabilityModel:
    """Reads abstracts for the answer to a question. Loads with the first question; thread-safe."""

    def __init__(self, network: Path | None = None) -> None:
        """`network` replaces the packaged network, to measure another."""
        self._file = network or _HERE / "span_extractor.xml"
        self._loaded: tuple[Encoder, Network] | None = None
        self._lock = threading.Lock()

    def read(
        self, question: str, papers: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]] = ()
    ) -> list[Reading]:
        """One reading for each (title, abstract), in order; the question may be about the papers `others` as well."""
        return [reading(s) for s in self.signals(question, papers, others)]

    def signals(
        self, question: str, papers: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]] = ()
    ) -> list[Signals]:
        """The values behind `read`, for fitting and measuring."""
        question = question[:_MAX_CHARACTERS]
        split = [[abstract[s.start : s.end] for s in sentences.split(abstract)] for _, abstract in papers]
        asked = word_features.weighted_terms(question)
        covered = [[word_features.coverage(asked, word_features.stems(s)) for s in texts] for texts in split]
        chosen = [sorted(sorted(range(len(c)), key=lambda j: -c[j])[:_MAX_SENTENCES]) for c in covered]
        readable = [i for i, texts in enumerate(split) if texts]
        jobs = [(papers[i][0], [split[i][j] for j in chosen[i]]) for i in readable]
        found = dict(zip(readable, self._extract(question, jobs), strict=True)) if jobs else {}
        out = []
        for i, (title, _) in enumerate(papers):
            odds, similarity = found.get(i, (LogOdds(NO_ANSWER, []), 0.0))
            scored = dict(zip(chosen[i], odds.sentences, strict=True))
            every = [scored.get(j, min(odds.sentences)) for j in range(len(split[i]))]
            best = max(chosen[i], key=scored.__getitem__, default=None)
            heading = title[:_MAX_CHARACTERS]
            words = word_features.extract(question, heading, split[i], best)
            slots = slot_features.extract(question, heading, split[i], best, others)
            out.append(Signals(LogOdds(odds.paper, every), similarity, words, slots, tuple(covered[i])))
        return out

    def _extract(self, question: str, papers: Sequence[tuple[str, list[str]]]) -> list[tuple[LogOdds, float]]:
        """For each (title, sentences) the log odds, and the cosine of the text closest to the question."""
        encoder, network = self._load()
        texts = [(question, QUESTION_TOKENS)]
        for title, lines in papers:
            texts += [(title[:_MAX_CHARACTERS], TITLE_TOKENS), *((s[:_MAX_CHARACTERS], SENTENCE_TOKENS) for s in lines)]
        encoded = iter(encoder.encode(texts))
        asked = next(encoded)
        rows = [(asked, next(encoded), [next(encoded) for _ in lines]) for _, lines in papers]
        similarity = [max(float(asked.vector @ t.vector) for t in (title, *lines)) for _, title, lines in rows]
        return list(zip(span_extractor.extract(network, rows), similarity, strict=True))

    def _load(self) -> tuple[Encoder, Network]:
        with self._lock:
            if self._loaded is None:
                self._loaded = Encoder(), openvino_runtime.shipped(self._file)
            return self._loaded


def reading(found: Signals) -> Reading:
    """Probability and sentence scores."""
    if not found.odds.sentences:
        return Reading(0.0, ())
    weights = _coefficients()
    logit = sum(weights["confidence"][name] * value for name, value in inputs(found).items())
    scale, cover = weights["sentence"]["odds"], weights["sentence"]["coverage"]
    pairs = zip(found.odds.sentences, found.coverage, strict=True)
    return Reading(round(_sigmoid(logit), 4), tuple(round(_sigmoid(scale * o + cover * c), 6) for o, c in pairs))


def inputs(found: Signals) -> dict[str, float]:
    """Inputs of the logistic function by their names in `coefficients.json`."""
    odds = max(-_MAX_LOG_ODDS, min(_MAX_LOG_ODDS, found.odds.paper))
    return {"bias": 1.0, "odds": odds, "similarity": found.similarity, **asdict(found.words), **asdict(found.slots)}


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, x))))


@cache
def _coefficients() -> dict[str, dict[str, float]]:
    loaded: dict[str, dict[str, float]] = json.loads((_HERE / "coefficients.json").read_text(encoding="utf-8"))
    return loaded
