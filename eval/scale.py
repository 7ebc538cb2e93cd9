"""How search fares in a library of any size: generated papers with generated vectors, so that nothing is embedded.

`python -m eval.scale --papers 100000` prints JSON. The store, the indexes and the search are the real ones; each
figure is taken in a process of its own, so that memory is that of what is named. Uses the package's own parts: a
library of a million papers cannot be made through its public names in less than a day.
"""

from __future__ import annotations

import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from assistant import Assistant
from assistant.documents.identity import title_key
from assistant.embeddings.embedders import make_embedder
from assistant.index import chroma
from assistant.library.rows import Entry, StoredPaper
from assistant.retrieval.hybrid import HybridRetriever
from assistant.settings import Settings
from assistant.types import Chunk, Embedder, Filters, Paper, Vectors

_DIM, _CLUSTERS, _SPREAD = 384, 400, 1.2
"""Vectors lie around centres, as topics do; the spread is that of a unit vector's noise beside its centre."""
_VOCABULARY, _ZIPF = 50_000, 1.05
_FIRST_YEAR, _LAST_YEAR = 1991, 2026
_BATCH = 2_000
_RECENT = Filters(year_from=2020)
_OLD = Filters(year_from=2000, year_to=2003)


class Planted:
    """Encodes as the real encoder does, and hands out vectors planted for the questions in place of its own."""

    def __init__(self, real: Embedder) -> None:
        self.real = real
        self.name = real.name
        self.planted: dict[str, Vectors] = {}
        self.seconds: list[float] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim)."""
        started = time.process_time()
        self.real.encode(texts)
        self.seconds.append(time.process_time() - started)
        return np.stack([self.planted[t] for t in texts])


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


def _fill(home: Path, papers: int) -> dict[str, Any]:
    settings = Settings(home=home)
    library = Assistant(settings, embedder=make_embedder(settings))
    with library.writing():
        batch: list[Entry] = []
        for paper, vector in generate(papers):
            key, text = title_key(paper.title), f"{paper.title}\n{paper.abstract}"
            window = Chunk(paper.paper_id, 0, 0, len(paper.abstract), text)
            batch.append(Entry(StoredPaper(paper, key, paper.paper_id), library.signature, (window,), vector[None]))
            if len(batch) == _BATCH:
                library.store.put(batch)
                batch = []
        library.store.put(batch)
    library.close()
    return {}


def generate(papers: int, seed: int = 7) -> Iterator[tuple[Paper, Vectors]]:
    """Papers of Zipfian words, 150 to 200 an abstract, most of them late, each with its vector (shape (dim,))."""
    random = np.random.default_rng(seed)
    words = np.array([_word(i) for i in range(_VOCABULARY)])
    ranks = np.arange(1, _VOCABULARY + 1) ** -_ZIPF
    edges = np.cumsum(ranks / ranks.sum())
    centres = _unit(random.standard_normal((_CLUSTERS, _DIM)))
    for start in range(0, papers, _BATCH):
        count = min(_BATCH, papers - start)
        lengths = random.integers(150, 201, count)
        drawn = iter(words[np.minimum(np.searchsorted(edges, random.random(int(lengths.sum()) + 10 * count)), 49_999)])
        noise = _unit(random.standard_normal((count, _DIM)))
        vectors = _unit(centres[random.integers(0, _CLUSTERS, count)] + _SPREAD * noise)
        years = _LAST_YEAR - (random.beta(1, 3, count) * (_LAST_YEAR - _FIRST_YEAR + 1)).astype(int)
        for i in range(count):
            title = " ".join(next(drawn) for _ in range(10)).capitalize()
            text = " ".join(next(drawn) for _ in range(lengths[i])).capitalize() + "."
            year, source = int(years[i]), f"part-{(start + i) % 20}.jsonl"
            paper_id = f"arxiv:{(start + i) // 100_000:04d}.{(start + i) % 100_000:05d}"
            yield Paper(paper_id, title, text, ("A. Roe",), 1, None, str(year), year, sources=(source,)), vectors[i]


def _word(rank: int) -> str:
    """A pronounceable word for each rank, the frequent ones short."""
    syllables, text = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"], ""
    rank += 1
    while rank:
        rank, last = divmod(rank, len(syllables))
        text = syllables[last] + text
    return text


def _unit(rows: Any) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)


# -- what is measured ----------------------------------------------------------------------------------------------


def _rebuild(home: Path, draft: bool) -> dict[str, Any]:
    settings = Settings(home=home)
    library = Assistant(settings, embedder=make_embedder(settings))
    if draft:
        chroma.HNSW["ef_construction"] = 40
    with library.writing():
        library.indexes.rebuild()
    library.close()
    return {}


def _change(home: Path, share: int) -> dict[str, Any]:
    """Every `share`-th paper is stored anew and the indexes are brought up to that, then comes the first search."""
    settings = Settings(home=home)
    embedder = Planted(make_embedder(settings))
    embedder.real.encode(["what loads the encoder"])
    question = _questions(home, 1, embedder)[0]
    library = Assistant(settings, embedder=embedder)
    ids = [p.paper_id for p in library.store.every_paper()][::share]
    windows = {chunk.paper_id: (chunk, vector) for chunk, vector in library.store.chunks(ids)}
    entries = []
    for paper in library.store.papers(ids):
        chunk, vector = windows[paper.paper_id]
        known = StoredPaper(paper, title_key(paper.title), paper.paper_id)
        entries.append(Entry(known, library.signature, (chunk,), vector[None]))
    with library.writing():
        library.store.put(entries)
        started = time.perf_counter()
        library.indexes.sync(locked=True)
        figures: dict[str, Any] = {"changed": len(ids), "sync_ms": _ms(time.perf_counter() - started)}
    library.close()
    library = Assistant(settings, embedder=embedder)
    search = Search(library, settings)
    for name in ("first_ms", "second_ms"):
        started = time.perf_counter()
        search.passages(question, 8, None, [])
        figures[name] = _ms(time.perf_counter() - started)
    library.close()
    return figures


def _serve(home: Path, questions: int) -> dict[str, Any]:
    """The first search after opening, then each leg and the whole; resident memory at the end."""
    settings = Settings(home=home)
    embedder = Planted(make_embedder(settings))
    embedder.real.encode(["what loads the encoder"])
    asked = _questions(home, questions, embedder)
    started = time.perf_counter()
    library = Assistant(settings, embedder=embedder)
    search, notes = Search(library, settings), list[str]()
    search.passages(asked[0], 8, None, notes)
    figures: dict[str, Any] = {"first_ms": _ms(time.perf_counter() - started)}
    figures["opening"] = _timed(partial(_search, search, None, notes), asked[: questions // 3]) | {"of": questions // 3}
    kinds = {"all": None, f"from {_RECENT.year_from}": _RECENT, f"{_OLD.year_from}-{_OLD.year_to}": _OLD}
    kinds["one source"] = Filters(sources=("part-3.jsonl",))
    for name, filters in kinds.items():
        embedder.seconds.clear()
        legs = {
            "search": partial(_search, search, filters, notes),
            "dense": partial(_dense, library, embedder, filters),
            "lexical": partial(_lexical, library, filters),
        }
        figures[name] = {leg: _timed(call, asked) for leg, call in legs.items()}
        figures[name]["encode"] = {f"cpu_{k}": v for k, v in _percentiles(embedder.seconds).items()}
    figures["resident_mb"] = _resident()
    figures["notes"] = sorted(set(notes))
    library.close()
    return figures


def _search(search: Search, filters: Filters | None, notes: list[str], question: str) -> object:
    return search.passages(question, 8, filters, notes)


def _dense(library: Assistant, embedder: Planted, filters: Filters | None, question: str) -> object:
    return library.indexes.dense(embedder.planted[question], 150, filters)


def _lexical(library: Assistant, filters: Filters | None, question: str) -> object:
    return library.indexes.lexical(question, 60, filters)


def _questions(home: Path, count: int, embedder: Planted) -> list[str]:
    """Eight words of a paper each, with a vector near the paper's."""
    library = Assistant(Settings(home=home), embedder=embedder)
    random = np.random.default_rng(3)
    total = library.store.count()
    ids = [
        f"arxiv:{i // 100_000:04d}.{i % 100_000:05d}" for i in random.choice(total, min(count, total), replace=False)
    ]
    vectors = {chunk.paper_id: vector for chunk, vector in library.store.chunks(ids)}
    for paper in library.store.papers(ids):
        words = random.choice(paper.abstract.rstrip(".").split(), 8, replace=False)
        question = f"What is known about {' '.join(words)}?"
        embedder.planted[question] = _unit(vectors[paper.paper_id] + 0.5 * _unit(random.standard_normal(_DIM)))
    library.close()
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
