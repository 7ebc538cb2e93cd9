"""Decides whether a sentence is supported by the spans it cites: first by rules, then by the support model.

The same sentence always gets the same verdict: no language model takes part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text import sentences
from assistant.text.words import stems
from assistant.types import Embedder, Span, Verdict
from assistant.verification import rules
from assistant.verification.finding import Source
from assistant.verification.support_model import SupportModel

_SEVERITY: dict[Verdict, int] = {"supported": 0, "partial": 1, "unsupported": 2, "contradicted": 3}
_CEILING: dict[Verdict, float] = {"supported": 1.0, "partial": 0.5, "unsupported": 0.1, "contradicted": 0.0}
_MAX_CLAIM = 2_000
_MAX_TEXT = 20_000
"""Characters of an abstract that are read; ten times the usual length."""
_MAX_RUN = 3
"""Sentences in a located span."""
_MIN_GAIN = 0.12
"""Share of the claim's words that a neighbouring sentence must add to join the located span."""


@dataclass(frozen=True)
class Judgement:
    """A verdict with its score (0 to 1) and, unless supported, one short reason to show."""

    verdict: Verdict
    score: float
    why: str


class Verifier:
    """The default judge, which also finds the span for a sentence that cites none. Thread-safe."""

    def __init__(self, embedder: Embedder, model: SupportModel | None = None) -> None:
        """`model` replaces the packaged one, for fitting a new one."""
        self._model = model or SupportModel(embedder)

    def judge(self, claim: str, title: str, abstract: str, spans: Sequence[Span]) -> Judgement:
        """The verdict on `claim` against the cited `spans`; a verbatim quote is always supported."""
        decided, doubt = _apply_rules(claim, title, abstract, spans)
        if decided is not None:
            return decided
        lines = [abstract[s.start : s.end] for cited in spans for s in _sentences_within(abstract, cited)]
        score, weights = self._model.score(claim[:_MAX_CLAIM], lines), self._model.weights
        if score.value < weights.partial and score.contradicted:
            return Judgement("contradicted", score.value, "the cited passage seems to say otherwise")
        if score.value < weights.partial:
            return Judgement("unsupported", score.value, "the cited passage does not say this")
        if doubt:
            return Judgement("partial", min(score.value, _CEILING["partial"]), doubt)
        if score.value < weights.supported:
            return Judgement("partial", score.value, "the cited passage says only part of this")
        return Judgement("supported", score.value, "")

    def rule(self, claim: str, title: str, abstract: str, spans: Sequence[Span]) -> Judgement | None:
        """The verdict of the rules alone: on a quote, or a wrong figure, name or direction; None on anything else."""
        return _apply_rules(claim, title, abstract, spans)[0]

    def locate(self, claim: str, title: str, abstract: str) -> tuple[Span, ...]:
        """The smallest run of 1 to 3 consecutive sentences that best supports the claim; empty if none does."""
        parts = sentences.split(abstract)
        lines = [abstract[s.start : s.end] for s in parts]
        claim = claim[:_MAX_CLAIM]
        for part, line in zip(parts, lines, strict=True):
            if rules.is_quote(claim, Source("", abstract, line)):
                return (part,)
        terms = self._model.terms(claim)
        if not terms or not any(terms.keys() & stems(line) for line in lines):
            return ()
        relevance = self._model.relevance(claim, lines)
        first = last = max(range(len(lines)), key=relevance.__getitem__)
        while last - first + 1 < _MAX_RUN:
            have = frozenset().union(*(stems(line) for line in lines[first : last + 1])) | stems(title)
            gains = {i: _gain(terms, have, stems(lines[i])) for i in (first - 1, last + 1) if 0 <= i < len(lines)}
            best = max(gains, key=gains.__getitem__, default=-1)
            if not gains or gains[best] < _MIN_GAIN:
                break
            first, last = min(first, best), max(last, best)
        return (Span(parts[first].start, parts[last].end),)

    def check(self, claim: str, papers: Sequence[tuple[str, str]]) -> list[tuple[Judgement, tuple[Span, ...]]]:
        """The verdict on a sentence that cites nothing, with its span, for each (title, abstract) in order."""
        rows = []
        for title, abstract in papers:
            spans = self.locate(claim, title, abstract)
            silent = Judgement("unsupported", 0.0, "the abstract does not speak of this")
            rows.append((self.judge(claim, title, abstract, spans) if spans else silent, spans))
        return rows


def _apply_rules(claim: str, title: str, abstract: str, spans: Sequence[Span]) -> tuple[Judgement | None, str]:
    """The rules' verdict, or None and the reason why the claim can be no more than partly supported."""
    claim = claim[:_MAX_CLAIM]
    span = " ".join(abstract[s.start : s.end] for s in spans)[:_MAX_TEXT]
    if not claim.strip():
        return Judgement("unsupported", 0.0, "the sentence is empty"), ""
    if not span.strip():
        return Judgement("unsupported", 0.0, "no passage is cited"), ""
    source = Source(title, abstract[:_MAX_TEXT], span)
    if rules.is_quote(claim, source):
        return Judgement("supported", 1.0, ""), ""
    worst = max(rules.findings(claim, source), key=lambda f: _SEVERITY[f.verdict], default=None)
    if worst and worst.verdict in ("contradicted", "unsupported"):
        return Judgement(worst.verdict, _CEILING[worst.verdict], worst.why), ""
    return None, worst.why if worst else ""


def _sentences_within(abstract: str, cited: Span) -> list[Span]:
    """The sentences of a cited span; a span that cuts a sentence retains only its part."""
    text = abstract[cited.start : cited.end]
    return [Span(cited.start + s.start, cited.start + s.end) for s in sentences.split(text)]


def _gain(terms: dict[str, float], have: frozenset[str], more: frozenset[str]) -> float:
    """Share of the claim's weight that the stems `more` add to the stems `have`."""
    return sum(weight for stem, weight in terms.items() if stem in more and stem not in have) / sum(terms.values())
