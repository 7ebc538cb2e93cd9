"""Finds the papers that hold all words of a criterion in one sentence, or in their title."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.library.library import Library
from assistant.listing import ListedPaper, Listing
from assistant.text import sentences
from assistant.text.words import stems
from assistant.types import Filters, Paper


def find_phrases(library: Library, criterion: str, filters: Filters, among: Sequence[str] | None = None) -> Listing:
    """Which of the papers that pass the filters (and are `among` these) hold the words of the criterion."""
    ids = library.store.select(filters, among)
    wanted = stems(criterion)
    papers = tuple(found for paper in library.store.papers(ids) if wanted and (found := _stated(paper, wanted)))
    return Listing(criterion, len(papers), len(ids), len(ids), papers)


def _stated(paper: Paper, wanted: frozenset[str]) -> ListedPaper | None:
    for span in sentences.split(paper.abstract):
        quote = paper.abstract[span.start : span.end]
        if wanted <= stems(quote):
            return ListedPaper(paper.paper_id, paper.title, quote, span.start, span.end)
    if wanted <= stems(paper.title):
        return ListedPaper(paper.paper_id, paper.title, paper.title, 0, len(paper.title), "title")
    return None
