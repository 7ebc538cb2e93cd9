"""The answer to "how many" and "which ones": every paper that states a criterion, with the span that shows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from assistant.model_use import ModelUse

Where = Literal["abstract", "title"]


def span_dict(row: dict[str, Any]) -> dict[str, Any]:
    """A row with a span as it is written: only one in the title says where it is, with `"in": "title"`, and only what a
    language model read says so, with `"judged_by"`."""
    where = row.pop("where")
    if not row.get("judged_by", True):
        del row["judged_by"]
    return {**row, "in": "title"} if where == "title" else row


@dataclass(frozen=True, slots=True)
class ListedPaper:
    """A paper and its span: `abstract[start:end] == quote`, or the same of its title."""

    paper_id: str
    title: str
    quote: str
    start: int
    end: int
    where: Where = "abstract"
    judged_by: str = ""
    """The language model that read it where the rules were unsure; empty where the rules alone decided."""

    def to_dict(self) -> dict[str, Any]:
        """The row of `find --json`; a span in the title carries `"in": "title"`."""
        return span_dict(asdict(self))

    @classmethod
    def titled(cls, paper_id: str, title: str) -> ListedPaper:
        """A paper that is listed for what its record says, shown by its whole title."""
        return cls(paper_id, title, title, 0, len(title), "title")

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> ListedPaper:
        """The inverse of `to_dict`."""
        span = row["quote"], row["start"], row["end"], row.get("in", "abstract")
        return cls(row["paper_id"], row["title"], *span, row.get("judged_by", ""))


@dataclass(frozen=True, slots=True)
class Listing:
    """The papers that state a criterion, best first, and those that come near without a sentence that states it."""

    criterion: str
    """The criterion as it was understood; empty where the filters alone choose."""
    count: int
    read: int
    """How many papers were judged."""
    of: int
    """How many papers pass the filters."""
    papers: tuple[ListedPaper, ...]
    unclear: tuple[ListedPaper, ...] = ()
    model: ModelUse | None = None
    """What a language model was asked about unclear papers."""
    note: str = ""
    """What else is to be said about them, such as their order; a sentence."""

    @property
    def summary(self) -> str:
        """The number of papers, what they state, and how many were read, in a sentence or two."""
        if not self.of:
            return "No paper passes the filters; papers whose records leave a field empty pass no filter by it."
        what = f" state{'s' * (self.count == 1)} “{self.criterion}”" if self.criterion else " pass the filters"
        number = f"{self.count:,}" if self.count else "None"
        said = f"{number} of {self.of:,} paper{'s' * (self.of != 1)}{what}"
        if self.unclear:
            said += (
                f"; {len(self.unclear):,} more come{'s' * (len(self.unclear) == 1)} near it, and no sentence says so"
            )
        if self.read < self.of:
            said += f". Only the {self.read:,} papers nearest to it were read"
        return " ".join(filter(None, [f"{said}.", self.note, self.model.summary if self.model else ""]))

    def to_dict(self) -> dict[str, Any]:
        """The document of `find --json`."""
        document = {
            "criterion": self.criterion,
            "count": self.count,
            "read": self.read,
            "of": self.of,
            "papers": [p.to_dict() for p in self.papers],
            "unclear": [p.to_dict() for p in self.unclear],
        }
        document |= {"model": self.model.to_dict()} if self.model else {}
        return document | ({"note": self.note} if self.note else {})

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Listing:
        """The inverse of `to_dict`, also after a round trip through JSON."""
        piles = (tuple(ListedPaper.from_dict(row) for row in document[pile]) for pile in ("papers", "unclear"))
        papers, unclear = piles
        model = ModelUse(**document["model"]) if document.get("model") else None
        counts = (document["count"], document["read"], document["of"])
        return cls(document["criterion"], *counts, papers, unclear, model, document.get("note", ""))
