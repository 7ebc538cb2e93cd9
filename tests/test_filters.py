"""Filters against an oracle that looks at every paper: whatever changed, and whichever way the search goes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.index.manager import IndexManager
from assistant.library.library import Library
from assistant.library.rows import Entry, StoredPaper
from assistant.retrieval.bm25 import BM25Retriever
from assistant.retrieval.dense import DenseRetriever
from assistant.settings import Settings
from assistant.types import Chunk, Filters, Paper, Vectors

DIM = 12
PAPERS = range(24)


def paper(number: int, year: int | None, source: str) -> Paper:
    return Paper(f"t:{number:03}", f"Title {number}", f"Common word{number}.", year=year, sources=(source, "all"))


def vectors(number: int, version: int) -> Vectors:
    """Two chunks per paper, the same ones each time."""
    rows = np.random.default_rng([number, version]).standard_normal((2, DIM)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class World:
    """A library over which both retrievers search and, beside it, what it should hold."""

    def __init__(self, home: Path, **limits: int) -> None:
        """`limits` of the dense retriever, which decide the way it goes."""
        self.library = Library(home, "none")
        self.indexes = IndexManager(self.library, Settings(home=home), rebuilt_up_to=0)
        self.dense = DenseRetriever(self.library.store, self.indexes, **limits)
        self.bm25 = BM25Retriever(self.library.store, self.indexes)
        self.papers: dict[str, Paper] = {}
        self.rows: dict[str, Vectors] = {}

    def close(self) -> None:
        self.indexes.close()
        self.library.close()

    def put(self, number: int, year: int | None, source: str, version: int = 0) -> None:
        new, rows = paper(number, year, source), vectors(number, version)
        chunks = tuple(Chunk(new.paper_id, i, 0, 5, new.title) for i in range(len(rows)))
        self.library.store.put([Entry(self._known(new), self.library.signature, chunks, rows)])
        self.papers[new.paper_id], self.rows[new.paper_id] = new, rows

    def describe(self, number: int, year: int | None) -> None:
        old = self.papers.get(f"t:{number:03}")
        if old is not None:
            self.papers[old.paper_id] = replace(old, year=year)
            self.library.store.update_metadata([self._known(self.papers[old.paper_id])])

    def delete(self, number: int) -> None:
        self.library.store.delete([f"t:{number:03}"])
        self.papers.pop(f"t:{number:03}", None)

    def _known(self, new: Paper) -> StoredPaper:
        return StoredPaper(new, new.title, new.abstract)

    def passing(self, filters: Filters) -> set[str]:
        low = -9999 if filters.year_from is None else filters.year_from
        high = 9999 if filters.year_to is None else filters.year_to
        any_year = filters.year_from is None and filters.year_to is None
        return {
            p.paper_id
            for p in self.papers.values()
            if (any_year or (p.year is not None and low <= p.year <= high))
            and (not filters.sources or set(p.sources) & set(filters.sources))
            and p.paper_id not in filters.exclude
        }

    def check(self, vector: Vectors, n: int, filters: Filters, current: bool = True) -> None:
        scores = [(float(s), i) for i in self.passing(filters) for s in self.rows[i] @ vector]
        expected: dict[str, float] = {}
        for score, paper_id in sorted(scores, reverse=True)[:n]:
            expected.setdefault(paper_id, score)
        found, notes = self.dense.search(vector, n, filters)
        best = dict(sorted(found.items(), key=lambda item: -item[1])[: len(expected)])
        assert best == pytest.approx(expected, abs=1e-5)
        assert found.keys() <= self.passing(filters)
        words, more_notes = self.bm25.search("common", 100, filters)
        assert words.keys() == self.passing(filters) if current else words.keys() <= self.passing(filters)
        assert notes + more_notes == ()


YEARS = st.sampled_from([None, 2001, 2002, 2003])
SOURCES = st.sampled_from(["a", "b"])
CHANGES = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(PAPERS), YEARS, SOURCES, st.just(1)),
    st.tuples(st.just("describe"), st.sampled_from(PAPERS), YEARS),
    st.tuples(st.just("delete"), st.sampled_from(PAPERS)),
)
FILTERS = st.builds(
    Filters,
    year_from=st.sampled_from([None, 2001, 2002]),
    year_to=st.sampled_from([None, 2002, 2003]),
    sources=st.sampled_from([(), ("a",), ("a", "b"), ("nothing",)]),
    exclude=st.lists(st.sampled_from([f"t:{i:03}" for i in PAPERS]), max_size=3).map(tuple),
)


WAYS = {
    "compared exactly": {"few": 1_000},
    "fetched with others": {"few": 0, "most_fetched": 10_000},
    "searched within": {"few": 0, "most_fetched": 0},
    "as it comes": {"few": 5, "most_fetched": 30},
}


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGES, max_size=6), st.lists(st.tuples(FILTERS, st.integers(1, 30)), min_size=2, max_size=6))
def test_filters_find_what_a_look_at_every_paper_finds(
    tmp_path_factory: pytest.TempPathFactory, way: str, changes: list[tuple], asked: list[tuple[Filters, int]]
) -> None:
    world = World(tmp_path_factory.mktemp("filters"), **WAYS[way])
    for number in PAPERS[:18]:
        world.put(number, [None, 2001, 2002, 2003][number % 4], "ab"[number % 2])
    with world.library.writing():
        world.indexes.rebuild()
    for name, *arguments in changes:
        getattr(world, name)(*arguments)
    for seed, (filters, n) in enumerate(asked):
        world.indexes.open()
        world.check(vectors(99, seed)[0], n, filters)
    world.close()


def test_a_year_that_changes_is_filtered_by_at_once(tmp_path: Path) -> None:
    world = World(tmp_path, few=0)
    for number in PAPERS:
        world.put(number, 2001, "a")
    world.indexes.open()
    with world.library.writing():  # another program is at work: the indexes stay as they are
        world.describe(3, 2009)
        world.indexes.open()
        world.check(vectors(3, 0)[0], 50, Filters(year_from=2005), current=False)
        world.check(vectors(3, 0)[0], 50, Filters(year_to=2004), current=False)
    world.close()


def test_filters_that_only_pin_leave_no_paper_out(tmp_path: Path) -> None:
    world = World(tmp_path)
    for number in PAPERS:
        world.put(number, 2001, "a")
    world.check(vectors(3, 0)[0], 10, Filters(pinned=("t:003",)))
    pinned = Filters(year_from=2005, pinned=("t:003", "t:004"), exclude=("t:004",))
    assert world.bm25.search("common", 100, pinned).papers.keys() == {"t:003"}
    world.close()
