"""A library whose dense index is on a Chroma server: several programs answer from it, and what happens when it fails."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from chroma_run import ChromaRun, Proxy
from conftest import PAPERS, ROOT, write_papers

from assistant import Assistant, IndexProgress, Settings
from assistant.embeddings.embedders import make_embedder
from assistant.errors import LibraryError
from assistant.index.manager import IndexManager
from assistant.ingestion.chunking import signature
from assistant.library.library import Library
from assistant.library.store import Store
from assistant.retrieval.hybrid import HybridRetriever
from assistant.types import Filters

QUESTION = "How much does TideNet lower the speed error?"
NEWS = {
    "title": "PierCam: Reading Tide Gauges from Webcams",
    "year": 2024,
    "abstract": "Tide gauges are dear. PierCam reads the painted staff of a pier from a webcam, to within 3 centimetres.",
}


def opened(home: Path, chroma: ChromaRun | Proxy, **more: object) -> Assistant:
    return Assistant(Settings(home=home, llm="quotes", chroma_url=chroma.url, cache=False, log_answers=False, **more))


def ranking(assistant: Assistant, question: str = QUESTION) -> list[tuple[str, float]]:
    return [(hit.paper_id, round(hit.score, 5)) for hit in assistant.search(question, k=6)]


@contextmanager
def as_large(home: Path, chroma: ChromaRun | Proxy) -> Iterator[tuple[IndexManager, HybridRetriever]]:
    """The same as in a library that is too large to be searched without its index."""
    settings = Settings(home=home, chroma_url=chroma.url)
    embedder = make_embedder(settings)
    library = Library(home, signature(embedder.name, settings.chunk_tokens, settings.chunk_overlap))
    indexes = IndexManager(library, settings, exact_up_to=3)
    yield indexes, HybridRetriever(library, indexes, embedder, settings.dense_weight)
    indexes.close()
    library.close()


def own(chroma: ChromaRun, home: Path) -> dict[str, int]:
    """This library's collections on the server, with their revisions."""
    with closing(Store(home / "library.sqlite3")) as store:
        library = store.get("chroma_library")
    return {n: m["revision"] for n, m in chroma.collections().items() if n.startswith(f"assistant-{library}-")}


def test_the_same_ranking_from_the_server(fresh_home: Path, chroma: ChromaRun, assistant: Assistant) -> None:
    shutil.rmtree(fresh_home / "index")
    with opened(fresh_home, chroma) as served:
        assert ranking(served) == ranking(assistant)
        recent = Filters(year_from=2021)
        assert served.search(QUESTION, filters=recent) == assistant.search(QUESTION, filters=recent)
        assert served.ask(QUESTION).status == "answered"
        health = {check.name: check for check in served.doctor()}
    assert all(check.ok for check in health.values())
    assert chroma.url in health["dense"].detail
    assert "up to revision 1 of 1" in health["dense"].detail
    assert list(own(chroma, fresh_home).values()) == [1]
    assert not list((fresh_home / "index").glob("gen-*"))  # nothing of it is kept here


ANSWER = f"""
import sys
from pathlib import Path
from assistant import Assistant, Settings
with Assistant(Settings(home=Path(sys.argv[1]), llm="quotes", chroma_url=sys.argv[2], cache=False)) as assistant:
    print("ready", flush=True)
    for line in sys.stdin:
        print(assistant.search(line, k=1)[0].title, len(assistant.ask({QUESTION!r}).citations) > 0, flush=True)
"""


