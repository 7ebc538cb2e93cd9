"""Fills tables of papers: a column per fact, or per question to each paper, an exact span behind every cell."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answerability.model import Answerability, AnswerabilityModel
from assistant.collection.columns import question
from assistant.collection.facts import shown_facts
from assistant.extraction.fact import Fact, Kind
from assistant.extraction.kind_names import kind_named
from assistant.injections.screening import are_planted, safe_title
from assistant.library.library import Library
from assistant.table import Cell, CellSpan, Row, Table
from assistant.text import sentences
from assistant.types import Paper, Step

_AT_ONCE = 16
"""Papers that are asked a free column's question together."""
_SHOWN = 5
"""Things that a cell lists by value; `all` has the others too."""
_LISTS: frozenset[Kind] = frozenset({"method", "data", "compared with", "sample size", "code", "limitation", "saving"})
"""Kinds of which a paper may state several; of the others the first is the main one."""


class TableMaker:
    """Fills tables from the facts of a library, and free columns by asking the reading network."""

    def __init__(self, library: Library, answerability: AnswerabilityModel, min_confidence: float) -> None:
        """`min_confidence`: probability below which a paper is taken not to state what a free column asks."""
        self._library, self.answerability, self._min_confidence = library, answerability, min_confidence

    def make(self, papers: Sequence[Paper], columns: Sequence[str], step: Step | None = None) -> Table:
        """The table of these papers, in their order. `step` receives the cells of free columns filled and their total."""
        found = shown_facts(self._library, papers)
        free = [column for column in columns if kind_named(column) is None]
        total, filled = len(free) * len(papers), dict[str, list[Cell | None]]()
        for n, column in enumerate(free):
            filled[column] = []
            for i in range(0, len(papers), _AT_ONCE):
                filled[column] += self._asked(column, papers[i : i + _AT_ONCE])
                if step is not None:
                    step(n * len(papers) + len(filled[column]), total)
        rows = (
            Row(
                p.paper_id,
                safe_title(p),
                tuple(_cell(c, facts.facts) if c not in filled else filled[c][i] for c in columns),
            )
            for i, (p, facts) in enumerate(zip(papers, found, strict=True))
        )
        return Table(tuple(columns), tuple(rows), len(papers))

    def _asked(self, column: str, papers: Sequence[Paper]) -> list[Cell | None]:
        readings = self.answerability.read(question(column), [(p.title, p.abstract) for p in papers])
        return [self._answer(p, reading) for p, reading in zip(papers, readings, strict=True)]

    def _answer(self, paper: Paper, reading: Answerability) -> Cell | None:
        """The sentence that states the answer most surely, where the abstract states it at all."""
        scores = reading.sentence_scores
        if reading.confidence < self._min_confidence or not scores:
            return None
        span = sentences.split(paper.abstract)[max(range(len(scores)), key=scores.__getitem__)]
        quote = paper.abstract[span.start : span.end]
        if are_planted([quote])[0]:
            return None
        return Cell(quote, (CellSpan(quote, quote, span.start, span.end),))


def _cell(column: str, facts: Sequence[Fact]) -> Cell | None:
    kind = kind_named(column)
    spans = [CellSpan(f.value, f.quote, f.start, f.end, f.where) for f in facts if f.kind == kind]
    if not spans:
        return None
    listed = [s.value for s in spans] if kind in _LISTS else [spans[0].value]
    more = f"; and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return Cell("; ".join(listed[:_SHOWN]) + more, tuple(spans))
