"""Groups the papers of the library by what they state, as facets with counts: data sets, methods, kinds; and years."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from assistant import Assistant, Paper
from assistant.text.language_names import language_code
from assistant.ui.templates import render

_SHOWN = 14
"""Values of a facet that are shown at once, most papers first."""
_UNFOLDED = 300
"""Values that are shown when the facet is unfolded."""
_NAMES = {
    "data": "Data sets",
    "method": "Methods",
    "paper kind": "Kinds of paper",
    "keywords": "Keywords",
    "collections": "Collections",
    "publication_type": "Types of publication",
    "language": "Languages",
    "year": "Years",
}
_OF_RECORDS = ("keywords", "collections", "publication_type", "language")
"""Fields of `Paper` that are facets."""
Spans = Mapping[str, tuple[int, int]]
"""Paper id -> where its abstract states the fact; empty where the title or the record does."""
Facets = dict[str, dict[str, dict[str, tuple[int, int]]]]
"""Facet -> value -> spans."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet, with the number of papers that state it."""

    value: str
    papers: int


class FacetCache:
    """The facets of one state of the library; safe to use from several threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._fingerprint = ""
        self._facets: Facets = {}

    def facets(self, papers: Sequence[Paper]) -> Facets:
        """All facets of these papers, the whole library; read again once its papers are others. Raises LibraryError."""
        with self._lock:
            fingerprint = str(hash(tuple((p.paper_id, p.year, *map(partial(getattr, p), _OF_RECORDS)) for p in papers)))
            if fingerprint != self._fingerprint:
                self._facets, self._fingerprint = self._read(papers), fingerprint
            return self._facets

    def _read(self, papers: Sequence[Paper]) -> Facets:
        found: dict[str, dict[str, dict[str, tuple[int, int]]]] = {name: {} for name in _NAMES}
        written: dict[tuple[str, str], Counter[str]] = {}
        for paper in self._assistant.facts():
            for fact in paper.facts:
                if fact.kind in found:
                    written.setdefault((fact.kind, fact.key), Counter())[fact.value] += 1
                    span = (0, 0) if fact.where == "title" else (fact.start, fact.end)
                    found[fact.kind].setdefault(fact.key, {}).setdefault(paper.paper_id, span)
        for p in papers:
            if p.year is not None:
                found["year"].setdefault(str(p.year), {})[p.paper_id] = (0, 0)
            for name, value in _of_record(p):
                key = language_code(value) if name == "language" else value.casefold()
                written.setdefault((name, key), Counter())[value] += 1
                found[name].setdefault(key, {})[p.paper_id] = (0, 0)
        # A value is shown in its commonest spelling.
        return {
            name: {
                written[name, key].most_common(1)[0][0] if name != "year" else key: ids for key, ids in values.items()
            }
            for name, values in found.items()
        }


def _of_record(paper: Paper) -> Iterator[tuple[str, str]]:
    """The facets of a paper's record, each with a value."""
    for name in _OF_RECORDS:
        value = getattr(paper, name)
        yield from ((name, one) for one in (value if isinstance(value, tuple) else (value,) if value else ()))


def render_facets(facets: Facets, chosen: tuple[str, str] | None) -> str:
    """The facets as buttons; the chosen one is pressed."""
    shown = []
    for name, words in _NAMES.items():
        values = [FacetValue(value, len(ids)) for value, ids in facets.get(name, {}).items()]
        values.sort(key=lambda v: (-int(v.value),) if name == "year" else (-v.papers, v.value.casefold()))
        shown.append((name, words, values[:_SHOWN], values[_SHOWN:_UNFOLDED], len(values)))
    return render("facets", facets=[row for row in shown if row[2]], chosen=chosen)