@contextmanager
def answering(home: Path, chroma: ChromaRun) -> Iterator[subprocess.Popen[str]]:
    """A process that answers each line with the title of the best paper, and whether QUESTION is answered."""
    with subprocess.Popen(
        [sys.executable, "-c", ANSWER, str(home), chroma.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
            assert process.communicate()[0] == ""
            assert process.returncode == 0
        finally:
            process.kill()


def asked(process: subprocess.Popen[str], question: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(question + "\n")
    process.stdin.flush()
    return process.stdout.readline()


@pytest.mark.slow
def test_two_processes_answer_while_a_third_indexes(fresh_home: Path, chroma: ChromaRun, tmp_path: Path) -> None:
    with ExitStack() as running:
        writer = running.enter_context(opened(fresh_home, chroma))
        ranking(writer)
        readers = [running.enter_context(answering(fresh_home, chroma)) for _ in range(2)]
        assert all(asked(r, "speed error of harbour currents") == f"{PAPERS[0]['title']} True\n" for r in readers)
        writer.add([write_papers(tmp_path / "news.jsonl", [NEWS])])
        assert sorted(own(chroma, fresh_home).values()) == [1, 2]  # the readers may still be at the first
        assert asked(readers[0], "tide gauges read from webcams") == f"{NEWS['title']} True\n"
        writer.add([write_papers(tmp_path / "old.jsonl", [{**NEWS, "title": "Ebb and Flow", "abstract": "A sonnet."}])])
        assert sorted(own(chroma, fresh_home).values()) == [2, 3]  # what the second reader has open is gone
        assert all(asked(r, "a sonnet on ebb and flow") == "Ebb and Flow True\n" for r in readers)
        assert sorted(own(chroma, fresh_home).values()) == [2, 3]  # and no reader has built one of its own


def test_collections_deleted_behind_our_back(fresh_home: Path, chroma: ChromaRun, assistant: Assistant) -> None:
    with opened(fresh_home, chroma) as served:
        ranking(served)
        for name in own(chroma, fresh_home):
            chroma.delete(name)
        assert ranking(served) == ranking(assistant)
        assert list(own(chroma, fresh_home).values()) == [1]


def test_a_server_that_is_down_costs_no_answer(
    fresh_home: Path, chroma: ChromaRun, assistant: Assistant, tmp_path: Path
) -> None:
    with Proxy(chroma) as proxy:
        served = opened(fresh_home, proxy)
        ranking(served)
    with served:
        assert ranking(served) == ranking(assistant)  # exactly, from the store
        health = {check.name: check for check in served.doctor()}
        assert not health["dense"].ok
        assert proxy.url in health["dense"].detail
        with pytest.raises(LibraryError, match="the papers themselves are stored"):
            served.add([write_papers(tmp_path / "news.jsonl", [NEWS])])
        assert len(served.papers()) == 7
        with pytest.raises(LibraryError, match=proxy.url) as caught:
            served.rebuild()
        assert "\n" not in str(caught.value)
    with as_large(fresh_home, proxy) as (_, retriever):
        found = retriever.search(QUESTION, 6)
        assert found.passages[0].paper.title == PAPERS[0]["title"]
        assert any("keyword matches alone" in note for note in found.notes)
    with opened(fresh_home, chroma) as back:
        assert ranking(back, "tide gauges read from webcams")[0][0] == ranking(back, NEWS["title"])[0][0]
        assert sorted(own(chroma, fresh_home).values()) == [1, 2]


def test_no_question_waits_for_a_large_index_to_be_built(
    fresh_home: Path, chroma: ChromaRun, assistant: Assistant
) -> None:
    with as_large(fresh_home, chroma) as (indexes, retriever):
        assert any("keyword matches alone" in note for note in retriever.search(QUESTION, 6).notes)
        assert own(chroma, fresh_home) == {}
        with pytest.raises(LibraryError, match="assistant rebuild"):
            indexes.counts()
        with indexes.writing():
            indexes.rebuild()
        found = retriever.search(QUESTION, 6)
        assert [(p.paper.paper_id, round(p.score, 5)) for p in found.passages] == ranking(assistant)
        assert found.notes == ()
        assert len(own(chroma, fresh_home)) == 1


@pytest.mark.slow
def test_a_restarted_server_goes_on(fresh_home: Path, tmp_path: Path, assistant: Assistant) -> None:
    chroma = ChromaRun(tmp_path / "data")
    chroma.start()
    try:
        with opened(fresh_home, chroma) as served:
            first = ranking(served)
            chroma.kill()  # SIGKILL: Chroma's own log holds what it acknowledged
            chroma.start()
            assert ranking(served) == first == ranking(assistant)
            assert [check.name for check in served.doctor() if not check.ok] == []
    finally:
        chroma.kill()


BUILD = """
import os, signal, sys
from pathlib import Path
from assistant import Assistant, Settings
from assistant.index.chroma_api import ChromaServer
step = getattr(ChromaServer, sys.argv[3])
def dies(self, *arguments, **named):
    step(self, *arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(ChromaServer, sys.argv[3], dies)
with Assistant(Settings(home=Path(sys.argv[1]), llm="quotes", chroma_url=sys.argv[2])) as assistant:
    assistant.rebuild()
"""


def killed_after(step: str, home: Path, chroma: ChromaRun) -> None:
    """A rebuild that is killed when this step of it is done on the server."""
    command = [sys.executable, "-c", BUILD, str(home), chroma.url, step]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_a_builder_that_is_killed_once_it_has_published(
    fresh_home: Path, chroma: ChromaRun, assistant: Assistant, tmp_path: Path
) -> None:
    shutil.rmtree(fresh_home / "index")
    killed_after("describe", fresh_home, chroma)
    published = own(chroma, fresh_home)
    assert len(published) == 1
    with opened(fresh_home, chroma) as served:
        assert ranking(served) == ranking(assistant)
        assert own(chroma, fresh_home) == published
        served.add([write_papers(tmp_path / "news.jsonl", [NEWS])])
        assert ranking(served, "tide gauges read from webcams")[0][0] == ranking(served, NEWS["title"])[0][0]


def test_a_builder_that_is_killed(fresh_home: Path, chroma: ChromaRun, assistant: Assistant) -> None:
    with opened(fresh_home, chroma) as served:
        ranking(served)
    before = own(chroma, fresh_home)
    killed_after("upsert", fresh_home, chroma)
    half = set(own(chroma, fresh_home)) - set(before)
    assert len(half) == 1
    with opened(fresh_home, chroma) as served:
        assert ranking(served) == ranking(assistant)
        assert half <= set(own(chroma, fresh_home))  # it was never opened
        heard: list[IndexProgress] = []
        served.rebuild(heard.append)
        assert (heard[-1].bytes_read, heard[-1].bytes_total) == (6, 6)
    assert not half & set(own(chroma, fresh_home))


def test_a_copy_that_only_reads(fresh_home: Path, chroma: ChromaRun, tmp_path: Path, assistant: Assistant) -> None:
    with opened(fresh_home, chroma) as served:
        ranking(served)
    copy = Path(shutil.copytree(fresh_home, tmp_path / "replica"))
    before = own(chroma, fresh_home)
    with opened(copy, chroma) as replica:
        assert ranking(replica) == ranking(assistant)
        assert next(c.detail for c in replica.doctor() if c.name == "dense").endswith("up to revision 1 of 1")
    assert own(chroma, fresh_home) == before
