"""The evidence of one answer as HTML: the papers it draws on, their abstracts, and in them the exact spans.

Knows nothing about the answer's own text. Everything that comes from a paper is text, never markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant import Paper
from assistant.ui.text import esc, link
from assistant.ui.turn import Mark, Turn


def highlight(abstract: str, marks: Sequence[Mark]) -> str:
    """The abstract with its spans in <mark>; where spans overlap, a piece carries the labels of all of them."""
    spans = [m for m in marks if abstract[m.start : m.end] == m.quote and m.start < m.end]
    cuts = sorted({0, len(abstract), *(m.start for m in spans), *(m.end for m in spans)})
    pieces = []
    for start, end in pairwise(cuts):
        labels = " ".join(m.label for m in spans if m.start <= start and end <= m.end)
        text = esc(abstract[start:end])
        pieces.append(f'<mark data-n="{esc(labels)}">{text}</mark>' if labels else text)
    return "".join(pieces)


def evidence(turn: Turn) -> str:
    """What the panel beside the chat shows for this turn."""
    marks = turn.marks
    cards = [_card(paper, [m for m in marks if m.paper_id == paper.paper_id]) for paper in turn.papers]
    used = {paper.paper_id for paper in turn.papers}
    others = [p.paper for p in turn.passages or () if p.paper.paper_id not in used]
    head = _heading(turn, len(cards))
    return f'{head}<div class="cards">{"".join(cards)}</div>{_others(others, bool(cards))}'


def _heading(turn: Turn, used: int) -> str:
    abstained = turn.answer is not None and turn.answer.status == "abstained"
    if not used:
        words = "No abstract is cited." if turn.answer else "The sources of this answer will stand here."
    elif abstained:
        words = f"{_papers(used)} nearest to the question; they may not answer it."
    else:
        words = f"{_papers(used)} cited in this answer."
    return f'<p class="panel-for">For: <q>{esc(turn.question)}</q></p><p class="panel-words">{words}</p>'


def _card(paper: Paper, marks: Sequence[Mark]) -> str:
    labels = " ".join(m.label for m in marks)
    tags = "".join(f'<span class="chip still">{esc(m.label)}</span>' for m in marks)
    return (
        f'<details class="paper" data-labels="{esc(labels)}"><summary><span class="paper-title">{esc(paper.title)}'
        f'</span><span class="paper-tags">{tags}</span></summary>'
        f'<p class="paper-facts">{_facts(paper)}</p><p class="abstract">{highlight(paper.abstract, marks)}</p></details>'
    )


def _facts(paper: Paper) -> str:
    facts = []
    if paper.authors:
        more = " et al." if max(len(paper.authors), paper.author_count or 0) > 2 else ""
        facts.append(esc(", ".join(paper.authors[:2]) + more))
    facts.append(esc(paper.year) if paper.year else "year unknown")
    url = link(paper.paper_id, paper.doi)
    if url:
        shown = url.removeprefix("https://")
        facts.append(f'<a href="{esc(url)}" target="_blank" rel="noopener noreferrer">{esc(shown)}</a>')
    return " · ".join(facts)


def _others(papers: Sequence[Paper], after_cards: bool) -> str:
    if not papers:
        return ""
    rows = "".join(
        f'<li>{esc(p.title)}{f" <span>({p.year})</span>" if p.year else ""}</li>' for p in papers
    )
    words = "also looked at, not cited" if after_cards else "looked at, not cited"
    return f'<details class="others"><summary>{_papers(len(papers))} {words}</summary><ul>{rows}</ul></details>'


def _papers(count: int) -> str:
    return "1 paper" if count == 1 else f"{count} papers"
