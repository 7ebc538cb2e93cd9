"""Filters against an oracle that looks at every paper: whatever changed, and whichever way the search goes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import Assistant, Settings
from assistant.index import dense_search
from assistant.library.rows import Entry, StoredPaper
from assistant.types import Chunk, Filters, Paper, Vectors

DIM = 12
PAPERS = range(24)


class NoEmbedder:
    name = "none"

    def encode(self, texts: object) -> Vectors:
        raise AssertionError("nothing is embedded here")


def paper(number: int, year: int | None, source: str) -> Paper:
    return Paper(f"t:{number:03}", f"Title {number}", f"Common word{number}.", year=year, sources=(source, "all"))


def vectors(number: int, version: int) -> Vectors:
    """Two windows a paper, the same ones each time."""
    rows = np.random.default_rng([number, version]).standard_normal((2, DIM)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class World:
    """A library and, beside it, what it should hold."""

    def __init__(self, home: Path) -> None:
        self.library = Assistant(Settings(home=home), embedder=NoEmbedder())
        self.papers: dict[str, Paper] = {}
        self.rows: dict[str, Vectors] = {}

    def put(self, number: int, year: int | None, source: str, version: int = 0) -> None:
        new, rows = paper(number, year, source), vectors(number, version)
        windows = tuple(Chunk(new.paper_id, i, 0, 5, new.title) for i in range(len(rows)))
        self.library.store.put([Entry(self._known(new), self.library.signature, windows, rows)])
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
        found = self.library.indexes.dense(vector, n, filters)
        best = dict(sorted(found.items(), key=lambda item: -item[1])[: len(expected)])
        assert best == pytest.approx(expected, abs=1e-5)
        assert found.keys() <= self.passing(filters)
        words = self.library.indexes.lexical("common", 100, filters).keys()
        assert words == self.passing(filters) if current else words <= self.passing(filters)


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


@pytest.mark.parametrize("way", ["exact", "neighbours", "no matrix"])
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGES, max_size=6), st.lists(st.tuples(FILTERS, st.integers(1, 30)), min_size=2, max_size=6))
def test_filters_find_what_a_look_at_every_paper_finds(
    tmp_path_factory: pytest.TempPathFactory, way: str, changes: list[tuple], asked: list[tuple[Filters, int]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.index.manager._CHEAP", 0)  # as in a library too large to rebuild at every change
        if way != "exact":
            patch.setattr(dense_search, "_A_RESULT", 0)
            patch.setattr(dense_search, "_WORTH_OPENING", 0)
        world = World(tmp_path_factory.mktemp("filters"))
        for number in PAPERS[:18]:
            world.put(number, [None, 2001, 2002, 2003][number % 4], "ab"[number % 2])
        with world.library.writing():
            world.library.indexes.rebuild()
        if way == "no matrix":
            patch.setattr(world.library.indexes._opened().index, "matrix", None)
        for name, *arguments in changes:
            getattr(world, name)(*arguments)
        for seed, (filters, n) in enumerate(asked):
            world.library.indexes.open()
            world.check(vectors(99, seed)[0], n, filters)
        world.library.close()


def test_one_question_opens_no_graph_and_many_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path)
    for number in PAPERS:
        world.put(number, 2001, "a")
    with world.library.writing():
        world.library.indexes.rebuild()
    world.library.close()
    world.library = Assistant(Settings(home=tmp_path), embedder=NoEmbedder())
    asked: list[int] = []
    index_type = type(world.library.indexes._opened().index)
    search = index_type.search
    monkeypatch.setattr(index_type, "search", lambda *a: asked.append(1) or search(*a))
    monkeypatch.setattr(dense_search, "_A_RESULT", 0)
    monkeypatch.setattr(dense_search, "_WORTH_OPENING", 2 * 2 * len(PAPERS))
    for seed in range(3):
        assert not asked
        world.check(vectors(99, seed)[0], 10, Filters())
    assert asked, "the third comparison of all rows costs more than opening the graph"
    world.library.close()


def test_a_year_that_changes_is_filtered_by_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.index.manager._CHEAP", 0)
    world = World(tmp_path)
    for number in PAPERS:
        world.put(number, 2001, "a")
    world.library.indexes.open()
    with world.library.writing():  # another program is at work: the indexes stay as they are
        world.describe(3, 2009)
        world.library.indexes.open()
        world.check(vectors(3, 0)[0], 50, Filters(year_from=2005), current=False)
        world.check(vectors(3, 0)[0], 50, Filters(year_to=2004), current=False)
    world.library.close()
