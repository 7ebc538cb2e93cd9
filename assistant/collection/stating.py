"""Finds the line of each paper that makes a kind of statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.collection.facts import Fact, Kind, facts_of
from assistant.collection.paper_text import Line, PaperText
from assistant.collection.statements import Statement
from assistant.library.store import Store

_SLICE = 400


def lines_stating(statement: Statement, texts: Sequence[PaperText], store: Store) -> dict[str, Line]:
    """Paper id -> the line that makes the statement; papers without one are left out.

    Where facts of the library are of this kind, they decide; else the wording of the sentences does.
    """
    if statement.fact is not None:
        return dict(_by_fact(statement.fact, [t.paper_id for t in texts], store))
    found = ((t.paper_id, _by_wording(statement, t)) for t in texts)
    return {paper_id: line for paper_id, line in found if line is not None}


def lines_with_fact(kind: Kind, store: Store, most: int) -> tuple[dict[str, Line], frozenset[str]]:
    """Paper id -> the line of its main fact of this kind, of all papers; and the papers whose facts nobody read.

    Up to `most` papers without stored facts are read on the spot.
    """
    found: dict[str, Line] = {}
    for paper_id, fact in store.facts.of_kind(kind):
        found.setdefault(paper_id, _line(fact))
    lacking = store.facts.lacking()
    found |= _by_fact(kind, lacking[:most], store)
    return found, frozenset(lacking[most:])


def _by_fact(kind: Kind, ids: Sequence[str], store: Store) -> Iterator[tuple[str, Line]]:
    for at in range(0, len(ids), _SLICE):
        some = ids[at : at + _SLICE]
        stored = store.facts.get(some)
        lacking = [i for i in some if i not in stored]
        made = {p.paper_id: facts_of(p) for p in store.papers(lacking)} if lacking else {}
        for paper_id, facts in {**stored, **made}.items():
            fact = next((f for f in facts if f.kind == kind), None)
            if fact is not None:
                yield paper_id, _line(fact)


def _line(fact: Fact) -> Line:
    return Line(fact.quote, fact.start, fact.where, ())


def _by_wording(statement: Statement, text: PaperText) -> Line | None:
    """The sentence that makes the statement, or the title where no sentence does."""
    title, *abstract = text.lines
    found = next((line for line in abstract if statement.states.search(line.text)), None)
    if found is None and statement.title is not None and statement.title.search(title.text):
        return title
    return found
