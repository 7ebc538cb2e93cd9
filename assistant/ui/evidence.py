"""Prepares the evidence of one answer: the papers that it draws on, their abstracts, and the exact spans in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant import Paper
from assistant.citations import details
from assistant.ui.templates import render
from assistant.ui.text import link, links
from assistant.ui.turn import Mark, Session, Turn


@dataclass(frozen=True, slots=True)
class Card:
    """One paper in the panel beside the chat."""

    paper: Paper
    marks: Sequence[Mark]
    """Spans of the abstract and of the title."""
    score: float | None
    """How well the paper matches the question, from 0 to 1; None for an answer that was opened again."""
    compare: bool = False
    """Whether a sentence that is not verified cites it, so that it is open from the start."""

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """The abstract in pieces, each with the labels of its spans."""
        return pieces(self.paper.abstract, [m for m in self.marks if m.where == "abstract"])

    @property
    def title(self) -> list[tuple[str, str]]:
        """The title in pieces, in the same way."""
        return pieces(self.paper.title, [m for m in self.marks if m.where == "title"])

    @property
    def authors(self) -> str:
        """The first two authors."""
        authors = self.paper.authors
        more = " et al." if max(len(authors), self.paper.author_count or 0) > 2 else ""
        return ", ".join(authors[:2]) + more if authors else ""

    @property
    def date(self) -> str:
        """The whole date if it has a year, else the year, else that it is unknown."""
        if self.paper.date and not self.paper.date.startswith("--"):
            return self.paper.date
        return str(self.paper.year) if self.paper.year else "year unknown"

    @property
    def url(self) -> str | None:
        """A page about the paper."""
        return link(self.paper.paper_id, self.paper.doi)

    @property
    def details(self) -> list[tuple[str, str]]:
        """The paper's record, as names and values."""
        return details(self.paper)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Words and addresses of pages about the paper."""
        return links(self.paper)


def pieces(text: str, marks: Sequence[Mark]) -> list[tuple[str, str]]:
    """The text cut where spans begin and end; where spans overlap, a piece carries the labels of all of them."""
    spans = [m for m in marks if text[m.start : m.end] == m.quote and m.start < m.end]
    cuts = sorted({0, len(text), *(m.start for m in spans), *(m.end for m in spans)})
    return [
        (text[start:end], " ".join(m.label for m in spans if m.start <= start and end <= m.end))
        for start, end in pairwise(cuts)
    ]


def cited_cards(turn: Turn) -> list[Card]:
    """The papers that the turn's chips and listed rows open."""
    # A listed paper was judged, not matched.
    scores = {} if turn.has_rows else {p.paper.paper_id: p.score for p in turn.passages or ()}
    compare = {str(n) for s in turn.sentences if not s.verified for n in s.citations}
    cards = []
    for paper in turn.papers:
        marks = [m for m in turn.marks if m.paper_id == paper.paper_id]
        cards.append(Card(paper, marks, scores.get(paper.paper_id), any(m.label in compare for m in marks)))
    return cards


def other_cards(turn: Turn) -> list[Card]:
    """The papers that were retrieved but not cited."""
    used = {paper.paper_id for paper in turn.papers}
    return [Card(p.paper, (), p.score) for p in turn.passages or () if p.paper.paper_id not in used]


def render_pins(session: Session, papers: Mapping[str, Paper]) -> str:
    """The papers that are pinned or excluded for the next questions; empty if none are."""
    conversation = session.conversation
    states = [("Pinned", paper_id) for paper_id in conversation.pinned]
    states += [("Excluded", paper_id) for paper_id in conversation.excluded]
    titles = {paper_id: paper.title for paper_id, paper in papers.items()} if states else {}
    return render("pins", papers=[(state, i, titles.get(i, "a paper that was deleted")) for state, i in states])
