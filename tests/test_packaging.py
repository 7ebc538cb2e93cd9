"""The package declares what it imports, the wheel holds what it must, and README's question works after installing it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from hashlib import sha256
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

PACKAGE = ROOT / "assistant"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
QUESTION = "How does Matryoshka Representation Learning cut the cost of retrieval?"


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\s<>=!~;\[]", r)[0].lower().replace("_", "-") for r in requirements}


def imported() -> set[str]:
    """The top-level modules that the package imports, wherever it does."""
    found: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"assistant", "_typeshed"}  # the last exists for type checkers alone


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    declared = names(
        [*PROJECT["dependencies"], *EXTRAS["local"], *EXTRAS["mcp"], *EXTRAS["multilingual"], *EXTRAS["parquet"]]
    )
    providers = packages_distributions()
    offered = {
        m: {m.replace("_", "-"), *(d.lower().replace("_", "-") for d in providers.get(m, ()))} for m in imported()
    }
    offered["llama_index"].add("llama-index")  # the bundle that installs llama-index-core
    assert {m for m, distributions in offered.items() if not distributions & declared} == set(), "not declared"
    assert declared - set().union(*offered.values()) == set(), "not imported"


def test_extras_that_are_named_to_users_exist() -> None:
    files = [*PACKAGE.rglob("*.py"), *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    named = {n for group in re.findall(r"(?:abstract-assistant|'\.)\[([\w,-]+)\]", text) for n in group.split(",")}
    assert {"local", "mcp", "multilingual"} <= named <= set(EXTRAS)


def test_shipped_weights_are_those_that_were_recorded() -> None:
    """After a training: `cd assistant && sha256sum FILES > weights.sha256`, with the files that it lists."""
    rows = [line.split() for line in (PACKAGE / "weights.sha256").read_text(encoding="utf-8").splitlines()]
    assert {name: sha256((PACKAGE / name).read_bytes()).hexdigest() for _, name in rows} == {n: d for d, n in rows}
    folders = [
        PACKAGE / name for name in ("answerability", "embeddings", "injections", "query", "reading", "verification")
    ]
    data = {p.relative_to(PACKAGE).as_posix() for f in folders for p in f.iterdir() if p.suffix not in ("", ".py")}
    assert data == {name for _, name in rows}, "each is recorded"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_wheel_content(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {n.split("/")[0].split("-")[0] for n in names} == {"assistant", "abstract_assistant"}
    for prompt in (ROOT / "prompts").iterdir():
        assert f"assistant/prompts/{prompt.name}" in names
    shipped = [p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert {f"assistant/{p.relative_to(PACKAGE).as_posix()}" for p in shipped} <= set(names)
    assert "assistant/py.typed" in names


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_wheel_answers_in_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    """Fresh: only the wheel and what it depends on, nothing of the checkout and no package for development."""
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}

    def run(*command: str | Path) -> str:
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env=clean, timeout=1200, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", wheel)
    installed = set(run(python, "-m", "pip", "list", "--format=freeze").lower().split())
    assert not {
        line for line in installed if line.split("==")[0] in ("pytest", "hypothesis", "mypy", "xllamacpp", "mcp")
    }
    home = f"--home={tmp_path / 'home'}"
    assert "14x" in run(environment / "bin" / "assistant", "ask", QUESTION, home)
    assert "pip install 'abstract-assistant[mcp]'" in refused(environment, home, "mcp", clean)


def refused(environment: Path, home: str, command: str, variables: dict[str, str]) -> str:
    """The line with which a command ends that needs an extra."""
    done = subprocess.run(
        [environment / "bin" / "assistant", command, home],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=variables,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    return done.stderr
