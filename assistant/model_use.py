"""What a language model may be asked beside the rules, and what it was asked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a language model may be asked for one list, table or screening."""

    calls: int = 50
    tokens: int = 200_000
    """Tokens of prompts and replies together."""


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What a language model was asked, and what came of it."""

    model: str
    calls: int
    prompt_tokens: int
    completion_tokens: int
    of: int
    """How many papers (of a list) or cells (of a table) the rules left open."""
    read: int = 0
    """Of how many of these the model said something."""
    accepted: int = 0
    """For how many of these it named words that stand in the paper and that the verifier does not reject."""
    stopped: str = ""
    """The reason why it was not asked about all of them."""

    @property
    def summary(self) -> str:
        """The same in a sentence or two."""
        tokens = self.prompt_tokens + self.completion_tokens
        said = (
            f"{self.model} read {self.read:,} of {self.of:,} open cases in {self.calls:,} call{'s' * (self.calls != 1)} "
            f"({tokens:,} tokens); {self.accepted:,} {'was' if self.accepted == 1 else 'were'} accepted."
        )
        return f"{said} It was stopped: {self.stopped}." if self.stopped else said

    def to_dict(self) -> dict[str, Any]:
        """The `model` of the JSON documents."""
        return asdict(self)
