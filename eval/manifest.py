"""Hashes what a run depends on: two runs with the same manifest must give the same report, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import assistant as package
from assistant import Assistant
from eval.find_all import CRITERIA
from eval.injections.rows import SUITE
from eval.judging import CLAIMS
from eval.questions import QUESTIONS, TRAPS
from eval.sentences import SENTENCES

_PACKAGE = Path(package.__file__).parent
_LIBRARIES = ("chromadb", "llama-index-core", "numpy", "openai", "tantivy", "tiktoken", "torch")
_SETTINGS = (
    "k",
    "dense_weight",
    "chunk_tokens",
    "chunk_overlap",
    "embedder",
    "judge",
    "min_confidence",
    "max_sentences",
    "llm_context",
    "llm_max_tokens",
)


def manifest(
    assistant: Assistant, corpus: Path | None, llm: str, split: str, questions: Path = QUESTIONS, traps: Path = TRAPS
) -> dict[str, Any]:
    """Hashes of corpus, prompts, questions and code, the settings that matter, and the versions of the libraries.

    It holds no path of this machine, no time and no key. `corpus` is None for the bundled sample.
    """
    stats = assistant.stats()
    prompts = next(f for f in (_PACKAGE / "prompts", _PACKAGE.parent / "prompts") if f.is_dir())
    return {
        "corpus": {
            "name": corpus.name if corpus else "sample",
            "papers": stats.papers,
            "fingerprint": stats.fingerprint,
        },
        "split": split,
        "llm": llm,
        "embedder": stats.embedder,
        "settings": {name: getattr(assistant.settings, name) for name in _SETTINGS},
        "prompts": {p.name: _digest([p]) for p in sorted(prompts.iterdir()) if p.is_file()},
        "questions": {p.name: _digest([p]) for p in (questions, traps, CLAIMS, SENTENCES, CRITERIA, SUITE)},
        "code": {
            "version": version("abstract-assistant"),
            "assistant": _digest(p for p in _PACKAGE.rglob("*") if _is_code(p)),
            "eval": _digest(Path(__file__).parent.glob("*.py")),
        },
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def _is_code(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def _digest(paths: Iterable[Path]) -> str:
    """16 hex digits over names and contents, independent of the folder of the files."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]
