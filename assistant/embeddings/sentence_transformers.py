"""Any sentence-transformers model, exported once to run without torch, and the library itself where that is not possible.

An exported model is used only when it gives the vectors that sentence-transformers gives. Knows nothing about papers.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from assistant.embeddings import openvino_runtime
from assistant.embeddings.openvino_runtime import Network
from assistant.embeddings.text_encoder import TextEncoder, readable
from assistant.errors import EmbeddingError
from assistant.types import Vectors

_LOG = logging.getLogger(__name__)
_FORMAT = "1"
"""Changes whenever the same model would be exported differently."""
_TOKENIZER, _FACTS = "tokenizer.json", "facts.json"
_MAX_CHARACTERS = 8_000
"""Longer texts are cut: few encoders read more than 512 tokens, and tokenisers choke on very long runs."""
_NEAR = 0.999
"""Least cosine to the reference; bfloat16 alone costs less than .0005."""
_PROBE = (
    "Which error rate does it reach?",
    "a",
    "The fleet shrinks from 14 to 9 vehicles, and waiting times drop by 31% on the 2,400 trips of the test week.",
    "Überprüfung: 标题 😀",
    "A model of tides is fitted to gauges and to satellite heights; where the two disagree, the gauges are trusted. "
    * 4,
)


class LocalEmbedder:
    """A sentence-transformers model from a folder or the Hugging Face hub. Thread-safe."""

    def __init__(self, model: str) -> None:
        self.name = model
        self._vectors: Callable[[Sequence[str]], Vectors] | None = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim); each row has length 1. Raises EmbeddingError when the model cannot be loaded."""
        with self._lock:
            vectors = self._vectors = self._vectors or self._load()
        return vectors([readable(t[:_MAX_CHARACTERS]) for t in texts])

    def _load(self) -> Callable[[Sequence[str]], Vectors]:
        folder = _downloaded(self.name)
        short = re.sub(r"[^\w-]+", "-", self.name)[-40:]
        key = f"{short}-{_FORMAT}-{_fingerprint(folder)}"
        refused = openvino_runtime.folder() / f"{key}.refused"
        try:
            if refused.exists():
                raise EmbeddingError(refused.read_text(encoding="utf-8"))
            return _exported(key, folder).vectors
        except Exception as error:  # an export can fail in any way, and sentence-transformers still works
            why = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            _LOG.warning(
                "%s runs in sentence-transformers, which is slower: it cannot be exported (%s)", self.name, why
            )
            if not refused.exists() and refused.parent.is_dir() and os.access(refused.parent, os.W_OK):
                refused.write_text(why, encoding="utf-8")
        return reference(self.name)


def reference(name: str, device: str = "cpu", longest: int | None = None) -> Callable[[Sequence[str]], Vectors]:
    """What sentence-transformers itself computes, on a device that torch knows; `longest`: tokens that are read, where
    it is not what the model says. Raises EmbeddingError."""
    model = _loaded(name, device=device)
    model.max_seq_length = longest or model.max_seq_length

    def vectors(texts: Sequence[str]) -> Vectors:
        # Batches of texts of similar length; larger ones are slower on the caches of a CPU.
        size = 16 if device == "cpu" else 256
        found = model.encode(
            [readable(t) for t in texts], batch_size=size, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(found, dtype=np.float32).reshape(len(texts), -1)

    return vectors


def _exported(key: str, folder: Path) -> TextEncoder:
    network = openvino_runtime.kept(key, partial(_export, folder), partial(_check, folder))
    return _with_tokenizer(network, openvino_runtime.folder() / key)


def _with_tokenizer(network: Network, home: Path) -> TextEncoder:
    from tokenizers import Tokenizer

    facts = json.loads((home / _FACTS).read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_file(str(home / _TOKENIZER))
    tokenizer.enable_truncation(facts["longest"])
    tokenizer.no_padding()
    return TextEncoder(network, tokenizer, tuple(facts["inputs"]), facts["pad"])


def _export(folder: Path, home: Path) -> Any:
    """The model as OpenVINO runs it; its tokenizer is put in `home`."""
    import torch

    # The other implementations of attention look at shapes while they are traced.
    model = _loaded(str(folder), model_kwargs={"attn_implementation": "eager"}).requires_grad_(False)
    example = {k: v for k, v in model.preprocess(list(_PROBE[:3])).items() if isinstance(v, torch.Tensor)}
    names = [n for n in ("input_ids", "attention_mask", "token_type_ids") if n in example]

    class Whole(torch.nn.Module):
        """Token ids to the vector of the whole text."""

        def forward(self, *inputs: Any) -> Any:
            return model(dict(zip(names, inputs, strict=True)))["sentence_embedding"]

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of shapes taken for constants: the check below would notice
        traced = torch.jit.trace(Whole(), tuple(example[n] for n in names), strict=False)  # type: ignore[no-untyped-call]  # torch has none
        made = openvino_runtime.openvino().convert_model(traced)
    facts = {"inputs": names, "longest": model.max_seq_length, "pad": model.tokenizer.pad_token_id or 0}
    (home / _FACTS).write_text(json.dumps(facts), encoding="utf-8")
    model.tokenizer.backend_tokenizer.save(str(home / _TOKENIZER))
    return made


def _check(folder: Path, network: Network, home: Path) -> None:
    """Raises EmbeddingError when the network gives other vectors than sentence-transformers."""
    found = _with_tokenizer(network, home).vectors(_PROBE)
    worst = float((found * reference(str(folder))(_PROBE)).sum(axis=1).min())
    if not worst >= _NEAR:
        raise EmbeddingError(f"the export computes something else, cosine {worst:.4f}")


def _loaded(name: str, **options: Any) -> Any:
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    try:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(name, **{"device": "cpu", **options})
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        raise EmbeddingError(
            f"cannot load the embedding model {name} ({str(error).splitlines()[0]}); check ASSISTANT_EMBEDDER"
        ) from error


def _downloaded(name: str) -> Path:
    """The model's folder; fetched from the hub when it is not on this machine. Raises EmbeddingError."""
    if Path(name).is_dir():
        return Path(name).resolve()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(repository, local_files_only=True))
    except LocalEntryNotFoundError:
        _loaded(name)  # fetches just the files that are needed
        return Path(snapshot_download(repository, local_files_only=True))
    except (HfHubHTTPError, HFValidationError) as error:
        raise EmbeddingError(f"there is no embedding model {name} ({error}); check ASSISTANT_EMBEDDER") from error


def _fingerprint(folder: Path) -> str:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    facts = [(str(p.relative_to(folder)), p.stat().st_size, p.stat().st_mtime_ns) for p in files]
    return sha256(json.dumps(facts).encode()).hexdigest()[:12]
