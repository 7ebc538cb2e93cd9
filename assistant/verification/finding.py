"""The input of the verifier's rules, and their objections."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """An objection of one rule to a claim."""

    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Source:
    """The cited text that a claim is compared with, and the paper around it."""

    title: str
    abstract: str
    span: str
