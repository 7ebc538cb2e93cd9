"""Screens papers for a review: criteria of inclusion and exclusion, a decision on each paper, and the span that decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from assistant.citations.ris import to_ris
from assistant.errors import QuestionError
from assistant.library.library import Library
from assistant.listing import ListedPaper, Listing, span_dict
from assistant.model_use import ModelUse
from assistant.sheets import csv_text
from assistant.types import Filters, Paper

Decision = Literal["include", "exclude", "unclear"]
Stating = Callable[[Sequence[str]], Mapping[str, Listing]]
"""Which papers state each criterion, and which come near."""


@dataclass(frozen=True, slots=True)
class Screened:
    """The decision on a paper, the criterion that decides, and its span; no span where no sentence states the criterion."""

    paper_id: str
    title: str
    year: int | None
    decision: Decision
    why: str
    criterion: str
    quote: str = ""
    start: int = 0
    end: int = 0
    where: str = "abstract"
    judged_by: str = ""
    """The language model that read the paper for the criterion that decides; empty where the rules alone decided."""


@dataclass(frozen=True, slots=True)
class Screening:
    """The decisions on all papers that pass the filters, by title."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    read: int
    """How many papers were read for each criterion; those of a very large library that come nowhere near it are excluded unread."""
    papers: tuple[Screened, ...]
    model: ModelUse | None = None
    """What a language model was asked about papers that come near a criterion."""

    @property
    def counts(self) -> dict[str, int]:
        """Papers by decision."""
        return {d: sum(p.decision == d for p in self.papers) for d in ("include", "exclude", "unclear")}

    def to_dict(self) -> dict[str, Any]:
        """The document of `assistant screen --json`."""
        criteria = {"include": list(self.include), "exclude": list(self.exclude)}
        document = {
            "criteria": criteria,
            "read": self.read,
            "counts": self.counts,
            "papers": [span_dict(asdict(p)) for p in self.papers],
        }
        return document | ({"model": self.model.to_dict()} if self.model else {})

    def to_csv(self) -> str:
        """One row for each paper; no cell is a formula."""
        header = (
            "paper_id",
            "title",
            "year",
            "decision",
            "why",
            "criterion",
            "quote",
            "start",
            "end",
            "in",
            "judged by",
        )
        rows = (
            (p.paper_id, p.title, str(p.year or ""), p.decision, p.why, p.criterion, p.quote)
            + ((str(p.start), str(p.end), p.where) if p.quote else ("", "", ""))
            + (p.judged_by or "rules",)
            for p in self.papers
        )
        return csv_text([header, *rows])

    def to_ris(self, papers: Iterable[Paper]) -> str:
        """Those of these papers that are not excluded, as RIS, each with its decision as a note."""
        notes = {p.paper_id: _note(p) for p in self.papers if p.decision != "exclude"}
        return to_ris((p for p in papers if p.paper_id in notes), notes)


def screen(
    library: Library,
    include: Sequence[str],
    exclude: Sequence[str],
    filters: Filters,
    stating: Stating,
) -> Screening:
    """Excluded is what states a criterion of exclusion, or comes nowhere near one of inclusion; included is what states
    all of inclusion and comes near none of exclusion; the rest is unclear. Raises QuestionError without a criterion."""
    include, exclude = (tuple(dict.fromkeys(" ".join(c.split()) for c in given)) for given in (include, exclude))
    if not (include or exclude) or "" in (*include, *exclude):
        raise QuestionError("give at least one criterion, and none that is empty")
    listings = stating(list(dict.fromkeys((*include, *exclude))))
    piles = {criterion: _Piles.of(listing) for criterion, listing in listings.items()}
    ids = set(library.store.select(filters))
    papers = [p for p in library.store.papers() if p.paper_id in ids]
    found = []
    for paper in papers:
        decided = _decide(paper.paper_id, include, exclude, piles)
        found.append(Screened(paper.paper_id, paper.shown_title, paper.year, *decided))
    read = min(listing.read for listing in listings.values())
    model = next(iter(listings.values())).model
    return Screening(tuple(include), tuple(exclude), read, tuple(found), model)


@dataclass(frozen=True, slots=True)
class _Piles:
    stated: dict[str, ListedPaper]
    near: dict[str, ListedPaper]

    @classmethod
    def of(cls, listing: Listing) -> _Piles:
        return cls({p.paper_id: p for p in listing.papers}, {p.paper_id: p for p in listing.unclear})


_Decided = tuple[Decision, str, str, str, int, int, str, str]


def _decide(paper_id: str, include: Sequence[str], exclude: Sequence[str], piles: dict[str, _Piles]) -> _Decided:
    for criterion in exclude:
        if paper_id in piles[criterion].stated:
            return _by("exclude", "states a criterion of exclusion", criterion, piles[criterion].stated[paper_id])
    for criterion in include:
        if paper_id not in piles[criterion].stated and paper_id not in piles[criterion].near:
            return _by("exclude", "no sentence states a criterion of inclusion", criterion, None)
    for criterion in (*exclude, *include):
        if paper_id in piles[criterion].near:
            return _by(
                "unclear", "comes near a criterion without stating it", criterion, piles[criterion].near[paper_id]
            )
    if not include:
        return _by("include", "states no criterion of exclusion", "", None)
    return _by("include", "states all criteria of inclusion", include[0], piles[include[0]].stated[paper_id])


def _by(decision: Decision, why: str, criterion: str, span: ListedPaper | None) -> _Decided:
    if span is None:
        return decision, why, criterion, "", 0, 0, "abstract", ""
    return decision, why, criterion, span.quote, span.start, span.end, span.where, span.judged_by


def _note(paper: Screened) -> str:
    quote = f" “{paper.quote}”" if paper.quote else ""
    criterion = f": {paper.criterion}" if paper.criterion else ""
    judge = f" (read by {paper.judged_by})" if paper.judged_by else ""
    return f"{paper.decision}: {paper.why}{criterion}{quote}{judge}"
