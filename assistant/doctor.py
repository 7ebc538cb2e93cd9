"""Counts the contents of a library, and checks whether every part around it works."""

from __future__ import annotations

import contextlib
import os
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from assistant.errors import AssistantError
from assistant.index.manager import IndexManager
from assistant.library.library import Library
from assistant.llm import choose
from assistant.reports import HealthCheck, Stats
from assistant.settings import Settings
from assistant.types import Embedder

_PACKAGES = ("chromadb", "gradio", "llama-index-core", "openai", "tantivy", "tiktoken", "torch")


def stats(library: Library, embedder: Embedder) -> Stats:
    """Counts of papers, chunks, years and sources, and the size on disk in bytes."""
    years: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    for paper in library.store.papers():
        years[str(paper.year or "unknown")] += 1
        sources.update(paper.sources)
    return Stats(
        papers=library.store.count(),
        chunks=library.store.count_chunks(),
        years=dict(sorted(years.items())),
        sources=dict(sorted(sources.items())),
        embedder=embedder.name,
        home=str(library.home),
        bytes=_size(library.home),
        fingerprint=library.store.fingerprint,
    )


def _size(folder: Path) -> int:
    """Bytes of the files in a folder; files that another program removes meanwhile do not count."""
    total = 0
    for place, _, names in os.walk(folder):  # unlike `Path.rglob`, it survives a folder that vanishes
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(place, name).stat().st_size
    return total


def doctor(library: Library, indexes: IndexManager, embedder: Embedder, settings: Settings) -> list[HealthCheck]:
    """One check per part that can fail. Changes nothing but stale indexes; contacts only a configured Chroma server."""
    checks = [_store(library), _indexes(library, indexes), _dense(indexes), _words(library)]
    checks += [_embedder(embedder), _model(settings)]
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    checks.append(HealthCheck("packages", True, f"Python {sys.version.split()[0]}, {packages}"))
    return checks


def _store(library: Library) -> HealthCheck:
    problem = library.store.damage()
    if problem:
        return HealthCheck("store", False, problem, "restore library.sqlite3 from a backup, or index the files again")
    detail = f"{library.store.count()} papers, {library.store.count_chunks()} chunks in {library.home}"
    hint = "" if library.store.count() else "; `assistant index PATH` fills it"
    if library.store.read_only:
        hint += "; read-only: questions are answered, but answers are not stored and no papers can be added"
    return HealthCheck("store", True, detail + hint)


def _indexes(library: Library, indexes: IndexManager) -> HealthCheck:
    if library.is_stale():
        return HealthCheck("indexes", False, "built for another embedder or chunking", "run: assistant rebuild")
    try:
        indexes.open()
        indexes.check_bytes()
        dense, bm25 = indexes.counts()
    except AssistantError as error:
        return HealthCheck("indexes", False, str(error), "run: assistant rebuild")
    chunks, papers = library.store.count_chunks(), library.store.count()
    detail = f"dense {dense} of {chunks} chunks, BM25 {bm25} of {papers} papers"
    ok = (dense, bm25) == (chunks, papers)
    return HealthCheck("indexes", ok, detail, "" if ok else "run: assistant rebuild")


def _dense(indexes: IndexManager) -> HealthCheck:
    """The state of the dense index; papers that it lacks are compared exactly."""
    try:
        return HealthCheck("dense", True, indexes.describe_dense())
    except AssistantError as error:
        fix = "see docs/scaling.md; without ASSISTANT_CHROMA_URL the index is stored in the library's folder"
        return HealthCheck("dense", False, str(error), fix)


def _words(library: Library) -> HealthCheck:
    """The papers whose words are compared with a question's; the others are ranked without."""
    words = library.store.words
    try:
        damaged, detail = words.damaged(), f"word vectors of {words.count()} of {library.store.count()} papers"
    except AssistantError as error:
        return HealthCheck("words", False, str(error), "run: assistant rebuild")
    if damaged:
        return HealthCheck("words", False, f"{detail}, {damaged} damaged", "run: assistant rebuild")
    return HealthCheck("words", True, detail)


def _embedder(embedder: Embedder) -> HealthCheck:
    try:
        vector = embedder.encode(["a test sentence"])
    except AssistantError as error:
        return HealthCheck("embedder", False, str(error), "reinstall the package, or check ASSISTANT_EMBEDDER")
    return HealthCheck("embedder", True, f"{embedder.name}, {vector.shape[1]} dimensions")


def _model(settings: Settings) -> HealthCheck:
    try:
        choice = choose(settings)
    except AssistantError as error:
        return HealthCheck("model", False, str(error), "run: assistant models list")
    detail = f"{choice.spec.name}: {choice.why}" if choice.spec else choice.why
    if choice.spec is None and os.environ.get("OPENAI_API_KEY"):
        detail += "; a key for OpenAI is set (to answer with it: --llm openai:MODEL)"
    return HealthCheck("model", True, detail)
