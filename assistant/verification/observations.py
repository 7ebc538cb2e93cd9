"""Collects what speaks for and against a sentence: the reading network's outcome, shared words, and the rules' findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.reading.evidence import MAX_ABSTRACT, EvidenceFinder, Passage
from assistant.reading.layout import Reading
from assistant.reading.network import Outcome, Reader
from assistant.text.same_quantity import respelled
from assistant.text.spelling import canonical
from assistant.verification import rules
from assistant.verification.finding import Finding, Source

MAX_CLAIM = 2_000
_SENTENCES, _SHARED_SENTENCES = 4, 3
"""Sentences that are read of the one cited abstract, and of each of several."""
FEATURES = ("stated", "contradicted", "closeness")
"""Shared words, the marks, and findings that end no sentence were tried beside them, and added nothing."""


class Text(NamedTuple):
    """A paper as the verifier reads it."""

    title: str
    abstract: str


class Question(NamedTuple):
    """A sentence with all that it cites, and the question or sentence before it."""

    claim: str
    cited: Sequence[Text]
    context: str = ""


@dataclass(frozen=True)
class Observation:
    """What is known about a sentence."""

    passages: tuple[Passage, ...]
    """One for each cited paper."""
    read: str
    """The sentence as the network read it; `outcome.wrong` marks its words."""
    outcome: Outcome
    findings: tuple[Finding, ...]
    closeness: float
    """Cosine of the sentence with the closest sentence of the passages."""

    def features(self) -> dict[str, float]:
        """The inputs of the support model by the names in `FEATURES`."""
        return {**self.outcome.features(), "closeness": self.closeness}


class Observer:
    """Makes observations. Thread-safe."""

    def __init__(self, finder: EvidenceFinder, reader: Reader) -> None:
        self._finder, self._reader = finder, reader

    def observe(self, asked: Sequence[Question]) -> list[Observation]:
        """One observation for each question, in order; each needs a cited paper."""
        passages = [self._passages(q) for q in asked]
        readings = [_reading(q, [p.text for p in own]) for q, own in zip(asked, passages, strict=True)]
        outcomes = self._reader.read(readings)
        return [self._observation(*found) for found in zip(asked, passages, readings, outcomes, strict=True)]

    def _passages(self, asked: Question) -> tuple[Passage, ...]:
        most = _SENTENCES if len(asked.cited) == 1 else _SHARED_SENTENCES
        claim = canonical(asked.claim[:MAX_CLAIM])
        return tuple(self._finder.passage(claim, title, abstract, most) for title, abstract in asked.cited)

    def _observation(
        self, asked: Question, passages: tuple[Passage, ...], reading: Reading, outcome: Outcome
    ) -> Observation:
        claim = canonical(asked.claim[:MAX_CLAIM])
        lines = [
            [canonical(cited.abstract[s.start : s.end]) for s in own.spans]
            for cited, own in zip(asked.cited, passages, strict=True)
        ]
        sources = [
            Source(cited.title, cited.abstract[:MAX_ABSTRACT], " ".join(own))
            for cited, own in zip(asked.cited, lines, strict=True)
        ]
        return Observation(
            passages,
            reading.text,
            outcome,
            tuple(rules.agreed([rules.findings(claim, source) for source in sources])),
            self._finder.closeness(claim, [line for own in lines for line in own]),
        )


def _reading(asked: Question, evidence: list[str]) -> Reading:
    """Figures are read in the spelling of the evidence: the network takes spellings that it has seldom read for others."""
    return Reading(respelled(canonical(asked.claim[:MAX_CLAIM]), " ; ".join(evidence)), tuple(evidence), asked.context)
