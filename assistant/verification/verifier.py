"""Decides whether a sentence is carried by all that it cites together, and by which spans.

The same sentence always gets the same verdict: no language model takes part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.reading import network
from assistant.reading.evidence import MAX_ABSTRACT, EvidenceFinder, Passage
from assistant.reading.network import Marks, Outcome, Reader
from assistant.text import sentences
from assistant.text.words import squeeze
from assistant.types import Embedder, Span, Verdict
from assistant.verification.finding import Kind
from assistant.verification.observations import MAX_CLAIM, Observation, Observer, Question, Text
from assistant.verification.support_model import SupportModel, packaged

VETOES: dict[Kind, Verdict] = {
    "figure replaced": "contradicted", "figure misplaced": "contradicted", "name replaced": "contradicted",
    "opposite": "contradicted", "roles reversed": "contradicted",
    "figure missing": "unsupported", "name missing": "unsupported",
}  # fmt: skip
"""Findings that end a sentence alone, because they are exact: none of them was made on any of 212 true sentences of a strong
model (`python -m eval.training.fit_support_model`)."""
ABOUT_THE_SAME = 0.5
"""Least cosine with a sentence of the abstract from which that can contradict: an abstract about something else cannot."""
_MARKED = 0.5
"""Probability from which a token is taken as wrong, or as stating what is said."""
_MAX_SPAN_SENTENCES = 3


@dataclass(frozen=True)
class Judgement:
    """A verdict with its score (0 to 1), one short reason to show unless supported, and the spans that it rests on."""

    verdict: Verdict
    score: float
    why: str
    spans: tuple[tuple[Span, ...], ...] = ()
    """The spans of each cited paper, in order; none where a paper contributes nothing."""
    certain: bool = False
    """Whether the verdict holds by construction: a quote, or what stands in no cited abstract."""
    against: float = 0.0
    """The network's probability that what is cited contradicts the sentence; 0 where nothing was read."""
    closeness: float = 0.0
    """Cosine with the closest sentence that was read; 0 likewise."""


class Verifier:
    """The default judge. Thread-safe."""

    def __init__(self, embedder: Embedder, reader: Reader | None = None, model: SupportModel | None = None) -> None:
        """`reader` and `model` replace the packaged ones, for measuring others."""
        self.observer = Observer(EvidenceFinder(embedder), reader or network.shared())
        self._model = model or packaged()

    def judge(self, claim: str, cited: Sequence[Text], context: str = "") -> Judgement:
        """The verdict on `claim` against all of `cited` together; a verbatim quote is always supported.

        `context` is the question or the sentence before, which tells what a pronoun stands for.
        """
        return self.judge_all([Question(claim, cited, context)])[0]

    def judge_all(self, asked: Sequence[Question]) -> list[Judgement]:
        """The verdicts on several sentences, each on its own; faster than one after the other."""
        found = {i: decided for i, q in enumerate(asked) if (decided := _decided(q)) is not None}
        rest = [i for i in range(len(asked)) if i not in found]
        for i, seen in zip(rest, self.observer.observe([asked[i] for i in rest]), strict=True):
            against = 1.0 / (1.0 + math.exp(-seen.outcome.against))
            found[i] = replace(self._judged(asked[i], seen), against=against, closeness=seen.closeness)
        return [found[i] for i in range(len(asked))]

    def settles(self, judgement: Judgement) -> bool:
        """Whether no other judge need be asked: the verdict is certain, or clearly above the threshold of `supported`.

        Clearly: half as likely to be wrong as a sentence at the threshold.
        """
        sure = judgement.verdict == "supported" and judgement.score >= (1.0 + self._model.supported) / 2
        return judgement.certain or sure

    def _judged(self, asked: Question, seen: Observation) -> Judgement:
        score = self._model.probability(seen.features())
        spans = tuple(_spans(p, m) for p, m in zip(seen.passages, seen.outcome.stating, strict=True))
        spans = _with_best(spans, seen)
        veto = next((f for f in seen.findings if f.kind in VETOES), None)
        if veto is not None:
            return Judgement(VETOES[veto.kind], min(score, self._model.partial / 2), veto.why, spans, certain=True)
        if score >= self._model.supported:
            return Judgement("supported", score, "", spans)
        why = _reason(seen)
        if score >= self._model.partial:
            return Judgement("partial", score, why or "the cited passage seems to say only part of this", spans)
        if seen.closeness >= ABOUT_THE_SAME and seen.outcome.logits[1] > seen.outcome.logits[2]:
            return Judgement("contradicted", score, why or "the cited passage seems to say otherwise", spans)
        return Judgement("unsupported", score, why or "the cited passage does not say this", spans)


