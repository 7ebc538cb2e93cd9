"""Is this sentence supported by that span? Rules on figures, names and direction first, then a small scorer.

Every drafted sentence passes here before a reader sees it. No language model, nothing fetched: the same
sentence gets the same verdict every time. Knows nothing about retrieval, drafting or citation numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.text import sentences
from assistant.text.words import stems
from assistant.types import Embedder, Span, Verdict
from assistant.verification import rules
from assistant.verification.nli import ADAPTER, Entailment
from assistant.verification.support_model import Scorer

_SEVERITY: dict[Verdict, int] = {"supported": 0, "partial": 1, "unsupported": 2, "contradicted": 3}
_CEILING: dict[Verdict, float] = {"supported": 1.0, "partial": 0.5, "unsupported": 0.1, "contradicted": 0.0}
_MAX_CLAIM = 2_000
_MAX_TEXT = 20_000
"""Characters of an abstract that are read; ten times the usual length."""
_RUN = 3
_GAIN = 0.12
"""Share of the claim's words that a neighbouring sentence must add to join the located run."""


@dataclass(frozen=True)
class Judgement:
    """A verdict with its score (0 to 1) and, unless supported, one short reason for the reader."""

    verdict: Verdict
    score: float
    why: str


class SupportJudge(Protocol):
    """Anything that can say whether spans of an abstract support a sentence."""

    def judge(self, claim: str, title: str, abstract: str, spans: Sequence[Span]) -> Judgement:
        """The verdict on `claim` against the cited `spans` of `abstract`."""


class Verifier:
    """The default judge."""

    def __init__(self, embedder: Embedder, scorer: Scorer | None = None) -> None:
        self._scorer = scorer or Scorer(embedder, Entailment() if ADAPTER.exists() else None)

    def judge(self, claim: str, title: str, abstract: str, spans: Sequence[Span]) -> Judgement:
        """The verdict on `claim` against the cited `spans`; a verbatim quote is always supported."""
        decided, doubt = self._rule(claim, title, abstract, spans)
        if decided is not None:
            return decided
        lines = [abstract[s.start : s.end] for cited in spans for s in _within(abstract, cited)]
        scored = self._scorer.score(claim[:_MAX_CLAIM], title, lines)
        model = self._scorer.model
        if scored.value < model.partial and scored.opposed:
            return Judgement("contradicted", scored.value, "the cited passage seems to say otherwise")
        if scored.value < model.partial:
            return Judgement("unsupported", scored.value, "the cited passage does not say this")
        if doubt:
            return Judgement("partial", min(scored.value, _CEILING["partial"]), doubt)
        if scored.value < model.supported:
            return Judgement("partial", scored.value, "the cited passage says only part of this")
        return Judgement("supported", scored.value, "")

    def rule(self, claim: str, title: str, abstract: str, spans: Sequence[Span]) -> Judgement | None:
        """What the rules alone decide: a quote is supported, a wrong figure, name or direction is not; else None."""
        return self._rule(claim, title, abstract, spans)[0]

    @staticmethod
    def _rule(claim: str, title: str, abstract: str, spans: Sequence[Span]) -> tuple[Judgement | None, str]:
        """The rules' verdict, or None and what they hold against the claim being more than partly supported."""
        claim = claim[:_MAX_CLAIM]
        span = " ".join(abstract[s.start : s.end] for s in spans)[:_MAX_TEXT]
        if not claim.strip():
            return Judgement("unsupported", 0.0, "the sentence is empty"), ""
        if not span.strip():
            return Judgement("unsupported", 0.0, "no passage is cited"), ""
        source = rules.Source(title, abstract[:_MAX_TEXT], span)
        if rules.is_quote(claim, source):
            return Judgement("supported", 1.0, ""), ""
        worst = max(rules.findings(claim, source), key=lambda f: _SEVERITY[f.verdict], default=None)
        if worst and worst.verdict in ("contradicted", "unsupported"):
            return Judgement(worst.verdict, _CEILING[worst.verdict], worst.why), ""
        return None, worst.why if worst else ""

    def locate(self, claim: str, title: str, abstract: str) -> tuple[Span, ...]:
        """The smallest run of 1 to 3 consecutive sentences that best carries the claim; empty if none does."""
        parts = sentences.split(abstract)
        lines = [abstract[s.start : s.end] for s in parts]
        claim = claim[:_MAX_CLAIM]
        for part, line in zip(parts, lines, strict=True):
            if rules.is_quote(claim, rules.Source("", abstract, line)):
                return (part,)
        terms = self._scorer.terms(claim)
        if not terms or not lines or not any(terms.keys() & stems(line) for line in lines):
            return ()
        scores = self._scorer.carried(claim, title, lines)
        first = last = max(range(len(lines)), key=scores.__getitem__)
        while last - first + 1 < _RUN:
            have = frozenset().union(*(stems(line) for line in lines[first : last + 1])) | stems(title)
            gains = {i: _gain(terms, have, stems(lines[i])) for i in (first - 1, last + 1) if 0 <= i < len(lines)}
            best = max(gains, key=gains.__getitem__, default=-1)
            if not gains or gains[best] < _GAIN:
                break
            first, last = min(first, best), max(last, best)
        return (Span(parts[first].start, parts[last].end),)

    def check(self, claim: str, papers: Sequence[tuple[str, str]]) -> list[tuple[Judgement, tuple[Span, ...]]]:
        """A reader's own sentence against whole abstracts, as (title, abstract); one row a paper, in order."""
        rows = []
        for title, abstract in papers:
            spans = self.locate(claim, title, abstract)
            if spans:
                rows.append((self.judge(claim, title, abstract, spans), spans))
            else:
                rows.append((Judgement("unsupported", 0.0, "the abstract does not speak of this"), spans))
        return rows


def _within(abstract: str, cited: Span) -> list[Span]:
    """The sentences of a cited span; a span that cuts a sentence keeps only its part."""
    text = abstract[cited.start : cited.end]
    return [Span(cited.start + s.start, cited.start + s.end) for s in sentences.split(text)]


def _gain(terms: dict[str, float], have: frozenset[str], more: frozenset[str]) -> float:
    return sum(weight for stem, weight in terms.items() if stem in more and stem not in have) / sum(terms.values())
