"""Answers what an acronym stands for with the sentences that spell it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.citations import Numbering, render
from assistant.collection.reply import Reply
from assistant.injections.screening import are_planted
from assistant.listing import ListedPaper, Listing
from assistant.text import sentences
from assistant.text.acronyms import expansions
from assistant.text.names import form
from assistant.types import Evidence, Paper, Sentence

_MOST = 3
"""Long forms that are shown of one acronym: different papers mean different things by it."""


def spelled_out(acronym: str, papers: Sequence[Paper]) -> Reply | None:
    """One sentence for each long form that these papers give the acronym, else the titles that do; None where none does."""
    numbering, shown = Numbering(), dict[str, Sentence]()
    for paper in papers:
        for long, quote in _in_abstract(acronym, paper):
            if form(long) not in shown and len(shown) < _MOST and not any(are_planted([quote.quote])):
                (cited,) = numbering.cite([quote])
                shown[form(long)] = Sentence(quote.quote, (cited.n,), "supported")
    if shown:
        return Reply(render(tuple(shown.values())), None, tuple(shown.values()), numbering.citations)
    titled = [(p, long) for p in papers for short, long in expansions(p.title) if form(short) == form(acronym)]
    if not titled:
        return None
    text = " ".join(f"The title “{paper.title}” spells {acronym} out as {long}." for paper, long in titled[:_MOST])
    listed = tuple(ListedPaper.titled(paper.paper_id, paper.title) for paper, _ in titled[:_MOST])
    return Reply(text, Listing(acronym, len(listed), len(listed), len(listed), listed))


def _in_abstract(acronym: str, paper: Paper) -> Iterator[tuple[str, Evidence]]:
    """The long forms of the acronym in the abstract, each with the sentence that it stands in."""
    for span in sentences.split(paper.abstract):
        quote = paper.abstract[span.start : span.end]
        for short, long in expansions(quote):
            if form(short) == form(acronym):
                yield long, Evidence(paper.paper_id, paper.shown_title, quote, span.start, span.end)
