"""What a standing question is, what it found, and how that changed: frozen, and the same as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from assistant.listing import span_dict
from assistant.types import Filters

WatchKind = Literal["list", "answer"]


@dataclass(frozen=True, slots=True)
class Found:
    """A span that a watch rests on, exact when it was read; `where` is the field that holds it."""

    paper_id: str
    title: str
    quote: str
    start: int
    end: int
    where: str = "abstract"

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same finding, wherever in its text it stands."""
        return self.paper_id, self.quote

    def to_dict(self) -> dict[str, Any]:
        """As in a listing: a span in the title carries `"in": "title"`."""
        return span_dict(asdict(self))


@dataclass(frozen=True, slots=True)
class Watch:
    """A standing question: which papers state a criterion (`list`), or what the library answers (`answer`)."""

    watch_id: str
    created: str
    question: str
    kind: WatchKind
    filters: Filters
    llm: str
    """The model that answers; `quotes` asks none."""
    found: tuple[Found, ...]

    def to_dict(self) -> dict[str, Any]:
        """The row of `assistant watch list --json`."""
        return {**asdict(self), "filters": self.filters.given(), "found": [f.to_dict() for f in self.found]}


@dataclass(frozen=True, slots=True)
class WatchChange:
    """How the answer to a watch changed in one run, and because of which papers."""

    number: int
    """Unique in the library, ascending."""
    watch_id: str
    question: str
    created: str
    added: tuple[Found, ...]
    removed: tuple[Found, ...]
    because: tuple[tuple[str, str], ...]
    """Paper id and what happened to it: `new`, `changed` or `deleted`."""

    @property
    def summary(self) -> str:
        """One line, such as `the answer changed because of 2 new papers: 2 spans more`."""
        counts = {what: sum(w == what for _, w in self.because) for what in ("new", "changed", "deleted")}
        causes = [f"{n} {what} paper{'s' * (n != 1)}" for what, n in counts.items() if n]
        effects = [
            f"{len(spans)} span{'s' * (len(spans) != 1)} {word}"
            for spans, word in ((self.added, "more"), (self.removed, "fewer"))
            if spans
        ]
        return f"the answer changed because of {' and '.join(causes)}: {', '.join(effects)}"

    def to_dict(self) -> dict[str, Any]:
        """The change as dicts, lists, strings and numbers."""
        rows = [{"paper_id": paper_id, "what": what} for paper_id, what in self.because]
        spans = {"added": [f.to_dict() for f in self.added], "removed": [f.to_dict() for f in self.removed]}
        return {**asdict(self), **spans, "because": rows, "summary": self.summary}


def found_from(rows: Sequence[dict[str, Any]]) -> tuple[Found, ...]:
    """The inverse of `asdict`."""
    return tuple(Found(**row) for row in rows)
