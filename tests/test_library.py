"""Indexing: what is stored, what is merged, what an interruption or a second run does, and that indexes can be lost."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from conftest import PAPERS, write_papers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ingesting import LONG, CountingEmbedder, library, opened, records

from assistant import Assistant, DocumentError, LibraryError, Settings
from assistant.library.library import Library
from assistant.library.store import Store
from assistant.types import Filters, Vectors


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    source, embedder = write_papers(tmp_path / "p.jsonl"), CountingEmbedder()
    first = library(tmp_path / "home", embedder).add([source])
    embedded = len(embedder.texts)
    second = library(tmp_path / "home", embedder).add([source])
    assert (first.papers, first.added) == (6, 6)
    assert (second.papers, second.added, second.updated, second.unchanged, second.duplicates) == (6, 0, 0, 6, 0)
    assert len(embedder.texts) == embedded, "nothing is embedded twice"


def test_an_edited_abstract_is_embedded_alone(tmp_path: Path) -> None:
    source, embedder = write_papers(tmp_path / "p.jsonl"), CountingEmbedder()
    lib = library(tmp_path / "home", embedder)
    lib.add([source])
    edited = [dict(p) for p in PAPERS]
    edited[2]["abstract"] = str(edited[2]["abstract"]).replace("88.9%", "89.4%").replace(" with its lexicon", "")
    write_papers(source, edited)
    embedder.texts.clear()
    report = lib.add([source])
    assert (report.added, report.updated, report.unchanged) == (0, 1, 5)
    assert len(embedder.texts) == 1
    assert "89.4%" in embedder.texts[0]
    found = lib.search("Cluny charters tokenizer", 1)[0]
    assert "89.4%" in lib.paper(found.paper_id).abstract


def test_copies_are_merged_and_counted(tmp_path: Path) -> None:
    a = write_papers(tmp_path / "a.jsonl", records(("Harbour Drift", LONG), ("Other", "Something else is said here.")))
    b = write_papers(tmp_path / "b.jsonl", records(("harbour  drift!", LONG + " It rains.")))
    lib = library(tmp_path / "home")
    report = lib.add([a, b])
    assert (report.papers, report.added, report.duplicates) == (2, 2, 1)
    merged = next(p for p in lib.papers() if "arbour" in p.title)
    assert merged.abstract.endswith("It rains.")
    assert set(merged.sources) == {"a.jsonl", "b.jsonl"}
    again = lib.add([a, b])
    assert (again.added, again.updated, again.unchanged, again.duplicates) == (0, 0, 2, 1)
    assert next(p for p in lib.papers() if "arbour" in p.title) == merged


def test_arxiv_id_wins_over_title(tmp_path: Path) -> None:
    a = write_papers(tmp_path / "a.jsonl", records(("Harbour Drift", LONG)))
    b = tmp_path / "b.jsonl"
    b.write_text(json.dumps({"id": "2101.00001", "title": "Harbour Drift", "abstract": LONG, "authors": "A. Roe"}))
    lib = library(tmp_path / "home")
    lib.add([a])
    lib.add([b])
    assert [p.paper_id for p in lib.papers()] == ["arxiv:2101.00001"]
    assert [h.paper_id for h in lib.search("harbour drift ropes", 5)] == ["arxiv:2101.00001"]


def test_same_title_other_abstract_stays_and_is_reported(tmp_path: Path) -> None:
    other = "Tides of grain prices follow the moon in no market that was looked at over ninety years."
    source = write_papers(tmp_path / "p.jsonl", records(("Harbour Drift", LONG), ("Harbour Drift", other)))
    lib = library(tmp_path / "home")
    report = lib.add([source])
    assert (report.papers, report.added) == (2, 2)
    assert report.conflicts == (
        "two papers with different abstracts have the title “Harbour Drift”; both are in the library",
    )
    assert lib.add([source]).unchanged == 2


class Interrupted(CountingEmbedder):
    """Is interrupted in the second batch."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        if self.texts:
            raise KeyboardInterrupt
        return super().encode(texts)


