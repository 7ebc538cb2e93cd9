"""A fact of a paper: what it states, and the exact span that states it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from assistant.text.names import name_key

Kind = Literal[
    "task", "method", "data", "result", "compared with", "limitation", "code", "saving", "sample size", "paper kind"
]
Where = Literal["abstract", "title"]


@dataclass(frozen=True, slots=True)
class Fact:
    """`quote` is `abstract[start:end]`, or `title[start:end]` where `where` is `title`."""

    kind: Kind
    value: str
    """The fact in short: the words of the quote, or for `code` and `paper kind` a term such as `survey`."""
    quote: str
    start: int
    end: int
    where: Where = "abstract"
    details: tuple[tuple[str, str], ...] = ()
    """Parts of it by name: a result has `metric`, `figure`, `unit` and `dataset` as far as they are stated."""
    found_by: str = ""
    """The language model that found it; empty for the rules. Such facts are not stored."""

    @property
    def key(self) -> str:
        """The value, equal for all spellings of a name: "CIFAR-10" and "cifar10"."""
        return name_key(self.value)

    def to_dict(self) -> dict[str, Any]:
        """The row of `assistant facts --json`; `in` only where the quote stands in the title."""
        row: dict[str, Any] = {
            "kind": self.kind,
            "value": self.value,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
        }
        if self.where == "title":
            row["in"] = "title"
        row |= {"details": dict(self.details)} if self.details else {}
        return row | ({"found_by": self.found_by} if self.found_by else {})
