"""Does this abstract state what is asked, and in which sentence?

The packaged encoder reads question, title and sentences, the networks of `pointer` (`span_extractor.xml`) point at the answer or
at nothing, and the mean of their log odds goes with the words' features and details through a logistic function into a
probability (`coefficients.json`). Both are fitted by `eval/training`. Knows nothing about retrieval or language models.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answerability import slot_features, word_features
from assistant.answerability.encoder import Encoder
from assistant.answerability.slot_features import Details
from assistant.answerability.span_extractor import Odds, point
from assistant.answerability.word_features import WordFeatures
from assistant.embeddings import openvino_runtime
from assistant.embeddings.openvino_runtime import Network
from assistant.text import sentences

_HERE = Path(__file__).parent
QUESTION_TOKENS, TITLE_TOKENS, SENTENCE_TOKENS = 96, 60, 200
_MAX_CHARACTERS = 2_000
"""Of a question, a title or a sentence; tokenisers choke on very long runs."""
_MAX_SENTENCES = 10
"""Of one abstract that are read: those that cover most of the question. The others score below all of these."""
_NOTHING = -20.0
_MOST_ODDS = 12.0


@dataclass(frozen=True)
class Reading:
    """How well one paper answers a question."""

    confidence: float
    """Calibrated probability that the abstract states what is asked."""
    sentence_scores: tuple[float, ...]
    """One value between 0 and 1 for each sentence of `assistant.text.sentences.split`; higher answers better."""


@dataclass(frozen=True)
class Signals:
    """What a reading is computed from."""

    odds: float
    """The pointer's log odds that any sentence answers, and below for each sentence."""
    likeness: float
    """Cosine of the question with the title or the sentence that is nearest."""
    sentence_odds: tuple[float, ...]
    words: WordFeatures
    details: Details
    coverage: tuple[float, ...]


class AnswerabilityModel:
    """Judges whether abstracts state what is asked. Loads with the first question; may be shared by threads."""

    def __init__(self, network: Path | None = None) -> None:
        """`network` replaces the shipped one (to measure others)."""
        self._file = network or _HERE / "span_extractor.xml"
        self._loaded: tuple[Encoder, Network] | None = None
        self._lock = threading.Lock()

    def read(
        self, question: str, papers: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]] = ()
    ) -> list[Reading]:
        """One reading for each (title, abstract), in their order; `others` may be asked about as well."""
        return [reading(s) for s in self.signals(question, papers, others)]

    def signals(
        self, question: str, papers: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]] = ()
    ) -> list[Signals]:
        """What `read` decides by."""
        question = question[:_MAX_CHARACTERS]
        split = [[abstract[s.start : s.end] for s in sentences.split(abstract)] for _, abstract in papers]
        covered = [word_features.sentence_coverage(question, texts) for texts in split]
        keep = [sorted(sorted(range(len(c)), key=lambda j: -c[j])[:_MAX_SENTENCES]) for c in covered]
        readable = [i for i, texts in enumerate(split) if texts]
        jobs = [(papers[i][0], [split[i][j] for j in keep[i]]) for i in readable]
        found = dict(zip(readable, self._read(question, jobs), strict=True)) if jobs else {}
        out = []
        for i, (title, _) in enumerate(papers):
            (odds, by_sentence), likeness = found.get(i, (Odds(_NOTHING, []), 0.0))
            scored = dict(zip(keep[i], by_sentence, strict=True))
            every = tuple(scored.get(j, min(by_sentence)) for j in range(len(split[i])))
            best = max(keep[i], key=scored.__getitem__, default=None)
            heading = title[:_MAX_CHARACTERS]
            words = word_features.extract(question, heading, split[i], best)
            named = slot_features.extract(question, heading, split[i], best, others)
            out.append(Signals(odds, likeness, every, words, named, tuple(covered[i])))
        return out

    def _read(self, question: str, papers: Sequence[tuple[str, list[str]]]) -> list[tuple[Odds, float]]:
        """Of each (title, sentences): where the answer is, and the likeness of what is nearest to the question."""
        encoder, network = self._load()
        texts = [(question, QUESTION_TOKENS)]
        for title, parts in papers:
            texts += [(title[:_MAX_CHARACTERS], TITLE_TOKENS), *((p[:_MAX_CHARACTERS], SENTENCE_TOKENS) for p in parts)]
        read = iter(encoder.read(texts))
        asked = next(read)
        rows = [(asked, next(read), [next(read) for _ in parts]) for _, parts in papers]
        near = [max(float(asked.vector @ p.vector) for p in (title, *parts)) for _, title, parts in rows]
        return list(zip(point(network, rows), near, strict=True))

    def _load(self) -> tuple[Encoder, Network]:
        with self._lock:
            if self._loaded is None:
                self._loaded = Encoder(), openvino_runtime.shipped(self._file)
            return self._loaded


def reading(found: Signals) -> Reading:
    """Probability and sentence scores."""
    if not found.sentence_odds:
        return Reading(0.0, ())
    weights = _coefficients()
    logit = sum(weights["confidence"].get(name, 0.0) * value for name, value in inputs(found).items())
    scale, cover = weights["sentence"]["odds"], weights["sentence"]["coverage"]
    pairs = zip(found.sentence_odds, found.coverage, strict=True)
    return Reading(round(_sigmoid(logit), 4), tuple(round(_sigmoid(scale * o + cover * c), 6) for o, c in pairs))


def inputs(found: Signals) -> dict[str, float]:
    """What the logistic function reads, by name."""
    words = zip(word_features.NAMES, word_features.vector(found.words), strict=True)
    named = zip(slot_features.NAMES, slot_features.vector(found.details), strict=True)
    odds = max(-_MOST_ODDS, min(_MOST_ODDS, found.odds))
    return {"bias": 1.0, "odds": odds, "likeness": found.likeness, **dict(words), **dict(named)}


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, x))))


@cache
def _coefficients() -> dict[str, dict[str, float]]:
    loaded: dict[str, dict[str, float]] = json.loads((_HERE / "coefficients.json").read_text(encoding="utf-8"))
    return loaded