def test_interrupted_run_keeps_what_it_committed(tmp_path: Path) -> None:
    rows = records(*[(f"Paper number {i} on boats", f"{LONG} Boat {i} sank.") for i in range(10)])
    source, embedder = write_papers(tmp_path / "p.jsonl", rows), CountingEmbedder()
    with opened(tmp_path / "home", Interrupted(), batch=4) as lib:
        with pytest.raises(KeyboardInterrupt):
            lib.pipeline.add([source])
        assert lib.library.store.count() == 4
    report = library(tmp_path / "home", embedder).add([source])
    assert (report.papers, report.added, report.unchanged) == (10, 6, 4)
    assert len(embedder.texts) == 6


def test_other_embedder_or_chunking_is_noticed_and_never_mixed(tmp_path: Path) -> None:
    source = write_papers(tmp_path / "p.jsonl")
    library(tmp_path / "home").add([source])
    embedder = CountingEmbedder()
    changed = library(tmp_path / "home", embedder, chunk_tokens=40, chunk_overlap=10)
    with pytest.raises(LibraryError, match="assistant rebuild"):
        changed.search("night buses")
    changed.rebuild()
    assert len({t.split("\n")[0] for t in embedder.texts}) == 6
    assert changed.stats().chunks > 6
    assert changed.search("night buses")


def test_a_stale_library_refuses_to_answer(fresh_home: Path) -> None:
    with Assistant(Settings(home=fresh_home, llm="quotes", chunk_tokens=64, chunk_overlap=8)) as changed:
        with pytest.raises(LibraryError, match="assistant rebuild"):
            changed.ask("What is TideNet?")
        changed.rebuild()
        assert changed.ask("What is TideNet?").status == "answered"


@pytest.mark.parametrize("damage", ["pointer", "manifest", "truncate", "dense", "lexical", "lexical-bytes", "all"])
def test_lost_or_damaged_indexes_come_back_from_the_store(fresh_home: Path, damage: str) -> None:
    question = "How accurate is counting barley ears from kites?"
    index = fresh_home / "index"
    with Assistant(Settings(home=fresh_home, llm="quotes")) as before:
        expected = {h.paper_id: h.score for h in before.search(question)}
    generation = next(index.glob("gen-*"))
    vectors = next(generation.rglob("*.bin"), None)
    match damage:
        case "pointer":
            (index / "CURRENT").unlink()
        case "manifest":
            (generation / "manifest.json").write_text("{")
        case "truncate":
            if vectors is None:
                pytest.skip("a collection this small has no vector file yet")
            vectors.write_bytes(vectors.read_bytes()[:-8])
        case "dense":
            shutil.rmtree(generation / "chroma")
        case "lexical":
            shutil.rmtree(index / "lexical")
        case "lexical-bytes":
            (index / "lexical" / "meta.json").write_text("not json")
        case _:
            shutil.rmtree(index)
    with Assistant(Settings(home=fresh_home, llm="quotes")) as after:
        assert {h.paper_id: h.score for h in after.search(question)} == pytest.approx(expected)
        assert all(c.ok for c in after.doctor())


def test_delete_is_gone_from_both_indexes(fresh_home: Path) -> None:
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        hit = assistant.search("night buses on request")[0]
        assert assistant.delete([hit.paper_id, "t:unknown"]) == 1
        assert hit.paper_id not in {h.paper_id for h in assistant.search("night buses on request")}
        assert assistant.stats().papers == 5


def test_temporary_papers_are_removed_when_the_first_others_are_added(tmp_path: Path) -> None:
    sample = write_papers(tmp_path / "sample.jsonl", records(("Sample", "A sample says something here.")))
    own = write_papers(tmp_path / "own.jsonl", records(("Own", "Something of one's own stands here.")))
    lib = library(tmp_path / "home")
    lib.add([sample], temporary=True)
    report = lib.add([own])
    assert (report.papers, report.added, report.sample_removed) == (1, 1, 1)
    assert lib.add([sample]).papers == 2, "added by name, they stay"
    assert lib.add([own]).papers == 2


