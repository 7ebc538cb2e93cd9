"""Starting is light, the layers hold, and programs around the package use its public names alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

import assistant

HEAVY = ("torch", "llama_index", "chromadb", "gradio", "openai", "sentence_transformers", "sklearn", "transformers")


def test_import_stays_light() -> None:
    code = f"import sys, assistant; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


PUBLIC_MODULES = {
    "assistant",
    "assistant.async_events",
    "assistant.citations",
    "assistant.settings",
    "assistant.process",  # how a process ends when it is stopped
    "assistant.text.language_names",  # tells that `en` and `English` are one language
    "assistant.injections.screening",  # what a program may read that is perhaps a model
    "assistant.table",  # the plain data of a table and of a trend
    "assistant.trend",
}


def test_public_names_are_those_announced() -> None:
    assert set(assistant.__all__) <= set(vars(assistant))
    names = {n for n in vars(assistant) if not n.startswith("_")} - {"TYPE_CHECKING"}
    modules = {n for n in names if isinstance(vars(assistant)[n], type(sys))}
    assert names - modules == set(assistant.__all__)


@pytest.mark.parametrize("folder", ["ui.py", "assistant/ui", "assistant/servers", "eval"])
def test_programs_around_the_package_use_its_public_names(folder: str) -> None:
    """Exempt are what fits the package's own parts (`eval/training`), what fills a library with no model (`eval/scale.py`,
    `eval/scale_collection.py`, `eval/mixed_papers.py`, `eval/snapshot.py`), the trials of durability, what compares a reader
    with another library, what measures judges alone, what tells the sample from other papers (`eval/find_all.py`), what turns the screening off (`eval/injections`), what feeds single parts (`eval/fuzz`), what
    writes the figures of models into the package (`eval/measured.py`), and the driver that times the encoder alone."""
    root = ROOT / folder
    exempt = {
        "training",
        "durability",
        "scale.py",
        "scale_collection.py",
        "mixed_papers.py",
        "find_all.py",
        "injections",
        "fuzz",
        "generated_papers.py",
        "snapshot.py",
        "bibtex_readers.py",
        "support.py",
        "pairs.py",
        "judge_trial.py",
        "measured.py",
        "raw_encoding.py",
    }
    files = [root] if root.is_file() else [p for p in root.rglob("*.py") if not exempt & set(p.relative_to(ROOT).parts)]
    assert files
    for file in files:
        for module in _imported(file):
            own = "assistant.ui" if file.name == "ui.py" else folder.replace("/", ".")
            allowed = (
                module in PUBLIC_MODULES
                or (file.name, module) == ("ui.py", "assistant.__main__")
                or (module.startswith(own) and own.startswith("assistant."))
            )
            assert allowed or not module.startswith("assistant"), f"{file} imports {module}"


def _imported(file: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
    return found
