"""The grounding check: binds a drafted sentence to the exact spans that carry it, or removes it with a reason."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass

from assistant.citations import Marked
from assistant.documents.identity import title_key
from assistant.types import Evidence, Heartbeat, Paper, Removed, Span, Usage, Verdict
from assistant.verification.judges import Judge, Judging
from assistant.verification.observations import Question, Text
from assistant.verification.verifier import Judgement, Verifier

SHOWN: tuple[Verdict, ...] = ("supported", "partial")
"""Verdicts of sentences that are shown; a partly supported one is marked."""

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


class GroundingCheck:
    """Checks the sentences of one answer against the numbered abstracts that the model read."""

    def __init__(
        self, verifier: Verifier, judge: Judge, papers: Sequence[Paper], deadline: float, question: str = ""
    ) -> None:
        """`judge` gives the verdict, within the `deadline` of the answer; `verifier` finds papers that a sentence omits."""
        self._verifier = verifier
        self._judge = judge
        self._papers = papers
        self._deadline = deadline
        self._before = question
        """What a pronoun of the next sentence may stand for."""

    def check(self, marked: Marked) -> Grounding:
        """Binds the sentence to the spans that carry it, in all papers that it cites together, or else in another one.

        A number without an abstract neither helps nor harms: the sentence has to find support like any other,
        and the unknown number is named when it fails.
        """
        if self._only_titles(marked.text):
            return Removed(marked.text, "unsupported", "only repeats titles")
        if _SELF_TALK.match(marked.text):
            return Removed(marked.text, "unsupported", "speaks of the answer instead of what the abstracts say")
        known = self._known(marked)
        context, self._before = self._before, marked.text
        judgement = (yield from self._judged(marked.text, known, context)) if known else None
        if judgement is not None and judgement.verdict in SHOWN:
            return self._grounded(marked.text, known, judgement)
        if judgement is None or judgement.verdict != "contradicted":
            number = self._supporting(marked.text, known, context)
            other = (yield from self._judged(marked.text, [number], context)) if number else None
            if number and other is not None and other.verdict == "supported":
                return self._grounded(marked.text, [number], other)
        return _removed(marked, judgement, known)

    def nearest(self, marked: Marked) -> tuple[int, Paper] | None:
        """Number and paper of the first abstract that the sentence cites, or of the one that carries it best."""
        known = self._known(marked)
        if not known and self._papers:
            judged = self._alone(marked.text, range(1, len(self._papers) + 1), "")
            known = [max(judged, key=lambda n: judged[n].score)]
        return (known[0], self._papers[known[0] - 1]) if known else None

    def _known(self, marked: Marked) -> list[int]:
        return [n for n in marked.numbers if 1 <= n <= len(self._papers)]

    def _only_titles(self, text: str) -> bool:
        """Whether the text only lists titles, as weak models like to do; that states nothing."""
        whole = rest = title_key(text)
        for paper in self._papers:
            rest = rest.replace(title_key(paper.title), "")
        return rest != whole and len(rest.split()) < _FEWEST_WORDS

    def _supporting(self, text: str, known: Sequence[int], context: str) -> int | None:
        """The paper among the others that the verifier finds best; the judge, which may be slow, is asked about it alone."""
        judged = self._alone(text, [n for n in range(1, len(self._papers) + 1) if n not in known], context)
        supporting = [n for n, judgement in judged.items() if judgement.verdict == "supported"]
        return max(supporting, key=lambda n: judged[n].score, default=None)

    def _alone(self, text: str, numbers: Iterable[int], context: str) -> dict[int, Judgement]:
        """The verifier's own judgement against each paper alone."""
        numbers = list(numbers)
        asked = [Question(text, [_text(self._papers[n - 1])], context) for n in numbers]
        return dict(zip(numbers, self._verifier.judge_all(asked), strict=True))

    def _judged(self, text: str, numbers: Sequence[int], context: str) -> Judging:
        papers = [self._papers[n - 1] for n in numbers]
        return (yield from self._judge.judge(text, papers, context, self._deadline))

    def _grounded(self, text: str, numbers: Sequence[int], judgement: Judgement) -> GroundedSentence:
        papers = [self._papers[n - 1] for n in numbers]
        found = [evidence(p, span) for p, spans in zip(papers, judgement.spans, strict=True) for span in spans]
        return GroundedSentence(text, tuple(found), judgement.verdict)


def evidence(paper: Paper, span: Span) -> Evidence:
    """The exact text of a span of a stored abstract."""
    return Evidence(paper.paper_id, paper.title, paper.abstract[span.start : span.end], span.start, span.end)


def _text(paper: Paper) -> Text:
    return Text(paper.title, paper.abstract)


def _removed(marked: Marked, judgement: Judgement | None, known: Sequence[int]) -> Removed:
    why = judgement.why if judgement else "no abstract is cited for it and none states it"
    unknown = [f"[{n}]" for n in marked.numbers if n not in known]
    if unknown:
        why = f"cites {', '.join(unknown)}, which does not exist; {why}"
    return Removed(marked.text, judgement.verdict if judgement else "unsupported", why)
