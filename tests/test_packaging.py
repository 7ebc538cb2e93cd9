"""The wheel holds what it must, nothing else, and works in a fresh environment outside the checkout."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT


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
    assert "assistant/sample.jsonl" in names
    assert {f"assistant/answerability/reader.{kind}" for kind in ("xml", "bin")} <= set(names)
    assert {"assistant/embeddings/minilm_probe.npz", "assistant/verification/nli.safetensors"} <= set(names)


@pytest.mark.slow
def test_wheel_answers_in_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    """Fresh: no file of the checkout; the dependencies are those that are installed, seen through a .pth file."""
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=False)
    site = next(environment.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    installed = next(p for p in map(Path, sys.path) if p.name == "site-packages")
    (site / "dependencies.pth").write_text(f"{installed}\n")
    code = (
        "import assistant; from assistant.cli import main; import sys; print(assistant.__file__, file=sys.stderr); "
        "sys.argv = ['assistant', 'ask', 'How does Matryoshka Representation Learning cut the cost of retrieval?', "
        f"'--home', {str(tmp_path / 'home')!r}]; main()"
    )
    done = subprocess.run(
        [environment / "bin" / "python", "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(site) in done.stderr, "the wheel's package, not the checkout's"
    assert "14x" in done.stdout
