"""The evidence of one answer as HTML: the papers it draws on, their abstracts, and in them the exact spans.

Knows nothing about the answer's own text. Everything that comes from a paper is text, never markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from assistant import Paper
from assistant.ui.text import esc, link, plural, shortened
from assistant.ui.turn import Mark, Session, Turn

_MATCH = "how well it matches the question, from 0 to 1"


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
    marks, scores = turn.marks, {p.paper.paper_id: p.score for p in turn.passages or ()}
    cards = [
        _card(paper, [m for m in marks if m.paper_id == paper.paper_id], scores.get(paper.paper_id))
        for paper in turn.papers
    ]
    used = {paper.paper_id for paper in turn.papers}
    others = [_card(p.paper, [], p.score) for p in turn.passages or () if p.paper.paper_id not in used]
    head = _heading(turn, len(cards))
    return f'{head}<div class="cards">{"".join(cards)}</div>{_others(others, bool(cards))}'


def kept(session: Session, papers: Mapping[str, Paper]) -> str:
    """What the reader pinned or excluded, which holds from the next question on; empty when nothing is."""
    rows = [_kept(paper_id, "Pinned", papers) for paper_id in session.conversation.pinned]
    rows += [_kept(paper_id, "Excluded", papers) for paper_id in session.conversation.excluded]
    if not rows:
        return ""
    return f'<section class="kept"><h3>From the next question on</h3><ul>{"".join(rows)}</ul></section>'


def _kept(paper_id: str, state: str, papers: Mapping[str, Paper]) -> str:
    title = papers[paper_id].title if paper_id in papers else "a paper that was deleted"
    return (
        f'<li><span class="state {state.casefold()}">{state}</span> <span>{esc(title)}</span>'
        f'<button type="button" class="act" data-do="release" data-paper="{esc(paper_id)}" '
        f'aria-label="Release {esc(title)}">Release</button></li>'
    )


def _heading(turn: Turn, used: int) -> str:
    abstained = turn.answer is not None and turn.answer.status == "abstained"
    if not used:
        words = "No abstract is cited." if turn.answer else "The sources of this answer will stand here."
    elif abstained:
        words = f"{plural(used, 'paper')} nearest to the question; they may not answer it."
    else:
        words = f"{plural(used, 'paper')} cited in this answer."
    return f'<p class="panel-for">For: <q>{esc(turn.question)}</q></p><p class="panel-words">{words}</p>'


def _card(paper: Paper, marks: Sequence[Mark], score: float | None) -> str:
    labels = " ".join(m.label for m in marks)
    tags = "".join(f'<span class="chip still">{esc(m.label)}</span>' for m in marks)
    match = f'<span class="score" title="{_MATCH}">match {score:.2f}</span>' if score else ""
    return (
        f'<details class="paper" data-labels="{esc(labels)}"><summary><span class="paper-title">{esc(paper.title)}'
        f'</span><span class="paper-tags">{tags}</span></summary>'
        f'<p class="paper-facts">{_facts(paper)}</p><p class="abstract">{highlight(paper.abstract, marks)}</p>'
        f'<p class="paper-acts">{match}{_act("pin", "Pin", paper)}{_act("exclude", "Exclude", paper)}</p></details>'
    )


def _act(what: str, word: str, paper: Paper) -> str:
    words = f"{word} {shortened(paper.title, 80)} for the next question"
    return (
        f'<button type="button" class="act" data-do="{what}" data-paper="{esc(paper.paper_id)}" '
        f'aria-label="{esc(words)}">{word}</button>'
    )


def _facts(paper: Paper) -> str:
    facts = []
    if paper.authors:
        more = " et al." if max(len(paper.authors), paper.author_count or 0) > 2 else ""
        facts.append(esc(", ".join(paper.authors[:2]) + more))
    facts.append(esc(_date(paper)))
    url = link(paper.paper_id, paper.doi)
    if url:
        shown = url.removeprefix("https://")
        facts.append(f'<a href="{esc(url)}" target="_blank" rel="noopener noreferrer">{esc(shown)}</a>')
    return " · ".join(facts)


def _date(paper: Paper) -> str:
    """The whole date where it has a year, else the year, else that it is unknown."""
    if paper.date and not paper.date.startswith("--"):
        return paper.date
    return str(paper.year) if paper.year else "year unknown"


def _others(cards: Sequence[str], after_cards: bool) -> str:
    if not cards:
        return ""
    words = "also looked at, not cited" if after_cards else "looked at, not cited"
    return (
        f'<details class="others"><summary>{plural(len(cards), "paper")} {words}</summary>'
        f'<div class="cards">{"".join(cards)}</div></details>'
    )
