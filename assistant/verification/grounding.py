"""The grounding check: binds a drafted sentence to the exact spans that carry it, or removes it with a reason."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass

from assistant.citations import Marked
from assistant.documents.identity import title_key
from assistant.injections.screening import safe_title
from assistant.types import Evidence, Heartbeat, Paper, Removed, Span, Usage, Verdict
from assistant.verification.judges import Doubt, Draft, Judge, Opinion
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
_ADDRESS = re.compile(r"(?i)\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.\w[\w.-]*|\+\d[\d ()/-]{6,}\d")


@dataclass(frozen=True, slots=True)
class GroundedSentence:
    """A sentence that may be shown, with its verdict and the spans that support it."""

    text: str
    evidence: tuple[Evidence, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A sentence that a judge is to be asked about; where the judge has no opinion, `outcome` holds."""

    outcome: GroundedSentence | Removed
    doubt: Doubt


Checked = GroundedSentence | Removed | Doubtful
Settling = Generator[Heartbeat | Usage, None, "list[GroundedSentence | Removed]"]
"""Yields the heartbeats and tokens of the judge, and returns the outcomes."""


class GroundingCheck:
    """Checks the sentences of one answer against the numbered abstracts that the model read."""

    def __init__(self, verifier: Verifier, judge: Judge | None, papers: Sequence[Paper], question: str) -> None:
        """`judge` is asked about sentences that `verifier` leaves in doubt; without one, the verifier decides alone."""
        self._verifier = verifier
        self._judge = judge
        self._papers = papers
        self._before = question
        """What a pronoun of the next sentence may stand for."""

    def check(self, marked: Marked) -> Checked:
        """Binds the sentence to the spans that carry it, in all papers that it cites together, or else in another one.

        A number without an abstract neither helps nor harms: the sentence has to find support like any other,
        and the unknown number is named when it fails.
        """
        if self._only_titles(marked.text):
            return Removed(marked.text, "unsupported", "only repeats titles")
        if _SELF_TALK.match(marked.text):
            return Removed(marked.text, "unsupported", "speaks of the answer instead of what the abstracts say")
        if (address := self._unknown_address(marked.text)) is not None:
            return Removed(marked.text, "unsupported", f"no abstract holds the address {address}")
        numbers = known = self._known(marked)
        context, self._before = self._before, marked.text
        judgement = self._verifier.judge(marked.text, self._texts(known), context) if known else None
        if judgement is None or judgement.verdict == "unsupported":
            number, other = self._supporting(marked.text, known, context)
            if other is not None:
                numbers, judgement = [number], other
        if judgement is None:
            why = "no abstract is cited for it and none states it"
            return Removed(marked.text, "unsupported", self._unknown(marked) + why)
        doubt = Doubt(marked.text, tuple(numbers), tuple(self._papers[n - 1] for n in numbers), judgement)
        outcome = _outcome(doubt, judgement.verdict, self._unknown(marked) + judgement.why)
        settled = self._judge is None or self._verifier.settles(judgement)
        return outcome if settled else Doubtful(outcome, doubt)

    def settle(self, checked: Sequence[Checked], draft: Draft | None, deadline: float) -> Settling:
        """The final outcomes, in order: the judge is asked once about all doubtful sentences of the draft together.

        Without a draft, because its model failed, the verifier's verdicts hold.
        """
        doubts = [c.doubt for c in checked if isinstance(c, Doubtful)]
        opinions: list[Opinion | None] = [None] * len(doubts)
        if self._judge is not None and draft is not None and doubts:
            opinions = yield from self._judge.judge(doubts, draft, deadline)
        rest = iter(opinions)
        return [_settled(c, next(rest)) if isinstance(c, Doubtful) else c for c in checked]

    def nearest(self, marked: Marked) -> tuple[int, Paper] | None:
        """Number and paper of the first abstract that the sentence cites, or of the one that carries it best."""
        known = self._known(marked)
        if not known and self._papers:
            judged = self._alone(marked.text, range(1, len(self._papers) + 1), "")
            known = [max(judged, key=lambda n: judged[n].score)]
        return (known[0], self._papers[known[0] - 1]) if known else None

    def _known(self, marked: Marked) -> list[int]:
        return [n for n in marked.numbers if 1 <= n <= len(self._papers)]

    def _unknown(self, marked: Marked) -> str:
        """The beginning of a reason: which numbers stand for no abstract."""
        unknown = [f"[{n}]" for n in marked.numbers if not 1 <= n <= len(self._papers)]
        return f"cites {', '.join(unknown)}, which does not exist; " if unknown else ""

    def _texts(self, numbers: Iterable[int]) -> list[Text]:
        return [Text(self._papers[n - 1].title, self._papers[n - 1].abstract) for n in numbers]

    def _unknown_address(self, text: str) -> str | None:
        """A link, mail address or telephone number that stands in no abstract; words around it must not make it pass."""
        held = [paper.abstract.casefold() for paper in self._papers]
        found = (match[0].rstrip(".,;:!?)") for match in _ADDRESS.finditer(text))
        return next((a for a in found if not any(a.casefold() in abstract for abstract in held)), None)

    def _only_titles(self, text: str) -> bool:
        """Whether the text only lists titles, as weak models like to do; that states nothing."""
        whole = rest = title_key(text)
        for paper in self._papers:
            rest = rest.replace(title_key(paper.title), "")
        return rest != whole and len(rest.split()) < _FEWEST_WORDS

    def _supporting(self, text: str, known: Sequence[int], context: str) -> tuple[int, Judgement | None]:
        """The paper among the others that supports the text best, with the judgement; None where none does."""
        judged = self._alone(text, [n for n in range(1, len(self._papers) + 1) if n not in known], context)
        supporting = {n: judgement for n, judgement in judged.items() if judgement.verdict == "supported"}
        best = max(supporting, key=lambda n: supporting[n].score, default=0)
        return best, supporting.get(best)

    def _alone(self, text: str, numbers: Iterable[int], context: str) -> dict[int, Judgement]:
        """The judgement against each paper alone."""
        numbers = list(numbers)
        asked = [Question(text, self._texts([n]), context) for n in numbers]
        return dict(zip(numbers, self._verifier.judge_all(asked), strict=True))


def evidence(paper: Paper, span: Span) -> Evidence:
    """The exact text of a span of a stored abstract."""
    return Evidence(paper.paper_id, safe_title(paper), paper.abstract[span.start : span.end], span.start, span.end)


def _settled(doubtful: Doubtful, opinion: Opinion | None) -> GroundedSentence | Removed:
    """The outcome by the judge's opinion; a sentence without any span cannot be shown, whoever supports it."""
    doubt, own = doubtful.doubt, doubtful.doubt.judgement
    if opinion is None or (opinion.verdict in SHOWN and not any(own.spans)):
        return doubtful.outcome
    agrees = opinion.verdict == own.verdict and own.why
    return _outcome(doubt, opinion.verdict, f"{own.why}; {opinion.why}" if agrees else opinion.why)


def _outcome(doubt: Doubt, verdict: Verdict, why: str) -> GroundedSentence | Removed:
    if verdict not in SHOWN:
        return Removed(doubt.text, verdict, why)
    spans = zip(doubt.papers, doubt.judgement.spans, strict=True)
    return GroundedSentence(doubt.text, tuple(evidence(p, span) for p, found in spans for span in found), verdict)
