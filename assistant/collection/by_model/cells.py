"""Asks a language model for the cells of a table that the rules leave empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answerability.model import AnswerabilityModel
from assistant.collection.by_model.asking import Call, ask_all, list_schema, rows
from assistant.collection.by_model.quotes import located, sentence_around
from assistant.collection.columns import asked_of_model, claim
from assistant.injections.screening import safe_title, screened
from assistant.llm.client import LanguageModel
from assistant.llm.prompt import fill, visible
from assistant.model_use import Budget
from assistant.table import Cell, CellSpan, Row, Table
from assistant.text import sentences
from assistant.types import Paper, Span, Step
from assistant.verification.grounding import SHOWN
from assistant.verification.observations import Text
from assistant.verification.verifier import Verifier

_REPLY_TOKENS = 60
"""For one cell."""
_LONGEST = 8_000
"""Characters of an abstract that are shown to the model."""


@dataclass(frozen=True, slots=True)
class Checks:
    """What a filled cell has to pass. The verifier cannot tell whether words that stand in the paper answer the question of
    the column, and the reading network can only tell where it would look first."""

    verifier: Verifier
    answerability: AnswerabilityModel


@dataclass(frozen=True, slots=True)
class _Gap:
    """A row with the places of its empty columns."""

    row: int
    columns: tuple[int, ...]


def fill_cells(
    table: Table,
    papers: Sequence[Paper],
    checks: Checks,
    model: LanguageModel,
    budget: Budget,
    step: Step | None = None,
) -> Table:
    """The table with those empty cells filled for which the model names words of the abstract, which stand in the sentence
    where the reading network looks first, and of which the verifier supports what they say; `papers` are those of the
    rows. Raises BudgetError."""
    gaps = [gap for i, row in enumerate(table.rows) if (gap := _gap(table.columns, i, row)).columns]
    if not gaps:
        return table
    papers = screened(papers)
    calls = [_call([table.columns[c] for c in gap.columns], papers[gap.row]) for gap in gaps]
    replies, use = ask_all(model, calls, budget, step)
    filled, read = list(table.rows), 0
    accepted = 0
    for gap, reply in zip(gaps, replies, strict=False):
        read += len(gap.columns)
        row = filled[gap.row]
        cells = list(row.cells)
        for at, quote in _answers(gap, reply):
            cells[at] = _proved(table.columns[at], quote, papers[gap.row], checks, model.name)
            accepted += cells[at] is not None
        filled[gap.row] = replace(row, cells=tuple(cells))
    return replace(table, rows=tuple(filled), model=replace(use, read=read, accepted=accepted))


def _gap(columns: Sequence[str], at: int, row: Row) -> _Gap:
    empty = (i for i, cell in enumerate(row.cells) if cell is None and asked_of_model(columns[i]))
    return _Gap(at, tuple(empty))


def _call(columns: Sequence[str], paper: Paper) -> Call:
    questions = "\n".join(f"{n}. {visible(asked_of_model(column))}" for n, column in enumerate(columns, 1))
    text = f"{visible(safe_title(paper))}\n{visible(paper.abstract)[:_LONGEST]}"
    count = len(columns)
    fields = {"n": {"type": "integer", "enum": list(range(1, count + 1))}, "quote": {"type": "string"}}
    prompt = fill("cells.md", questions=questions, paper=f"[1] {text}")
    return Call(prompt, list_schema("answers", fields, 0, count), _REPLY_TOKENS * count, count)


def _answers(gap: _Gap, reply: str) -> Iterator[tuple[int, str]]:
    """The place of each column that is answered, with the first quote for it."""
    seen: set[int] = set()
    for row in rows(reply, "answers"):
        n, quote = row.get("n"), row.get("quote")
        if isinstance(n, int) and isinstance(quote, str) and 1 <= n <= len(gap.columns) and n not in seen:
            seen.add(n)
            yield gap.columns[n - 1], quote


def _proved(column: str, quote: str, paper: Paper, checks: Checks, model: str) -> Cell | None:
    """The cell with the quoted words and the sentence that holds them; None where a check fails."""
    found = located(quote, paper)
    if found is None or found[0] == "title":
        return None
    words = found[1]
    span = sentence_around("abstract", words, paper)
    if span != _read_first(column, paper, checks.answerability):
        return None
    value, sentence = paper.abstract[words.start : words.end], paper.abstract[span.start : span.end]
    judgement = checks.verifier.judge(claim(column, value), [Text(paper.title, sentence)], asked_of_model(column))
    if judgement.verdict not in SHOWN:
        return None
    return Cell(value, (CellSpan(value, sentence, span.start, span.end),), model)


def _read_first(column: str, paper: Paper, answerability: AnswerabilityModel) -> Span | None:
    """The sentence that answers the column's question most likely; None for an abstract without any."""
    (reading,) = answerability.read(asked_of_model(column), [(paper.title, paper.abstract)])
    scores = reading.sentence_scores
    return sentences.split(paper.abstract)[max(range(len(scores)), key=scores.__getitem__)] if scores else None
