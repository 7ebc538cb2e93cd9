"""Estimates whether an abstract states what a question asks, and in which sentences.

The reading network reads the question beside each abstract. A logistic function turns what it finds, with features of
the words, into a probability; `eval/training/fit_answerability.py` writes its coefficients (`coefficients.json`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path

from assistant.answerability import slot_features, word_features
from assistant.answerability.asked_kind import SeldomStated, is_stated, kind_asked, unnamed
from assistant.embeddings.embedders import PackagedEmbedder
from assistant.reading import network
from assistant.reading.evidence import MAX_ABSTRACT, EvidenceFinder, Passage
from assistant.reading.layout import Reading
from assistant.reading.network import Outcome, Reader
from assistant.text import sentences
from assistant.text.spelling import canonical

SENTENCES = 8
"""Sentences of an abstract that are read, as in training: those that say most about the question."""
_CLAIM_SENTENCES = 4
"""Sentences that are read beside a claim, as in training."""
_SUSPECT = -4.0
"""Log odds of `contradicted` up to which a question is taken as honest, and not read as a claim: three in four honest
questions of `eval/questions.jsonl` lie below, and one in thirty false premises."""
_MAX_CHARACTERS = 2_000
"""Characters of a question or title that are read; tokenizers are slow on very long runs."""
_WITHOUT_KIND = 0.1
"""Factor on the confidence where no sentence states a thing of the kind that is asked for."""
_IN_ITS_WORDS = 0.6
"""Share of what an unnamed question asks for from which a sentence with the same words is taken to speak of it."""
_WITHOUT_NUMBER = 0.5
"""Factor on the score of a sentence without a number where the question asks for one: it cannot hold the answer, but
what the question asks for may be misjudged."""


@dataclass(frozen=True)
class Answerability:
    """What one abstract says about a question."""

    confidence: float
    """Calibrated probability that the abstract states what the question asks."""
    sentence_scores: tuple[float, ...]
    """How surely each sentence of `assistant.text.sentences.split` states it, between 0 and 1; 0 if it was not read."""
    outcome: Outcome | None = field(default=None, compare=False, repr=False)
    """What the network found; None for an abstract without sentences."""
    passage: Passage | None = field(default=None, compare=False, repr=False)
    """What it read; None likewise."""
    closeness: float = 0.0
    """Cosine of the question with the closest sentence that was read."""
    lacks: SeldomStated | None = None
    """The kind of thing that the question asks for, where no sentence states one."""
    as_claim: Outcome | None = field(default=None, compare=False, repr=False)
    """What it found when it read the question as a claim; only for the first abstract, and where something speaks against
    the question."""


@dataclass(frozen=True)
class Signals:
    """What an answerability is computed from."""

    passage: Passage
    outcome: Outcome
    marks: tuple[float, ...]
    """The strongest stating mark in each sentence; 0 if it was not read."""
    sentence_scores: tuple[float, ...]
    features: dict[str, float]
    """The inputs of the logistic function, by the names in `coefficients.json`."""


class AnswerabilityModel:
    """Reads abstracts for the answer to a question. Loads with the first question; thread-safe."""

    def __init__(self, reader: Reader | None = None) -> None:
        """`reader` replaces the packaged one, to measure another."""
        # the packaged embedder, whatever the library uses: the coefficients are fitted to its cosines
        self._finder = EvidenceFinder(PackagedEmbedder())
        self._reader = reader or network.shared()

    def read(
        self, question: str, papers: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]] = ()
    ) -> list[Answerability]:
        """One for each (title, abstract), in order; the question may be about the papers `others` as well."""
        found = [_answerability(s) for s in self.signals(question, papers, others)]
        bare = unnamed(question[:_MAX_CHARACTERS])
        if kind := kind_asked(bare, self._finder.vectors([bare])[0]):
            found = [self._without(kind, bare, one, *paper) for one, paper in zip(found, papers, strict=True)]
        first = found[0].outcome if found else None
        if first is not None and first.against > _SUSPECT:
            found[0] = replace(found[0], as_claim=self.as_claim(question, *papers[0]))
        return found

    def _without(self, kind: SeldomStated, bare: str, found: Answerability, title: str, abstract: str) -> Answerability:
        """What was found in an abstract; hardly sure where it states nothing of the kind that is asked for."""
        lines = [abstract[s.start : s.end] for s in sentences.split(abstract[:MAX_ABSTRACT])]
        subject = word_features.stems(title)  # says nothing about what is asked for
        asked = {term: weight for term, weight in word_features.weighted_terms(bare).items() if term not in subject}
        in_its_words = any(word_features.coverage(asked, word_features.stems(line)) > _IN_ITS_WORDS for line in lines)
        if in_its_words or (lines and is_stated(kind, lines, self._finder.vectors(lines))):
            return found
        return replace(found, confidence=round(found.confidence * _WITHOUT_KIND, 4), lacks=kind)

    def as_claim(self, question: str, title: str, abstract: str) -> Outcome:
        """What the network finds when it reads the question as a claim, which says all that the question takes for granted.

        Like a claim it is read beside a few sentences only. What speaks against it shows more clearly there.
        """
        question = canonical(question[:_MAX_CHARACTERS])
        passage = self._finder.passage(question, title[:_MAX_CHARACTERS], abstract, _CLAIM_SENTENCES)
        return self._reader.read([Reading(question, (passage.text,))])[0]

    def signals(
        self, question: str, papers: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]] = ()
    ) -> list[Signals | None]:
        """What is behind `read`, for fitting and measuring; None for an abstract without sentences."""
        question = canonical(question[:_MAX_CHARACTERS])
        papers = [(canonical(title[:_MAX_CHARACTERS]), abstract) for title, abstract in papers]
        passages = [self._finder.passage(question, title, abstract, SENTENCES) for title, abstract in papers]
        readable = [i for i, passage in enumerate(passages) if passage.spans]
        outcomes = self._reader.read([Reading(question, (passages[i].text,), question=True) for i in readable])
        found: list[Signals | None] = [None] * len(papers)
        for i, outcome in zip(readable, outcomes, strict=True):
            found[i] = self._signals(question, papers[i], passages[i], outcome, others)
        return found

    def _signals(
        self,
        question: str,
        paper: tuple[str, str],
        passage: Passage,
        outcome: Outcome,
        others: Sequence[tuple[str, str]],
    ) -> Signals:
        title, abstract = paper
        spans = sentences.split(abstract)
        lines = [canonical(abstract[s.start : s.end]) for s in spans]
        marked = dict(zip((s.start for s in passage.spans), passage.strengths(outcome.stating[0]), strict=True))
        marks = tuple(marked.get(s.start, 0.0) for s in spans)
        scores = tuple(
            round(mark * (_WITHOUT_NUMBER if word_features.lacks_number(question, line) else 1.0), 6)
            for mark, line in zip(marks, lines, strict=True)
        )
        best = max(range(len(lines)), key=scores.__getitem__)
        features = {
            **outcome.features(),
            "closeness": self._finder.closeness(
                question, [canonical(abstract[s.start : s.end]) for s in passage.spans]
            ),
            **asdict(word_features.extract(question, title, lines, best)),
            **asdict(slot_features.extract(question, title, lines, best, others)),
        }
        return Signals(passage, outcome, marks, scores, features)


def _answerability(found: Signals | None) -> Answerability:
    if found is None:
        return Answerability(0.0, ())
    model = _coefficients()
    z = model["intercept"] + sum(w * found.features[name] for name, w in model.items() if name != "intercept")
    confidence = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))
    return Answerability(
        round(confidence, 4), found.sentence_scores, found.outcome, found.passage, found.features["closeness"]
    )


@cache
def _coefficients() -> dict[str, float]:
    """By the names of the features; those that the file does not name have no weight."""
    loaded: dict[str, float] = json.loads((Path(__file__).parent / "coefficients.json").read_text(encoding="utf-8"))
    return loaded
