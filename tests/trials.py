"""What the trials of damage and of kills share: a library over a cheap embedder, what it answers, a child to do it in.

The indexes and the store are the real ones. A child is forked from a process that has imported everything and opened
nothing, so that hundreds of trials take minutes; a signal that ends a child is told from a failure of it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from assistant import Assistant
from assistant.doctor import doctor
from assistant.ingestion import chunking
from assistant.retrieval.hybrid import Search
from assistant.settings import Settings
from assistant.types import Filters, Vectors

WORDS = """harbour kite barley charter tokenizer bus night accordion score buoy current tide drone field scribe stop
route fleet page reader bell rope lantern moss cave chalk glacier signal orchard loom ferry beacon""".split()
QUESTIONS = ("tide and buoy in the harbour", "barley field seen by a kite", "night bus route", "accordion score reader")


class WordEmbedder:
    """Hashes words into a vector: deterministic, and a thousand times faster than an encoder."""

    def __init__(self, name: str = "words") -> None:
        self.name = name

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), 32), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.casefold().split():
                row[crc32(f"{self.name}{word}".encode()) % 32] += 1
            row /= max(float(np.linalg.norm(row)), 1.0)
        return rows


def write_papers(path: Path, count: int, seed: int = 0, edited: int = 0) -> Path:
    """`count` invented papers as JSON lines; the first `edited` of them with another abstract than otherwise."""
    lines = []
    for i in range(count):
        rng = random.Random(f"{seed}:{i}")
        abstract = " ".join(f"We see {' '.join(rng.choices(WORDS, k=7))} in case {i}." for _ in range(4))
        if i < edited:
            abstract = abstract.replace("We see", "They measure")
        title = f"{' '.join(rng.choices(WORDS, k=3))} {i}"
        lines.append(json.dumps({"title": title, "abstract": abstract, "year": 2000 + i % 10}) + "\n")
    path.write_text("".join(lines), encoding="utf-8")
    return path


def open_library(home: Path, embedder: str = "words") -> Assistant:
    """The library in this folder."""
    return Assistant(Settings(home=home, llm="quotes"), embedder=WordEmbedder(embedder))


def make_library(home: Path, papers: Path) -> None:
    """A library of these papers, closed again."""
    library = open_library(home)
    library.add([papers])
    library.close()


def found(library: Assistant) -> list[list[tuple[str, float]]]:
    """What a search finds for each of `QUESTIONS`, among all papers and among those of some years."""
    notes: list[str] = []
    search = Search(library, library.settings)
    results = [
        [(p.paper.paper_id, round(p.score, 4)) for p in search.passages(q, 8, filters, notes)]
        for q in QUESTIONS
        for filters in (None, Filters(year_from=2004))
    ]
    if notes:
        raise AssertionError(f"a leg of the search failed: {notes}")
    return results


def told(library: Assistant) -> dict[str, Any]:
    """Everything that must be as before: what is stored, what is found, what `doctor` has to complain about."""
    complaints = [f"{c.name}: {c.detail}" for c in doctor(library) if not c.ok]
    return {"papers": library.store.count(), "found": found(library), "complaints": complaints}


@dataclass(frozen=True)
class Outcome:
    """How a child ended: by a signal, with an error's traceback, or with a result."""

    signal: str
    error: str
    result: Any


def in_child(
    work: Callable[[], Any], log: Path, seconds: int = 60, *, kill_after: float | None = None, done_with: int = -1
) -> Outcome:
    """Runs `work` in a forked child, whose result has to be JSON; `log` gets what it prints.

    `kill_after`: seconds after which it is killed. `done_with`: a file descriptor that only the child needs.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        _run_and_leave(work, log, write, seconds)
    os.close(write)
    if done_with >= 0:
        os.close(done_with)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(read, encoding="utf-8") as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Outcome(signal.Signals(os.WTERMSIG(status)).name, "", None)
    told = json.loads(text)
    return Outcome("", told["error"], told["result"])


def _run_and_leave(work: Callable[[], Any], log: Path, write: int, seconds: int) -> None:
    signal.alarm(seconds)  # a hanging child ends by SIGALRM
    for stream, handle in ((sys.stdout, 1), (sys.stderr, 2)):
        stream.flush()
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), handle)
    result, error = None, ""
    try:
        result = work()
    except BaseException:
        error = traceback.format_exc()
    with os.fdopen(write, "w", encoding="utf-8") as pipe:
        json.dump({"error": error, "result": result}, pipe)
    os._exit(0)


def import_everything() -> None:
    """So that children need not; nothing may be opened yet, for threads do not survive a fork."""
    for name in ("chromadb.api.rust", "tantivy"):
        import_module(name)
    chunking._splitter(400, 64)  # tiktoken's table
