"""The input of the verifier's rules, and their objections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "figure missing", "figure elsewhere", "figure rounded", "figure replaced", "figure misplaced", "count implied",
    "name missing", "name elsewhere", "name replaced", "opposite", "roles reversed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """An observation of one rule that speaks against a claim."""

    kind: Kind
    why: str
    about: str = ""
    """The figure or name of the claim; '' for its direction."""


@dataclass(frozen=True, slots=True)
class Source:
    """The cited text that a claim is compared with, and the paper around it."""

    title: str
    abstract: str
    span: str
