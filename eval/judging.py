"""Judges whether a citation supports a sentence with `Assistant.check`, and measures the error of that judge."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant import Answer, Assistant, AssistantError, Citation, ClaimCheck
from eval import statistics
from eval.citations import Supports

CLAIMS = Path(__file__).parent / "claims.jsonl"

Judge = Callable[[Answer], Supports]
"""Makes, for one answer, what decides whether its citations support a sentence."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence about one paper of the sample, written by us, and whether its abstract states all of it."""

    id: str
    split: str
    paper_id: str
    claim: str
    label: Literal["supported", "contradicted", "not stated"]


def load_claims(path: Path = CLAIMS, split: str = "all") -> list[Claim]:
    """The labelled claims of a split. Raises ValueError for a malformed line."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    try:
        claims = [Claim(**row) for row in rows]
    except TypeError as error:
        raise ValueError(f"{path}: {error}") from None
    return [claim for claim in claims if split in ("all", claim.split)]


class VerifierJudge:
    """The product's verifier: a sentence is supported when a cited paper states all of it within the cited span.

    It does not see support that only several papers give together, so recall is a lower bound. `partial` is no support.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._seen: dict[tuple[str, str], ClaimCheck | None] = {}

    def __call__(self, answer: Answer) -> Supports:
        by_number = {c.n: c for c in answer.citations}

        def supports(sentence: str, numbers: tuple[int, ...]) -> bool | None:
            found = [self._states(sentence, by_number[n]) for n in numbers]
            return True if True in found else None if None in found else False

        return supports

    def _states(self, sentence: str, citation: Citation) -> bool | None:
        check = self.check(sentence, citation.paper_id)
        if check is None:
            return None
        met = any(e.start < citation.end and citation.start < e.end for e in check.evidence)
        return check.verdict == "supported" and met

    def check(self, claim: str, paper_id: str) -> ClaimCheck | None:
        """The product's verdict on a claim against one paper, each computed once; None when the check fails."""
        if (claim, paper_id) not in self._seen:
            try:
                self._seen[claim, paper_id] = self._assistant.check(claim, paper_id)
            except AssistantError:
                self._seen[claim, paper_id] = None
        return self._seen[claim, paper_id]


def error(judge: VerifierJudge, claims: list[Claim], abstracts: Mapping[str, str]) -> dict[str, Any]:
    """How often the judge is wrong on the claims whose paper is in the library.

    `accepted_wrongly`: share of the claims that the abstract does not state, called supported; `refused_wrongly`: share
    of the stated ones, not called so; by label, and `balanced_accuracy`. Figures with n; None where none is held.
    """
    checks = [(c, judge.check(c.claim, c.paper_id)) for c in claims if c.paper_id in abstracts]
    rows = [(c, None if check is None else check.verdict == "supported") for c, check in checks]
    scored = [(c, accepted) for c, accepted in rows if accepted is not None]
    wrong = {
        label: [float(accepted != (label == "supported")) for c, accepted in scored if c.label == label]
        for label in ("supported", "contradicted", "not stated")
    }
    return {
        "claims": len(rows),
        "unscored": len(rows) - len(scored),
        "refused_wrongly": statistics.to_dict(statistics.figure(wrong["supported"])),
        "accepted_wrongly": statistics.to_dict(statistics.figure([*wrong["contradicted"], *wrong["not stated"]])),
        "balanced_accuracy": statistics.rounded(
            statistics.balanced_accuracy([a for _, a in scored], [c.label == "supported" for c, _ in scored])
        ),
    }
