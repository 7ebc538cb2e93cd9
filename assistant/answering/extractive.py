"""An answer without a model: which sentences of which abstracts to quote, and in which order.

Knows nothing about how sentences were scored.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answering.injections import is_command
from assistant.types import Draft, Evidence, Paper, Span

Scope = Literal["one", "maybe several", "several", "list"]
"""One paper's facts; perhaps two papers', by an "and" or "or"; surely several papers'; or every paper of a kind."""

_LIST = re.compile(
    r"\b(?:which|what|list|name|find|show|are there|how many)\b[^?.,:]{0,40}\b(?:papers|works|studies|articles|abstracts|"
    r"authors|surveys|publications)\b|^\W*(?:all |any |some |recent )?(?:papers|works|studies|articles|surveys)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\bcompar(?:e[ds]?|ing|isons?)\b|\bversus\b|\bvs\b|\bdiffer(?:s|ences?)?\b|\bboth\b|\beach\b|\bpapers\b|\brespectively\b|"
    r"\b(?:two|three|several|various) (?:papers|works|methods|approaches|studies)\b",
    re.IGNORECASE,
)
_PERHAPS = re.compile(r"\b(?:and|or|against|than)\b", re.IGNORECASE)
_PAPER_WEIGHT = 3.0
"""How much a paper's own score counts beside a sentence's."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One abstract with its sentences and how well each answers the question; `weight` is the paper's own score."""

    paper: Paper
    weight: float
    spans: tuple[Span, ...]
    scores: tuple[float, ...]


def scope(question: str) -> Scope:
    """How many papers the question is about, by its wording."""
    if _LIST.search(question):
        return "list"
    if _SEVERAL.search(question):
        return "several"
    return "maybe several" if _PERHAPS.search(question) else "one"


def choose_quotes(scored: Sequence[Scored], limit: int, most_of_one: int) -> list[Draft]:
    """The best `limit` sentences over all the papers, at most `most_of_one` of one paper.

    Papers come in the order of their best sentence, sentences in the order of the abstract.
    """
    chosen: dict[int, list[int]] = {}
    for rank, i in _best_first(scored):
        taken = chosen.setdefault(rank, [])
        if len(taken) < most_of_one and sum(map(len, chosen.values())) < limit:
            taken.append(i)
    return [_draft(scored[rank].paper, scored[rank].spans[i]) for rank, taken in chosen.items() for i in sorted(taken)]


def best_quotes(scored: Sequence[Scored], limit: int) -> list[Draft]:
    """The best `limit` sentences over all the papers, best first: what a model may choose from."""
    return [_draft(scored[rank].paper, scored[rank].spans[i]) for rank, i in _best_first(scored)[:limit]]


def _best_first(scored: Sequence[Scored]) -> list[tuple[int, int]]:
    """Places (paper, sentence) of all sentences, by their own score and their paper's."""
    pool = sorted(
        (
            (_PAPER_WEIGHT * s.weight + score, -rank, -i)
            for rank, s in enumerate(scored)
            for i, score in enumerate(s.scores)
            if not is_command(s.paper.abstract[s.spans[i].start : s.spans[i].end])
        ),
        reverse=True,
    )
    return [(-rank, -i) for _, rank, i in pool]


def _draft(paper: Paper, span: Span) -> Draft:
    quote = paper.abstract[span.start : span.end]
    return Draft(quote, (Evidence(paper.paper_id, paper.title, quote, span.start, span.end),))
