"""Runs any sentence-transformers model: exported once to OpenVINO, or in the library itself where that is not possible."""

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
from assistant.embeddings.text_encoder import MAX_CHARACTERS, Encode, TextEncoder, readable
from assistant.errors import EmbeddingError
from assistant.types import Vectors

_LOG = logging.getLogger(__name__)
_FORMAT = "1"
"""Must change whenever the same model would be exported differently."""
_TOKENIZER, _FACTS = "tokenizer.json", "facts.json"
_LEAST_COSINE = 0.999
"""The least cosine of an export's vectors with those of the library; bfloat16 alone costs less than .0005."""
_PROBE = (
    "Which error rate does it reach?",
    "a",
    "The fleet shrinks from 14 to 9 vehicles, and waiting times drop by 31% on the 2,400 trips of the test week.",
    "Überprüfung: 标题 😀",
    "A model of tides is fitted to gauges and to satellite heights; where the two disagree, the gauges are trusted. "
    * 4,
)


class LocalEmbedder:
    """A sentence-transformers model from a folder or the Hugging Face hub. Threads may share it."""

    def __init__(self, model: str, least_cosine: float = _LEAST_COSINE) -> None:
        """`least_cosine`: the least cosine of an export's vectors with those of the library."""
        self.name = model
        self._least_cosine = least_cosine
        self._vectors: Encode | None = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Returns shape (len(texts), dim), each row of length 1. Raises EmbeddingError when the model cannot be loaded."""
        with self._lock:
            vectors = self._vectors = self._vectors or self._load()
        return vectors([readable(t[:MAX_CHARACTERS]) for t in texts])

    def _load(self) -> Encode:
        folder = _downloaded(self.name)
        short = re.sub(r"[^\w-]+", "-", self.name)[-40:]
        key = f"{short}-{_FORMAT}-{_fingerprint(folder)}"
        refused = openvino_runtime.cache_folder() / f"{key}.refused"
        try:
            if refused.exists():
                raise EmbeddingError(refused.read_text(encoding="utf-8"))
            return self._exported(key, folder).vectors
        except Exception as error:  # an export can fail in any way, and the library still works
            why = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            _LOG.warning(
                "%s runs in sentence-transformers, which is slower: it cannot be exported (%s)", self.name, why
            )
            if not refused.exists() and refused.parent.is_dir() and os.access(refused.parent, os.W_OK):
                refused.write_text(why, encoding="utf-8")
        return reference(self.name)

    def _exported(self, key: str, folder: Path) -> TextEncoder:
        check = partial(_check, folder, self._least_cosine)
        network = openvino_runtime.cached(key, partial(_export, folder), check)
        return _with_tokenizer(network, openvino_runtime.cache_folder() / key)


def reference(name: str, device: str = "cpu", longest: int | None = None) -> Encode:
    """Encodes with sentence-transformers itself, on a device that torch knows. Raises EmbeddingError.

    `longest`: tokens of a text that are read, if not as many as the model says.
    """
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


def token_states(name: str, device: str, longest: int) -> Callable[[Sequence[str]], tuple[Vectors, list[Vectors]]]:
    """Encodes as `reference` does, and gives the last states of each text's tokens as well. Raises EmbeddingError."""
    model = _loaded(name, device=device)
    model.max_seq_length = longest

    def states(texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        rows = model.encode([readable(t) for t in texts], batch_size=64, output_value=None, show_progress_bar=False)
        vectors = np.stack([row["sentence_embedding"].float().cpu().numpy() for row in rows])
        lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors / lengths, [row["token_embeddings"].float().cpu().numpy() for row in rows]

    return states


def _with_tokenizer(network: Network, home: Path) -> TextEncoder:
    from tokenizers import Tokenizer

    facts = json.loads((home / _FACTS).read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_file(str(home / _TOKENIZER))
    tokenizer.enable_truncation(facts["longest"])
    tokenizer.no_padding()
    return TextEncoder(network, tokenizer, tuple(facts["inputs"]), facts["pad"])


def _export(folder: Path, home: Path) -> Any:
    """Converts the model for OpenVINO, and saves its tokenizer in `home`."""
    import torch

    # The other implementations of attention branch on shapes, which a trace would freeze.
    model = _loaded(str(folder), model_kwargs={"attn_implementation": "eager"}).requires_grad_(False)
    example = {k: v for k, v in model.preprocess(list(_PROBE[:3])).items() if isinstance(v, torch.Tensor)}
    names = [n for n in ("input_ids", "attention_mask", "token_type_ids") if n in example]

    class Whole(torch.nn.Module):
        """Token ids to the vector of the whole text."""

        def forward(self, *inputs: Any) -> Any:
            return model(dict(zip(names, inputs, strict=True)))["sentence_embedding"]

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about shapes taken for constants: `_check` would notice
        traced = torch.jit.trace(Whole(), tuple(example[n] for n in names), strict=False)  # type: ignore[no-untyped-call]  # torch has none
        made = openvino_runtime.openvino().convert_model(traced)
    facts = {"inputs": names, "longest": model.max_seq_length, "pad": model.tokenizer.pad_token_id or 0}
    (home / _FACTS).write_text(json.dumps(facts), encoding="utf-8")
    model.tokenizer.backend_tokenizer.save(str(home / _TOKENIZER))
    return made


def _check(folder: Path, least_cosine: float, network: Network, home: Path) -> None:
    """Raises EmbeddingError when the network does not give the vectors of sentence-transformers."""
    found = _with_tokenizer(network, home).vectors(_PROBE)
    worst = float((found * reference(str(folder))(_PROBE)).sum(axis=1).min())
    if not worst >= least_cosine:
        raise EmbeddingError(f"the export gives other vectors, cosine {worst:.4f}")


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
    """The folder of the model, downloaded from the hub if it is not on this machine. Raises EmbeddingError."""
    if Path(name).is_dir():
        return Path(name).resolve()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(repository, local_files_only=True))
    except LocalEntryNotFoundError:
        _loaded(name)  # downloads only the files that are needed
        return Path(snapshot_download(repository, local_files_only=True))
    except (HfHubHTTPError, HFValidationError) as error:
        raise EmbeddingError(f"there is no embedding model {name} ({error}); check ASSISTANT_EMBEDDER") from error


def _fingerprint(folder: Path) -> str:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    facts = [(str(p.relative_to(folder)), p.stat().st_size, p.stat().st_mtime_ns) for p in files]
    return sha256(json.dumps(facts).encode()).hexdigest()[:12]
