"""Measures search in a library of any size: generated papers with generated vectors, so that nothing is embedded.

`python -m eval.scale --papers 100000` prints JSON. The store, the indexes and the search are the real ones. Each figure
comes from a process of its own, so that memory is that of what is named. It uses the package's inner parts: a library
of a million papers cannot be made through its public names in less than a day.
"""

from __future__ import annotations

import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from assistant.documents.identity import title_key
from assistant.embeddings import word_states
from assistant.embeddings.embedders import encode_words, make_embedder
from assistant.embeddings.word_states import EncodeWords, TextWords
from assistant.index import chroma
from assistant.index.manager import IndexManager
from assistant.ingestion.chunking import signature
from assistant.library.library import Library
from assistant.library.rows import Entry, StoredPaper
from assistant.library.word_store import PaperWords
from assistant.retrieval.bm25 import BM25Retriever
from assistant.retrieval.dense import DenseRetriever
from assistant.retrieval.hybrid import HybridRetriever
from assistant.settings import Settings
from assistant.types import Chunk, Embedder, Filters, Paper, Vectors
from eval.generated_papers import DIM, generate, unit

_BATCH = 2_000
_FILTERS: dict[str, Filters | None] = {
    "all": None,
    "from 2020": Filters(year_from=2020),
    "2000-2003": Filters(year_from=2000, year_to=2003),
    "one source": Filters(sources=("part-3.jsonl",)),
}


class PlantedEmbedder:
    """Encodes as the real encoder does, words included, and returns vectors planted for the questions in place of its own."""

    def __init__(self, real: Embedder) -> None:
        self.real = real
        self.name = real.name
        self.planted: dict[str, Vectors] = {}
        self.seconds: list[float] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim)."""
        return self._encode(texts)[0]

    def word_encoder(self) -> EncodeWords:
        """The real encoder's words, with the planted vectors."""
        return self._encode

    def _encode(self, texts: Sequence[str]) -> tuple[Vectors, list[TextWords]]:
        started = time.process_time()
        _, words = encode_words(self.real, texts)
        self.seconds.append(time.process_time() - started)
        return np.stack([self.planted[t] for t in texts]), words or []


def main(
    papers: Annotated[int, typer.Option(help="Papers in the library.")] = 100_000,
    home: Annotated[Path | None, typer.Option(help="Keep the library here, and use it when it is there.")] = None,
    questions: Annotated[int, typer.Option(help="Questions asked of each kind.")] = 200,
    draft: Annotated[
        bool,
        typer.Option(help="Build the graph with less care: a third of the time; size and search take the same."),
    ] = False,
) -> None:
    """Fill a library, build its indexes, search it; one JSON document."""
    folder = home or Path(tempfile.mkdtemp(prefix="scale-"))
    try:
        figures: dict[str, Any] = {"papers": papers}
        if not (folder / "library.sqlite3").exists():
            figures["fill"] = apart(_fill, folder, papers)
        figures["rebuild"] = apart(_rebuild, folder, draft)
        figures["serve"] = apart(_serve, folder, questions)
        figures["bytes"] = {
            part.name: sum(f.stat().st_size for f in [part, *part.rglob("*")] if f.is_file())
            for part in (folder / "library.sqlite3", folder / "index")
        }
        figures["five percent changed"] = apart(_change, folder, 20)
        typer.echo(json.dumps(figures, indent=1))
    finally:
        if home is None:
            shutil.rmtree(folder)


