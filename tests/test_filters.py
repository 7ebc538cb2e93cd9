"""Filters against an oracle that looks at every paper: whatever changed, and whichever way the search goes."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.extraction.fact import Fact
from assistant.index.manager import IndexManager
from assistant.library.library import Library
from assistant.library.rows import Entry, StoredPaper
from assistant.retrieval.bm25 import BM25Retriever
from assistant.retrieval.dense import DenseRetriever
from assistant.settings import Settings
from assistant.types import Chunk, Filters, Paper, Vectors

DIM = 12
PAPERS = range(24)


AUTHORS = ("Ann Beek", "A. Beek", "José Núñez", "Beeker, Ann", "Li Wei")
VENUES = (None, "Journal of Harbour Studies", "Harbour Conference 2001", "Proc. of ICML")
CATEGORIES = ((), ("cs.LG",), ("cs.CL", "stat.ML"), ("csx.LG",))
ORGANISATIONS = (None, "Leith Institute", "Institute of Esbjerg")
DATES = (None, "2001", "2001-05", "2001-05-31", "2002-02", "--05-17")
KINDS = ("survey", "method", "benchmark")


def paper(number: int, year: int | None, source: str) -> Paper:
    """Every field has a period of its own, so that no two of them go together."""
    authors = tuple(AUTHORS[(number + i) % len(AUTHORS)] for i in range(number % 4))
    return Paper(
        f"t:{number:03}",
        f"Title {number}",
        f"Common word{number}.",
        authors=authors,
        author_count=7 if number == 6 else len(authors) or None,  # more than are named
        year=year,
        date=DATES[number % len(DATES)],
        sources=(source, "all"),
        venue=VENUES[number // 2 % len(VENUES)],
        categories=CATEGORIES[number // 3 % len(CATEGORIES)],
        organisation=ORGANISATIONS[number // 5 % len(ORGANISATIONS)],
    )


def kind(number: int) -> str:
    return KINDS[number // 4 % len(KINDS)]


def days(date: str | None) -> tuple[str, str] | None:
    """The first and the last day that a date or the beginning of one stands for."""
    if date is None or date.startswith("-"):
        return None
    year, *rest = map(int, date.split("-"))
    month = rest[0] if rest else None
    last = calendar.monthrange(year, month or 12)[1]
    if len(rest) == 2:
        return date, date
    return f"{year}-{month or 1:02}-01", f"{year}-{month or 12:02}-{last:02}"


def has(recorded: Iterable[str | None], asked: Iterable[str]) -> bool:
    """Whether one of the values has one of the asked words, whole; all that are asked here are such words."""
    words = {word.strip(",.") for value in recorded for word in (value or "").split()}
    return bool(words & set(asked))


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
        facts = (Fact("paper kind", kind(number), new.title, 0, len(new.title), "title"),)
        self.library.store.put([Entry(self._known(new), self.library.signature, chunks, rows, facts=facts)])
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
            and self._described(p, filters)
        }

    def _described(self, p: Paper, filters: Filters) -> bool:
        first, last = days(filters.date_from), days(filters.date_to)
        dated = days(p.date) or ("", "~")
        count = p.author_count or (0 if filters.authors_from is not None else 99)
        return (
            (not filters.authors or has(p.authors, filters.authors))
            and (not filters.venues or has([p.venue], filters.venues))
            and (not filters.organisations or has([p.organisation], filters.organisations))
            and (not filters.categories or any(c.split(".")[0] in filters.categories for c in p.categories))
            and (first is None or dated[0] >= first[0])
            and (last is None or dated[1] <= last[1])
            and (filters.authors_from is None or count >= filters.authors_from)
            and (filters.authors_to is None or count <= filters.authors_to)
            and (not filters.kinds or kind(int(p.paper_id[2:])) in filters.kinds)
        )

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
DESCRIBED = st.fixed_dictionaries(
    {},
    optional={
        "authors": st.sampled_from([("Beek",), ("Núñez", "Wei"), ("Nobody",)]),
        "venues": st.sampled_from([("Harbour",), ("ICML",), ("Harb",)]),
        "categories": st.sampled_from([("cs",), ("stat", "csx"), ("c",)]),
        "organisations": st.sampled_from([("Institute",), ("Esbjerg",)]),
        "date_from": st.sampled_from(["2001", "2001-05", "2001-05-31", "2001-06"]),
        "date_to": st.sampled_from(["2001", "2001-05", "2001-05-30", "2002-02"]),
        "authors_from": st.integers(1, 4),
        "authors_to": st.integers(1, 7),
        "kinds": st.sampled_from([("survey",), ("method", "benchmark")]),
    },
).map(lambda given: dict(list(given.items())[:3]))  # more together let no paper through
"""Filters by what records and facts say."""


WAYS = {
    "compared exactly": {"few": 1_000},
    "fetched with others": {"few": 0, "most_fetched": 10_000},
    "searched within": {"few": 0, "most_fetched": 0},
    "as it comes": {"few": 5, "most_fetched": 30},
}


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(CHANGES, max_size=6),
    st.lists(st.tuples(FILTERS, DESCRIBED, st.integers(1, 30)), min_size=2, max_size=6),
)
def test_filters_find_what_a_look_at_every_paper_finds(
    tmp_path_factory: pytest.TempPathFactory, way: str, changes: list[tuple], asked: list[tuple[Filters, dict, int]]
) -> None:
    world = World(tmp_path_factory.mktemp("filters"), **WAYS[way])
    for number in PAPERS[:18]:
        world.put(number, [None, 2001, 2002, 2003][number % 4], "ab"[number % 2])
    with world.library.writing():
        world.indexes.rebuild()
    for name, *arguments in changes:
        getattr(world, name)(*arguments)
    for seed, (filters, described, n) in enumerate(asked):
        world.indexes.open()
        world.check(vectors(99, seed)[0], n, filters)
        world.check(vectors(99, seed)[0], n, Filters(**described))
        world.check(vectors(99, seed)[0], n, replace(filters, **described))
    world.close()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DESCRIBED)
def test_the_store_selects_what_a_look_at_every_paper_finds(described_world: World, described: dict) -> None:
    filters = Filters(**described)
    assert described_world.library.store.select(filters) == sorted(described_world.passing(filters))


@pytest.fixture(scope="module")
def described_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("described"))
    for number in range(120):
        world.put(number, None, "a")
    yield world
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
