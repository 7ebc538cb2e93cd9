"""Measures what is asked of the whole library, at any size: facts of all, find, table, trend, digest.

    python -m eval.scale_collection --papers 100000
    python -m eval.scale_collection --corpus FOLDER

The papers are generated (real sentences of the bundled sample, mixed anew, with planted vectors, so that nothing is
embedded), or those of a folder. Each figure comes from a process of its own, so that memory is that of what is named.
The first time of each includes opening the library and loading the encoder.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant import Assistant, Settings
from assistant.types import Chunk
from eval.mixed_papers import generate
from eval.scale import apart, entry, open_parts

_BATCH = 1_000
_NEW = 200
"""Papers that come in with a second run, which a digest tells of."""
TOPICS = (
    "semi-supervised learning",
    "object detection",
    "papers that release code",
    "a new loss function",
    "vision transformers",
    "medical images",
)


def main(
    papers: Annotated[int, typer.Option(help="Generated papers in the library.")] = 100_000,
    corpus: Annotated[Path | None, typer.Option(help="Measure the papers of this folder instead.")] = None,
    home: Annotated[Path | None, typer.Option(help="Keep the library here, and use it when it is there.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Measure this alone; may be repeated.")] = None,
    topic: Annotated[list[str] | None, typer.Option(help="Ask this topic alone; may be repeated.")] = None,
) -> None:
    """Fill a library, read all facts, find, make a table, a trend and a digest; one JSON document."""
    if unknown := [name for name in only or () if name not in _TASKS]:
        raise typer.BadParameter(f"--only {unknown[0]}: use one of {', '.join(_TASKS)}")
    folder = home or Path(tempfile.mkdtemp(prefix="scale-"))
    try:
        figures: dict[str, Any] = {}
        if not (folder / "library.sqlite3").exists():
            figures["fill"] = apart(_index, folder, corpus) if corpus else apart(_fill, folder, papers)
        for name, task in ((n, t) for n, t in _TASKS.items() if n in (only or _TASKS)):
            figures[name] = apart(task, folder, topic or TOPICS)
            typer.echo(f"{name}: {json.dumps(figures[name])}", err=True)
        typer.echo(json.dumps(figures, indent=1))
    finally:
        if home is None:
            shutil.rmtree(folder)


def _index(home: Path, corpus: Path) -> dict[str, Any]:
    with Assistant(Settings(home=home, llm="quotes")) as assistant:
        return {"papers": assistant.add([corpus]).papers}


def _fill(home: Path, papers: int) -> dict[str, Any]:
    """Stores all but the last papers, notes a run, stores these, and builds the indexes."""
    made = iter(generate(papers))
    with open_parts(home) as parts, parts.library.writing():
        for count in (papers - _NEW, _NEW):
            parts.library.note_run(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
            left = islice(made, count)
            while batch := list(islice(left, _BATCH)):
                parts.library.store.put(
                    [
                        entry(parts.library, p, Chunk(p.paper_id, 0, 0, len(p.abstract), f"{p.title}\n{p.abstract}"), v)
                        for p, v in batch
                    ]
                )
            time.sleep(1.1)  # times of arrival are noted to the second
        parts.indexes.rebuild()
    return {"papers": papers}


def _facts(home: Path, _: Sequence[str]) -> dict[str, Any]:
    """Facts of all: read anew, then from the store."""
    with closing(sqlite3.connect(home / "library.sqlite3")) as file, file:
        file.execute("DELETE FROM extractions")
    shown: list[int] = []
    with Assistant(Settings(home=home, llm="quotes")) as assistant:
        every = assistant.facts(step=lambda done, _: shown.append(done))
        started, used = time.perf_counter(), time.process_time()
        count = sum(len(paper.facts) for paper in every)
        clock, processor = time.perf_counter() - started, time.process_time() - used
        started = time.perf_counter()
        papers = sum(1 for _ in assistant.facts())
        again = time.perf_counter() - started
    figures = {"first_s": round(clock, 2), "first_cpu_s": round(processor, 2), "again_s": round(again, 2)}
    return {"papers": papers, "facts": count, "steps": len(shown), **figures}


def _find(home: Path, topics: Sequence[str]) -> dict[str, Any]:
    return _timed(home, lambda a, topic: a.find(topic).count, topics)


def _table(home: Path, topics: Sequence[str]) -> dict[str, Any]:
    return _timed(home, lambda a, topic: len(a.table(topic).rows), topics)


def _trend(home: Path, topics: Sequence[str]) -> dict[str, Any]:
    return _timed(home, lambda a, topic: a.trend(topic).count, topics)


def _digest(home: Path, _: Sequence[str]) -> dict[str, Any]:
    return _timed(home, lambda a, _: a.digest().count, ("last run",) * 2)


def _timed(home: Path, ask: Callable[[Assistant, str], int], topics: Iterable[str]) -> dict[str, Any]:
    """Seconds by the clock and of the processor, which tell more where others are at work."""
    clock, processor, counts = [], [], []
    started, used = time.perf_counter(), time.process_time()
    with Assistant(Settings(home=home, llm="quotes")) as assistant:
        for topic in topics:
            counts.append(ask(assistant, topic))
            clock.append(round(time.perf_counter() - started, 2))
            processor.append(round(time.process_time() - used, 2))
            started, used = time.perf_counter(), time.process_time()
    return {"each_s": clock, "each_cpu_s": processor, "counts": counts}


_TASKS: dict[str, Callable[[Path, Sequence[str]], dict[str, Any]]] = {
    "facts of all": _facts,
    "find": _find,
    "table": _table,
    "trend": _trend,
    "digest": _digest,
}


if __name__ == "__main__":
    typer.run(main)