def quoted(claim: str, cited: Sequence[Text]) -> tuple[tuple[Span, ...], ...] | None:
    """The sentences that hold the claim word for word, for each paper; None where none does. A title counts as said."""
    wanted = squeeze(claim)
    if len(wanted) <= 3:
        return None
    found = []
    for title, abstract in cited:
        parts = sentences.split(abstract[:MAX_ABSTRACT])
        held = next((s for s in parts if wanted in squeeze(abstract[s.start : s.end])), None)
        if held is None and wanted in squeeze(abstract):
            held = _run(wanted, abstract, parts)
        if held is None and wanted == squeeze(title) and parts:
            held = parts[0]
        found.append((held,) if held else ())
    return tuple(found) if any(found) else None


def _decided(asked: Question) -> Judgement | None:
    """The verdict where there is nothing to read."""
    claim, none = asked.claim[:MAX_CLAIM], tuple(() for _ in asked.cited)
    if not claim.strip():
        return Judgement("unsupported", 0.0, "the sentence is empty", none, certain=True)
    if not any(abstract.strip() for _, abstract in asked.cited):
        return Judgement("unsupported", 0.0, "no passage is cited", none, certain=True)
    spans = quoted(claim, asked.cited)
    return None if spans is None else Judgement("supported", 1.0, "", spans, certain=True)


def _run(wanted: str, abstract: str, parts: Sequence[Span]) -> Span | None:
    """The shortest run of sentences that holds the text."""
    for size in range(2, len(parts) + 1):
        for i in range(len(parts) - size + 1):
            if wanted in squeeze(abstract[parts[i].start : parts[i + size - 1].end]):
                return Span(parts[i].start, parts[i + size - 1].end)
    return None


def _spans(passage: Passage, marks: Marks) -> tuple[Span, ...]:
    """The sentences in which tokens are marked, best first up to a limit, with neighbours joined."""
    scored = [(v, i) for i, v in enumerate(passage.strengths(marks)) if v >= _MARKED]
    chosen = sorted(i for _, i in sorted(scored, reverse=True)[:_MAX_SPAN_SENTENCES])
    return _joined([passage.spans[i] for i in chosen])


def _with_best(spans: tuple[tuple[Span, ...], ...], seen: Observation) -> tuple[tuple[Span, ...], ...]:
    """The spans, with the strongest sentence of all where nothing is marked."""
    if any(spans):
        return spans
    best = max(
        ((v, -n, -i) for n, p in enumerate(seen.passages) for i, v in enumerate(p.strengths(seen.outcome.stating[n]))),
        default=None,
    )
    if best is None:
        return spans
    at, i = -best[1], -best[2]
    return tuple((p.spans[i],) if n == at else () for n, p in enumerate(seen.passages))


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans with at most a space between them become one."""
    found: list[Span] = []
    for span in spans:
        if found and span.start - found[-1].end <= 1:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return tuple(found)


def _reason(seen: Observation) -> str:
    """What a rule found, or the words that the network takes for wrong; '' where neither says anything."""
    if seen.findings:
        return seen.findings[0].why
    words = wrong_words(seen.read, seen.outcome)
    return f"the cited passage does not seem to say “{words}”" if words else ""


def wrong_words(text: str, outcome: Outcome) -> str:
    """The run of whole words around the token that is most surely wrong; '' where none is."""
    offsets, values = outcome.wrong
    if not len(values) or values.max() < _MARKED:
        return ""
    first = last = int(values.argmax())
    while first > 0 and (values[first - 1] >= _MARKED or offsets[first - 1][1] == offsets[first][0]):
        first -= 1
    while last + 1 < len(values) and (values[last + 1] >= _MARKED or offsets[last + 1][0] == offsets[last][1]):
        last += 1
    return text[offsets[first][0] : offsets[last][1]].strip(" .,;:")