def test_a_missing_path_changes_nothing(tmp_path: Path) -> None:
    lib = library(tmp_path / "home")
    lib.add([write_papers(tmp_path / "p.jsonl")], temporary=True)
    with pytest.raises(DocumentError):
        lib.add([tmp_path / "nothing.bib"])
    assert lib.stats().papers == 6


def test_one_writer_at_a_time(fresh_home: Path) -> None:
    with Assistant(Settings(home=fresh_home)) as assistant:
        with Library(fresh_home, "any").writing(), pytest.raises(LibraryError, match="another program is writing"):
            assistant.add()
        assert assistant.ask("What is TideNet?").citations, "readers go on"


def test_filters_are_exact(assistant: Assistant, library_home: Path) -> None:
    ids = {p.paper_id: p.year for p in assistant.papers()}
    with closing(Store(library_home / "library.sqlite3")) as store:
        assert {ids[i] for i in store.select(Filters(year_from=2021))} == {2021, 2022, 2023}
        assert {ids[i] for i in store.select(Filters(year_from=2020, year_to=2021))} == {2020, 2021}
        assert store.select(Filters(sources=("nothing.txt",))) == []
    answer = assistant.ask("How do night buses cut waiting times?", filters=Filters(year_to=2020))
    assert all(ids[e.paper_id] in (2019, 2020) for e in (*answer.citations, *answer.nearest))


def test_llama_index_reads_the_collection(fresh_home: Path) -> None:
    import chromadb
    from llama_index.core import VectorStoreIndex
    from llama_index.core.embeddings import MockEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    folder = fresh_home / "index" / (fresh_home / "index" / "CURRENT").read_text() / "chroma"
    client = chromadb.PersistentClient(str(folder))
    store = ChromaVectorStore(chroma_collection=client.get_collection("abstracts", embedding_function=None))
    nodes = VectorStoreIndex.from_vector_store(store, embed_model=MockEmbedding(384)).as_retriever().retrieve("x")
    assert len(nodes) == 2
    assert {"paper_id", "start", "end"} <= nodes[0].metadata.keys()
    assert any(nodes[0].get_content().endswith(paper["abstract"]) for paper in PAPERS)
    client.close()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 3)), min_size=1, max_size=8))
def test_order_of_records_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]]
) -> None:
    """Whatever the order of titles and versions: one paper a title, with its longest abstract."""
    folder = tmp_path_factory.mktemp("order")
    papers = records(
        *[(f"Title {t}", " ".join([f"On {t} we say a first thing."] + ["And more of it."] * n)) for t, n in rows]
    )
    lib = library(folder / "home")
    report = lib.add([write_papers(folder / "p.jsonl", papers)])
    longest = {t: max(n for u, n in rows if u == t) for t, _ in rows}
    stored = {p.title[-1]: p.abstract.count("And more") for p in lib.papers()}
    assert stored == longest
    assert report.added + report.duplicates + report.updated + report.unchanged == len(rows)
    lib.close()


def test_counting_survives_files_that_vanish_meanwhile(tmp_path: Path) -> None:
    """An index that is rebuilt removes its old folder while the chat page shows the library's size."""
    done = threading.Event()

    def rebuild() -> None:
        while not done.is_set():
            folder = tmp_path / "home" / "index" / "gen-1" / "chroma"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "data").write_bytes(b"x")
            shutil.rmtree(folder.parent)

    with Assistant(Settings(home=tmp_path / "home", llm="quotes")) as assistant:
        builder = threading.Thread(target=rebuild)
        builder.start()
        try:
            sizes = [assistant.stats().bytes for _ in range(1_000)]
        finally:
            done.set()
            builder.join()
    assert min(sizes) > 0
