"""Dense search over a real Chroma collection: Chroma decides what is near, and what it cannot know is compared exactly."""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import LibraryError
from assistant.index import checksums
from assistant.index.chroma import ChromaIndex
from assistant.index.manager import IndexManager
from assistant.library.library import Library
from assistant.library.rows import Entry, StoredPaper
from assistant.retrieval.dense import DenseRetriever
from assistant.settings import Settings
from assistant.types import Chunk, Filters, Paper, Vectors

COUNT = 40
ROWS: Vectors = np.eye(COUNT, 64, dtype=np.float32)
RECENT = Filters(year_from=2010)


def put(library: Library, number: int, vector: Vectors) -> None:
    paper = Paper(f"t:{number:03}", f"Title {number}", f"Sentence {number}.", year=2000 + number)
    chunk = Chunk(paper.paper_id, 0, 0, 8, paper.title)
    library.store.put([Entry(StoredPaper(paper, paper.title, paper.abstract), "none", (chunk,), vector[None])])


@contextmanager
def opened(home: Path, **limits: int) -> Iterator[tuple[Library, IndexManager]]:
    library = Library(home, "none")
    indexes = IndexManager(library, Settings(home=home), **limits)
    yield library, indexes
    indexes.close()
    library.close()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("dense")
    with opened(home) as (library, indexes):
        for number in range(COUNT):
            put(library, number, ROWS[number])
        indexes.open()
    return home


@pytest.fixture
def home(untouched: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(untouched, tmp_path / "home"))


def nearest(dense: DenseRetriever, number: int, filters: Filters | None = None) -> str:
    found = dense.search(ROWS[number], 5, filters)
    assert found.notes == ()
    return max(found.papers, key=lambda i: found.papers[i])


@pytest.mark.parametrize("filters", [None, RECENT])
@pytest.mark.parametrize("most_fetched", [0, 1_000])
def test_what_chroma_says_is_near_is_near(home: Path, filters: Filters | None, most_fetched: int) -> None:
    """Its collection holds the vectors of the papers in reverse, which the store does not."""
    with opened(home) as (library, indexes):
        chunks = [(chunk, ROWS[COUNT - 1 - i]) for i, (chunk, _) in enumerate(library.store.chunks())]
        ChromaIndex.build(home / "index", library.store.revision, chunks, COUNT).close()
        dense = DenseRetriever(library.store, indexes, few=0, most_fetched=most_fetched)
        for number in (0, 12, 25):
            assert nearest(dense, number, filters) == f"t:{COUNT - 1 - number:03}"
        assert dense.exact(ROWS[12], ["t:012", "t:013"]) == {"t:012": 1.0, "t:013": 0.0}


@pytest.mark.parametrize("filters", [None, RECENT])
def test_what_changed_since_the_last_build_is_compared_exactly(home: Path, filters: Filters | None) -> None:
    with opened(home, rebuilt_up_to=0) as (library, indexes):
        indexes.open()
        built = indexes.dense
        put(library, 20, ROWS[12])
        library.store.delete(["t:012"])
        indexes.open()
        assert indexes.dense is built, "not rebuilt for two papers"
        for few in (0, 1_000):
            dense = DenseRetriever(library.store, indexes, few=few)
            assert nearest(dense, 12, filters) == "t:020"
            assert "t:012" not in dense.search(ROWS[12], COUNT, filters).papers


def test_a_collection_that_fails_while_it_is_open_is_replaced(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(home) as (library, indexes):
        dense = DenseRetriever(library.store, indexes)
        index = indexes.dense
        assert isinstance(index, ChromaIndex)
        index.close()
        shutil.rmtree(index.folder / "chroma")
        with caplog.at_level(logging.WARNING):
            assert nearest(dense, 7) == "t:007"
        assert "replacing the index" in caplog.text
        assert isinstance(indexes.dense, ChromaIndex)
        caplog.clear()
        assert nearest(dense, 8) == "t:008"
        assert caplog.text == ""


def test_an_index_of_release_0_1_is_opened_as_it_is(home: Path) -> None:
    """Its snapshots also held the vectors in a file of their own, under the same seal."""
    folder = home / "index" / (home / "index" / "CURRENT").read_text()
    sealed = json.loads((folder / checksums.SEAL).read_text().partition("\n")[2])
    unsealed = {p.name for p in folder.rglob("*.bin") if str(p.relative_to(folder)) not in sealed}
    (folder / "vectors.f32").write_bytes(ROWS.tobytes())
    changing = {Path(name).name: ranges for name, (_, _, ranges) in sealed.items()}
    checksums.seal(folder, leave_out=unsealed, changing=changing)
    with opened(home) as (library, indexes):
        assert nearest(DenseRetriever(library.store, indexes), 7) == "t:007"
        assert isinstance(indexes.dense, ChromaIndex)
        assert indexes.dense.folder == folder


def test_excluded_papers_are_not_found(home: Path) -> None:
    with opened(home, rebuilt_up_to=0) as (library, indexes):
        indexes.open()
        put(library, 20, ROWS[12])
        filters = Filters(year_from=2005, exclude=("t:012", "t:020"))
        for few in (0, 1_000):
            dense = DenseRetriever(library.store, indexes, few=few)
            for asked in (filters, replace(filters, year_from=None)):
                found = dense.search(ROWS[12], COUNT, asked).papers
                assert not {"t:012", "t:020"} & found.keys()
                assert len(found) >= COUNT - 7


def test_without_an_index_a_small_library_is_compared_and_a_large_one_says_why(home: Path) -> None:
    with closing(sqlite3.connect(next(home.rglob("chroma.sqlite3")))) as db, db:
        db.execute("DROP TABLE embeddings")
    with opened(home) as (library, indexes), library.writing():  # another program holds the lock: nothing is healed
        assert indexes.dense is None
        assert nearest(DenseRetriever(library.store, indexes), 30) == "t:030"
    with opened(home, exact_up_to=COUNT - 1) as (library, indexes), library.writing():
        with pytest.raises(LibraryError, match="assistant rebuild"):
            indexes.counts()
        found = DenseRetriever(library.store, indexes).search(ROWS[30], 5)
        assert not found.papers
        assert "keyword matches alone" in found.notes[0]
