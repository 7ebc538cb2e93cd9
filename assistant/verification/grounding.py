"""Every drafted sentence passes here before it is shown: bound to an exact span, judged, or removed with a reason.

Knows nothing about where a draft came from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citations import Marked
from assistant.documents.identity import title_key
from assistant.types import Evidence, Paper, Removed, Span, Verdict
from assistant.verification.verifier import Judgement, SupportJudge, Verifier

_FEWEST_WORDS = 3
"""Beside the titles in it, without which a sentence says nothing."""
_SELF_TALK = re.compile(
    r"(?i)\W*(?:this|the|my)\s+(?:above\s+)?(?:sentence|question|answer|response|citation|prompt)s?\b"
)
"""Weak models describe their task; the words of the abstract around it must not carry that through."""
_RANK: dict[Verdict, int] = {"supported": 0, "partial": 1, "contradicted": 2, "unsupported": 3}


@dataclass(frozen=True, slots=True)
class GroundedSentence:
    """A sentence that may be shown, with the spans that carry it and its verdict."""

    text: str
    evidence: tuple[Evidence, ...]
    verdict: Verdict
    corrected: bool = False
    """True when another abstract than the cited one carries it."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paper under the number by which the model knows it."""

    number: int
    paper: Paper


class GroundingCheck:
    """Judges the sentences of one answer against the abstracts that the model was given."""

    def __init__(self, verifier: Verifier, judge: SupportJudge, papers: Sequence[Paper]) -> None:
        """`verifier` finds the span, `judge` gives the verdict (it may be the same, or a stronger one)."""
        self._verifier = verifier
        self._judge = judge
        self._papers = papers

    def judge(self, marked: Marked) -> GroundedSentence | Removed:
        """Binds the sentence to the smallest span that carries it, first in the papers it cites, then in the others.

        A number that stands for no abstract takes away nothing and gives nothing: the sentence has to find its
        support like any other, and the unknown number is named when it fails.
        """
        if self._only_titles(marked.text):
            return Removed(marked.text, "unsupported", "only repeats titles")
        if _SELF_TALK.match(marked.text):
            return Removed(marked.text, "unsupported", "speaks of the answer instead of what the abstracts say")
        known = [n for n in marked.numbers if 1 <= n <= len(self._papers)]
        unknown = [n for n in marked.numbers if n not in known]
        cited = [self._best(marked.text, self._papers[n - 1]) for n in known]
        good = [(j, e) for j, e in cited if e and j.verdict in ("supported", "partial")]
        if good:
            verdict = min((j.verdict for j, _ in good), key=_RANK.__getitem__)
            return GroundedSentence(marked.text, tuple(x for _, e in good for x in e), verdict)
        contradicted = next((j for j, _ in cited if j.verdict == "contradicted"), None)
        others = [self._best(marked.text, p) for i, p in enumerate(self._papers, 1) if i not in known]
        supported = [(j, e) for j, e in others if e and j.verdict == "supported"]
        if supported and contradicted is None:
            judgement, evidence = max(supported, key=lambda pair: pair[0].score)
            return GroundedSentence(marked.text, evidence, judgement.verdict, corrected=True)
        return self._removed(marked, contradicted or (cited[0][0] if cited else None), unknown)

    def _only_titles(self, text: str) -> bool:
        """Weak models like to list the titles that they were given; that is no statement."""
        said = rest = title_key(text)
        for paper in self._papers:
            rest = rest.replace(title_key(paper.title), "")
        return rest != said and len(rest.split()) < _FEWEST_WORDS

    def nearest(self, marked: Marked) -> Numbered | None:
        """The first paper that the sentence cites, or else the one that carries most of it; None when none does."""
        for n in marked.numbers:
            if 1 <= n <= len(self._papers):
                return Numbered(n, self._papers[n - 1])
        rows = [(self._best(marked.text, p), n) for n, p in enumerate(self._papers, 1)]
        found = [(judgement.score, n) for (judgement, spans), n in rows if spans]
        return Numbered(max(found)[1], self._papers[max(found)[1] - 1]) if found else None

    def _best(self, text: str, paper: Paper) -> tuple[Judgement, tuple[Evidence, ...]]:
        spans = self._verifier.locate(text, paper.title, paper.abstract)
        judgement = self._judge.judge(text, paper.title, paper.abstract, spans)
        return judgement, tuple(evidence(paper, s) for s in spans)

    @staticmethod
    def _removed(marked: Marked, judgement: Judgement | None, unknown: Sequence[int]) -> Removed:
        why = judgement.why if judgement else "no abstract is cited for it and none states it"
        if unknown:
            listed = ", ".join(f"[{n}]" for n in unknown)
            why = f"cites {listed}, which does not exist; {why}"
        return Removed(marked.text, judgement.verdict if judgement else "unsupported", why)


def evidence(paper: Paper, span: Span) -> Evidence:
    """The exact text of a span of a stored abstract."""
    return Evidence(paper.paper_id, paper.title, paper.abstract[span.start : span.end], span.start, span.end)