def apart(task: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """The task's figures, from a process of its own, with what that process took in memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, task, *arguments).result()


def _measured(task: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    started = time.perf_counter()
    figures = task(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = {"seconds": round(time.perf_counter() - started, 2), "cpu_seconds": round(time.process_time(), 2)}
    return {**seconds, "peak_mb": round(peak), **figures}


# -- the library ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """The parts of one library that are measured."""

    library: Library
    indexes: IndexManager
    settings: Settings

    def retriever(self, embedder: Embedder) -> HybridRetriever:
        return HybridRetriever(self.library, self.indexes, embedder, self.settings.dense_weight)


@contextmanager
def open_parts(home: Path) -> Iterator[Opened]:
    settings = Settings(home=home)
    name = make_embedder(settings).name
    library = Library(home, signature(name, settings.chunk_tokens, settings.chunk_overlap))
    indexes = IndexManager(library, settings)
    try:
        yield Opened(library, indexes, settings)
    finally:
        indexes.close()
        library.close()


def _fill(home: Path, papers: int) -> dict[str, Any]:
    with open_parts(home) as opened, opened.library.writing():
        batch: list[Entry] = []
        for paper, vector in generate(papers):
            chunk = Chunk(paper.paper_id, 0, 0, len(paper.abstract), f"{paper.title}\n{paper.abstract}")
            batch.append(entry(opened.library, paper, chunk, vector))
            if len(batch) == _BATCH:
                opened.library.store.put(batch)
                batch = []
        opened.library.store.put(batch)
    return {}


def entry(library: Library, paper: Paper, chunk: Chunk, vector: Vectors) -> Entry:
    stored = StoredPaper(paper, title_key(paper.title), paper.paper_id)
    return Entry(stored, library.signature, (chunk,), vector[None], words=_words(chunk.text))


def _words(text: str) -> PaperWords:
    """As many packed vectors as the text has distinct words; any bytes are vectors, and take the same time to compare."""
    size = word_states.BYTES * len(set(text.lower().split()))
    return PaperWords(word_states.count(text), np.random.default_rng(len(text)).bytes(size))


# -- what is measured ----------------------------------------------------------------------------------------------


def _rebuild(home: Path, draft: bool) -> dict[str, Any]:
    if draft:
        chroma.HNSW["ef_construction"] = 40
    with open_parts(home) as opened, opened.library.writing():
        opened.indexes.rebuild()
    return {}


def _change(home: Path, share: int) -> dict[str, Any]:
    """Every `share`-th paper is stored again and the indexes are brought up to that, then comes the first search."""
    embedder = _warm_embedder(home)
    question = _questions(home, 1, embedder)[0]
    with open_parts(home) as opened, opened.library.writing():
        store = opened.library.store
        ids = [p.paper_id for p in store.every_paper()][::share]
        papers = {p.paper_id: p for p in store.papers(ids)}
        chunks = list(store.chunks(ids))
        store.put([entry(opened.library, papers[chunk.paper_id], chunk, vector) for chunk, vector in chunks])
        started = time.perf_counter()
        opened.indexes.sync(locked=True)
        figures: dict[str, Any] = {"changed": len(ids), "sync_ms": _ms(time.perf_counter() - started)}
    with open_parts(home) as opened:
        retriever = opened.retriever(embedder)
        for name in ("first_ms", "second_ms"):
            started = time.perf_counter()
            retriever.search(question, 8)
            figures[name] = _ms(time.perf_counter() - started)
    return figures


def _serve(home: Path, questions: int) -> dict[str, Any]:
    """The first search after opening, then each retriever and both together; resident memory at the end."""
    embedder = _warm_embedder(home)
    asked = _questions(home, questions, embedder)
    notes: set[str] = set()
    started = time.perf_counter()
    with open_parts(home) as opened:
        hybrid = opened.retriever(embedder)
        dense = DenseRetriever(opened.library.store, opened.indexes)
        bm25 = BM25Retriever(opened.library.store, opened.indexes)
        parts: dict[str, Callable[[Filters | None, str], tuple[str, ...]]] = {
            "search": lambda filters, question: hybrid.search(question, 8, filters).notes,
            "dense": lambda filters, question: dense.search(embedder.planted[question], 150, filters).notes,
            "bm25": lambda filters, question: bm25.search(question, 200, filters).notes,
        }
        notes.update(parts["search"](None, asked[0]))
        figures: dict[str, Any] = {"first_ms": _ms(time.perf_counter() - started)}
        for name, filters in _FILTERS.items():
            embedder.seconds.clear()
            started = time.perf_counter()
            notes.update(parts["search"](filters, asked[0]))
            first = _ms(time.perf_counter() - started)
            figures[name] = {"first_ms": first} | {
                part: _timed(partial(call, filters), asked) for part, call in parts.items()
            }
            figures[name]["encode"] = {f"cpu_{k}": v for k, v in _percentiles(embedder.seconds).items()}
        figures["resident_mb"] = _resident()
    return figures | {"notes": sorted(notes)}


def _warm_embedder(home: Path) -> PlantedEmbedder:
    embedder = PlantedEmbedder(make_embedder(Settings(home=home)))
    embedder.real.encode(["what loads the encoder"])
    return embedder


def _questions(home: Path, count: int, embedder: PlantedEmbedder) -> list[str]:
    """Eight words of a paper each, with a vector near the paper's."""
    random = np.random.default_rng(3)
    with open_parts(home) as opened:
        store = opened.library.store
        total = store.count()
        ids = [
            f"arxiv:{i // 100_000:04d}.{i % 100_000:05d}"
            for i in random.choice(total, min(count, total), replace=False)
        ]
        vectors = {chunk.paper_id: vector for chunk, vector in store.chunks(ids)}
        for paper in store.papers(ids):
            words = random.choice(paper.abstract.rstrip(".").split(), 8, replace=False)
            question = f"What is known about {' '.join(words)}?"
            embedder.planted[question] = unit(vectors[paper.paper_id] + 0.5 * unit(random.standard_normal(DIM)))
    return list(embedder.planted)


def _timed(call: Callable[[str], object], asked: Sequence[str]) -> dict[str, float]:
    """Percentiles of the time by the clock, and of the processor's, which tells more where others are at work."""
    clock, processor = [], []
    for question in asked:
        started, used = time.perf_counter(), time.process_time()
        call(question)
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    p50, p95 = np.percentile(processor, [50, 95])
    return {**_percentiles(clock), "cpu_p50_ms": _ms(p50), "cpu_p95_ms": _ms(p95)}


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    p50, p95, worst = np.percentile(seconds, [50, 95, 100])
    return {"p50_ms": _ms(p50), "p95_ms": _ms(p95), "max_ms": _ms(worst)}


def _ms(seconds: float) -> float:
    return round(1000 * float(seconds), 2)


def _resident() -> int:
    """MB that this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * resource.getpagesize() / 1e6)


if __name__ == "__main__":
    typer.run(main)
