"""The grounding check: binds a drafted sentence to the exact span that supports it, or removes it with a reason."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from assistant.citations import Marked
from assistant.documents.identity import title_key
from assistant.types import Evidence, Heartbeat, Paper, Removed, Span, Usage, Verdict
from assistant.verification.judges import Judge
from assistant.verification.verifier import Judgement, Verifier

_FEWEST_WORDS = 3
"""Fewest words beside the titles in a sentence; with fewer it states nothing."""
_SELF_TALK = re.compile(
    r"(?i)\W*(?:this|the|my)\s+(?:above\s+)?(?:sentence|question|answer|response|citation|prompt)s?\b"
)
"""Weak models describe their task; words of the abstract around such a remark must not make it pass."""

Grounding = Generator["Heartbeat | Usage", None, "GroundedSentence | Removed"]
"""Yields the heartbeats and tokens of the judge, and returns the outcome."""


@dataclass(frozen=True, slots=True)
class GroundedSentence:
    """A sentence that may be shown, with its verdict and the spans that support it."""

    text: str
    evidence: tuple[Evidence, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class _Finding:
    """The spans of one paper that best support a sentence, with the verdict on them."""

    number: int
    paper: Paper
    spans: tuple[Span, ...]
    judgement: Judgement

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(evidence(self.paper, span) for span in self.spans)


class GroundingCheck:
    """Checks the sentences of one answer against the numbered abstracts that the model read."""

    def __init__(self, verifier: Verifier, judge: Judge, papers: Sequence[Paper], deadline: float) -> None:
        """`verifier` locates spans; `judge` gives the verdict, within the `deadline` of the answer."""
        self._verifier = verifier
        self._judge = judge
        self._papers = papers
        self._deadline = deadline

    def check(self, marked: Marked) -> Grounding:
        """Binds the sentence to the smallest span that supports it, first in the papers it cites, then in the others.

        A number without an abstract neither helps nor harms: the sentence has to find support like any other,
        and the unknown number is named when it fails.
        """
        if self._only_titles(marked.text):
            return Removed(marked.text, "unsupported", "only repeats titles")
        if _SELF_TALK.match(marked.text):
            return Removed(marked.text, "unsupported", "speaks of the answer instead of what the abstracts say")
        known = self._known(marked)
        cited = []
        for number in known:
            cited.append((yield from self._judged(marked.text, number)))
        supporting = [f for f in cited if f.spans and f.judgement.verdict in ("supported", "partial")]
        if supporting:
            verdict: Verdict = "supported" if any(f.judgement.verdict == "supported" for f in supporting) else "partial"
            return GroundedSentence(marked.text, tuple(e for f in supporting for e in f.evidence), verdict)
        contradicted = next((f.judgement for f in cited if f.judgement.verdict == "contradicted"), None)
        other = None if contradicted else (yield from self._supported_elsewhere(marked, known))
        if other is not None:
            return GroundedSentence(marked.text, other.evidence, other.judgement.verdict)
        return _removed(marked, contradicted or (cited[0].judgement if cited else None), known)

    def nearest(self, marked: Marked) -> tuple[int, Paper] | None:
        """Number and paper of the first abstract that the sentence cites, or of the one that supports it best."""
        if known := self._known(marked):
            return known[0], self._papers[known[0] - 1]
        found = [f for f in self._located(marked.text) if f.spans]
        best = max(found, key=lambda f: (f.judgement.score, f.number), default=None)
        return (best.number, best.paper) if best else None

    def _known(self, marked: Marked) -> list[int]:
        return [n for n in marked.numbers if 1 <= n <= len(self._papers)]

    def _only_titles(self, text: str) -> bool:
        """Whether the text only lists titles, as weak models like to do; that states nothing."""
        whole = rest = title_key(text)
        for paper in self._papers:
            rest = rest.replace(title_key(paper.title), "")
        return rest != whole and len(rest.split()) < _FEWEST_WORDS

    def _supported_elsewhere(
        self, marked: Marked, known: Sequence[int]
    ) -> Generator[Heartbeat | Usage, None, _Finding | None]:
        """The uncited paper that the verifier finds best; the judge, which may be slow, is asked about that one alone."""
        located = [f for f in self._located(marked.text, known) if f.spans]
        supported = [f for f in located if f.judgement.verdict == "supported"]
        if not supported:
            return None
        best = max(supported, key=lambda f: f.judgement.score)
        judged = yield from self._judged(marked.text, best.number)
        return judged if judged.judgement.verdict == "supported" else None

    def _located(self, text: str, but: Sequence[int] = ()) -> Iterator[_Finding]:
        """The verifier's own finding for each paper, except the numbers in `but`."""
        for number, paper in enumerate(self._papers, 1):
            if number not in but:
                spans = self._verifier.locate(text, paper.title, paper.abstract)
                judgement = self._verifier.judge(text, paper.title, paper.abstract, spans)
                yield _Finding(number, paper, spans, judgement)

    def _judged(self, text: str, number: int) -> Generator[Heartbeat | Usage, None, _Finding]:
        paper = self._papers[number - 1]
        spans = self._verifier.locate(text, paper.title, paper.abstract)
        judgement = yield from self._judge.judge(text, paper, spans, self._deadline)
        return _Finding(number, paper, spans, judgement)


def evidence(paper: Paper, span: Span) -> Evidence:
    """The exact text of a span of a stored abstract."""
    return Evidence(paper.paper_id, paper.title, paper.abstract[span.start : span.end], span.start, span.end)


def _removed(marked: Marked, judgement: Judgement | None, known: Sequence[int]) -> Removed:
    why = judgement.why if judgement else "no abstract is cited for it and none states it"
    unknown = [f"[{n}]" for n in marked.numbers if n not in known]
    if unknown:
        why = f"cites {', '.join(unknown)}, which does not exist; {why}"
    return Removed(marked.text, judgement.verdict if judgement else "unsupported", why)
