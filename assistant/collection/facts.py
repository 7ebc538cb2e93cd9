"""The facts of a library's papers: stored ones where the present rules made them, else read on the spot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from assistant.errors import LibraryError
from assistant.extraction.extract import VERSION, facts_of
from assistant.extraction.fact import Fact, Kind
from assistant.ingestion.fact_reading import read_missing_facts
from assistant.injections.screening import are_planted, safe_title, screened
from assistant.library.library import Library
from assistant.model_use import ModelUse
from assistant.types import Filters, Paper, Step

__all__ = ["VERSION", "Fact", "Kind", "PaperFacts", "every_fact", "facts_of", "of_papers", "refresh", "shown_facts"]

_BATCH = 256
"""Papers whose facts are held in memory together."""


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A paper with its facts."""

    paper_id: str
    title: str
    facts: tuple[Fact, ...]
    model: ModelUse | None = None
    """What a language model was asked about kinds of facts that the rules did not find."""

    def to_dict(self) -> dict[str, Any]:
        """The row of `assistant facts --json`."""
        document = {"paper_id": self.paper_id, "title": self.title, "facts": [f.to_dict() for f in self.facts]}
        return document | ({"model": self.model.to_dict()} if self.model else {})


def of_papers(library: Library, papers: Sequence[Paper]) -> list[PaperFacts]:
    """The facts of these papers, in their order. A stored fact whose span is not what it quotes is not used."""
    stored = library.store.facts.get([p.paper_id for p in papers])
    found = []
    for paper in papers:
        facts = stored.get(paper.paper_id)
        sound = facts is not None and all(_is_exact(paper, fact) for fact in facts)
        found.append(
            PaperFacts(paper.paper_id, paper.shown_title, facts if facts is not None and sound else facts_of(paper))
        )
    return found


def shown_facts(library: Library, papers: Sequence[Paper]) -> list[PaperFacts]:
    """As `of_papers`, without facts that were read off planted sentences."""
    found = of_papers(library, papers)
    planted = iter(are_planted([fact.quote for paper in found for fact in paper.facts]))
    touched = {i for i, paper in enumerate(found) for _ in paper.facts if next(planted)}
    for i in sorted(touched):
        found[i] = of_papers(library, screened([papers[i]]))[0]
    return [replace(facts, title=safe_title(paper)) for facts, paper in zip(found, papers, strict=True)]


def every_fact(library: Library, filters: Filters | None = None, step: Step | None = None) -> Iterator[PaperFacts]:
    """The facts of all papers that pass, by paper id, in bounded memory; what is missing is made and stored first.

    `step` receives the papers made and their total. Interrupted, what was stored stays.
    """
    refresh(library, step)
    passing = None if filters is None else set(library.store.select(filters))
    papers = (p for p in library.store.every_paper() if passing is None or p.paper_id in passing)
    while batch := list(islice(papers, _BATCH)):
        yield from of_papers(library, batch)


def refresh(library: Library, step: Step | None = None) -> int:
    """Makes and stores the facts that are missing or of other rules; returns of how many papers.

    Each batch is committed. Where another program is writing, or nothing can be written, nothing is stored.
    """
    if library.store.read_only or not library.store.facts.lacking():
        return 0
    try:
        with library.writing():
            return read_missing_facts(library.store, step or (lambda *_: None))
    except LibraryError:
        return 0  # they are read on the spot wherever they are needed


def _is_exact(paper: Paper, fact: Fact) -> bool:
    source = paper.title if fact.where == "title" else paper.abstract
    return source[fact.start : fact.end] == fact.quote != ""
