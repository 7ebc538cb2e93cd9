"""The interface of a judge: a stronger model, asked about the drafted sentences that the packaged verifier leaves in doubt."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.llm.prompt import Prompt
from assistant.types import Heartbeat, Paper, Usage, Verdict
from assistant.verification.verifier import Judgement

_SAYING: dict[Verdict, str] = {
    "supported": "the cited abstracts say this",
    "partial": "the cited abstracts say only part of this",
    "unsupported": "the cited abstracts do not say this",
    "contradicted": "the cited abstracts say otherwise",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sentence that the packaged verifier does not settle."""

    text: str
    numbers: tuple[int, ...]
    """The abstracts that it cites, as they are numbered in the prompt of the draft."""
    papers: tuple[Paper, ...]
    """The papers behind these numbers."""
    judgement: Judgement
    """The verifier's own, with the spans that it found in each paper."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model read and wrote, from which the doubtful sentences come."""

    prompt: Prompt
    abstracts: int
    """Numbered abstracts in the prompt."""
    reply: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """A judge's verdict with its score (0 to 1), and a reason that names the judge."""

    verdict: Verdict
    score: float
    why: str


Judging = Generator["Heartbeat | Usage", None, "list[Opinion | None]"]
"""Yields heartbeats and the tokens used, and returns an opinion for each doubt, in order; None where there is none."""


class Judge(Protocol):
    """Has an opinion on doubtful sentences."""

    def judge(self, doubts: Sequence[Doubt], draft: Draft, deadline: float) -> Judging:
        """Opinions on all doubtful sentences of a draft together, before `deadline` (`time.monotonic`).

        A model that fails, or whose reply cannot be read, has no opinion. Raises SettingsError when it cannot be loaded.
        """


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lowest scores at which a judge's opinion counts as `supported`, and as `partial`."""

    supported: float
    partial: float

    def opinion(self, judge: str, said: Verdict, score: float) -> Opinion:
        """The verdict that the score is worth; below both thresholds, the judge's own word against the sentence."""
        verdict: Verdict = "contradicted" if said == "contradicted" else "unsupported"
        if score >= self.partial:
            verdict = "supported" if score >= self.supported else "partial"
        return Opinion(verdict, score, f"the model {judge} judges that {_SAYING[verdict]}")
