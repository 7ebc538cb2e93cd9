"""Pools an encoder's last states to one vector per distinct word of a text, and packs these vectors into bytes.

A word in its context says more than its letters, and a text's one vector says less than its words: late interaction
(Khattab and Zaharia, arXiv 2004.12832) compares each word of a question with each word of a paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import shake_256
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.text.stop_words import SEARCH_STOP_WORDS
from assistant.types import Vectors

DIM = 384
"""Width of the states that can be packed."""
FORMAT = 1
"""Must change whenever the same states would be packed into other bytes."""
BYTES = DIM // 4
"""Bytes of one packed vector: two bits per dimension."""
_EDGE, _INNER, _OUTER = 0.9816, 0.4528, 1.5104
"""The border between the two levels of a sign, and the levels: the best four for a normal distribution (Max 1960)."""
_WORD = re.compile(r"\w+")


class TextWords(NamedTuple):
    """The distinct words of a text in lower case, without stop words, and their vectors."""

    words: list[str]
    vectors: Vectors
    """Shape (len(words), dim), each row of length 1."""


EncodeWords = Callable[[Sequence[str]], tuple[Vectors, list[TextWords]]]
"""One vector and the words of each text, from the same pass of the network."""


def count(text: str) -> int:
    """Number of words in a text, repeated ones and stop words included."""
    return len(_WORD.findall(text))


def pool(text: str, offsets: Sequence[tuple[int, int]], states: Vectors) -> TextWords:
    """The words of a text, each with the mean of its occurrences, which are the means of their tokens' states.

    `offsets`: the characters of each token, empty for markers. `states`: shape (at least len(offsets), dim). Words
    behind the last token are left out, and so are stop words where there are others.
    """
    tokens = [(i, start, end) for i, (start, end) in enumerate(offsets) if end > start]
    found: dict[str, list[list[int]]] = {}
    at = 0
    for match in _WORD.finditer(text):
        while at < len(tokens) and tokens[at][2] <= match.start():
            at += 1
        pieces = []
        while at < len(tokens) and tokens[at][1] < match.end():
            pieces.append(tokens[at][0])
            at += 1
        if pieces:
            found.setdefault(match[0].casefold(), []).append(pieces)
    words = [w for w in found if w not in SEARCH_STOP_WORDS] or list(found)
    if not words:
        return TextWords([], np.zeros((0, states.shape[1]), dtype=np.float32))
    # Not a product of matrices: BLAS spreads it over threads, which wait for one another on a busy machine.
    rows = [(token, 1 / len(pieces)) for word in words for pieces in found[word] for token in pieces]
    starts = np.cumsum([0, *(sum(map(len, found[word])) for word in words)])[:-1]
    weighted = states[[token for token, _ in rows]] * np.array([[w] for _, w in rows], dtype=np.float32)
    return TextWords(words, _unit(np.add.reduceat(weighted, starts, axis=0)))


def merge(parts: Sequence[TextWords]) -> TextWords:
    """The words of a text that was read in several parts; a word of several parts gets the mean of its vectors."""
    if len(parts) == 1:
        return parts[0]
    found: dict[str, list[Vectors]] = {}
    for part in parts:
        for word, vector in zip(part.words, part.vectors, strict=True):
            found.setdefault(word, []).append(vector)
    means = [np.mean(vectors, axis=0) for vectors in found.values()]
    return TextWords(list(found), _unit(np.stack(means)) if means else np.zeros((0, DIM), dtype=np.float32))


def rotate(vectors: Vectors) -> Vectors:
    """The vectors in the directions in which they are packed: there, all dimensions hold about the same.

    Fixed signs, then a Hadamard transform within each third, and a reflection that mixes the thirds.
    """
    x = (vectors * _signs()).reshape(-1, 3, DIM // 3)
    for step in (1, 2, 4, 8, 16, 32, 64):
        pairs = x.reshape(-1, DIM // 2 // step, 2, step)
        x = np.stack([pairs[:, :, 0] + pairs[:, :, 1], pairs[:, :, 0] - pairs[:, :, 1]], axis=2)
    x = x.reshape(-1, 3, DIM // 3) / np.float32(np.sqrt(DIM // 3))
    mixed: Vectors = (x - np.float32(2 / 3) * x.sum(axis=1, keepdims=True)).reshape(-1, DIM)
    return mixed


def pack(vectors: Vectors) -> bytes:
    """`BYTES` bytes for each vector of length 1; `vectors` has shape (n, DIM)."""
    rotated = rotate(vectors)
    levels = (rotated > 0).astype(np.uint8) * 2 + (np.abs(rotated) > _EDGE / np.sqrt(DIM))
    fours = levels.reshape(-1, BYTES, 4) << np.array([0, 2, 4, 6], dtype=np.uint8)
    return bytes(fours.sum(axis=2, dtype=np.uint8).tobytes())


def unpack(packed: bytes) -> Vectors:
    """The packed vectors as `rotate` would give them, each of length 1 again; shape (len(packed) // BYTES, DIM)."""
    codes = np.frombuffer(packed, dtype=np.uint8)
    rows: Vectors = _table()[codes].reshape(-1, DIM)
    lengths = np.sqrt(np.vecdot(rows, rows))
    rows /= lengths[:, None]
    return rows


@cache
def _signs() -> Vectors:
    """+1 or -1 for each dimension, the same everywhere."""
    bits = np.unpackbits(np.frombuffer(shake_256(b"word states").digest(DIM // 8), dtype=np.uint8))
    signs: Vectors = bits.astype(np.float32) * 2 - 1
    return signs


@cache
def _table() -> npt.NDArray[np.float32]:
    """The four values behind each byte, shape (256, 4)."""
    levels = np.array([-_INNER, -_OUTER, _INNER, _OUTER], dtype=np.float32)
    table: npt.NDArray[np.float32] = levels[(np.arange(256)[:, None] >> np.array([0, 2, 4, 6])) & 3]
    return table


def _unit(rows: Vectors) -> Vectors:
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    unit: Vectors = (rows / lengths).astype(np.float32)
    return unit
