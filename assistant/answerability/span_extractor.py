"""Runs the small network that marks the answer to a question in a paper's sentences, or finds none.

It reads the frozen states of the packaged encoder. `eval/training/span_extractor_network.py` defines, trains and
exports it (`span_extractor.xml`, `span_extractor.bin`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.answerability.encoder import EncodedText, Floats
from assistant.embeddings.minilm import WIDTH
from assistant.embeddings.openvino_runtime import Network

_MASKED = -1e4
"""Logit of a token outside the sentence, which adds nothing to its sum."""
NO_ANSWER = -20.0
"""Log odds of a sentence or paper without text."""
_QUESTION, _PAPER, _SENTENCES = 16, 64, 10
"""Sizes are rounded up to multiples of these, since each new shape that the runtime prepares takes some megabytes."""


@dataclass(frozen=True)
class Batch:
    """Inputs of the network in its order, one row for each question and paper; all are float32."""

    question_states: Floats
    """(rows, tokens, 2 * WIDTH)"""
    question_words: Floats
    """(rows, tokens, WIDTH), of length 1"""
    question_weights: Floats
    question_mask: Floats
    """1 for a token, 0 for padding: (rows, tokens)"""
    paper_states: Floats
    paper_words: Floats
    paper_weights: Floats
    paper_mask: Floats
    sentences: Floats
    """(rows, tokens, sentences): 1 where a token belongs to a sentence; titles and markers belong to none."""


Row = tuple[EncodedText, EncodedText, Sequence[EncodedText]]
"""Question, title, sentences."""


def batch(rows: Sequence[Row]) -> Batch:
    """The rows, padded to one size."""
    papers = [[title, *parts] for _, title, parts in rows]
    read = _side(papers, _PAPER)
    most = max(1, *(len(parts) for _, _, parts in rows))
    inside = np.zeros((*read[2].shape, _rounded(most, _SENTENCES)), dtype=np.float32)
    for i, (title, *parts) in enumerate(papers):
        at = len(title.weights)
        for j, part in enumerate(parts):
            inside[i, at + 1 : at + len(part.weights) - 1, j] = 1.0
            at += len(part.weights)
    return Batch(*_side([[question] for question, _, _ in rows], _QUESTION), *read, inside)


def _rounded(size: int, step: int) -> int:
    return -(-size // step) * step


def _side(rows: Sequence[Sequence[EncodedText]], step: int) -> tuple[Floats, Floats, Floats, Floats]:
    tokens = _rounded(max(sum(len(part.weights) for part in row) for row in rows), step)
    states, words = (np.zeros((len(rows), tokens, n), dtype=np.float32) for n in (2 * WIDTH, WIDTH))
    weights, mask = (np.zeros((len(rows), tokens), dtype=np.float32) for _ in range(2))
    for i, row in enumerate(rows):
        n = sum(len(part.weights) for part in row)
        mask[i, :n] = 1.0
        weights[i, :n] = np.fromiter(chain.from_iterable(part.weights for part in row), np.float32, n)
        np.concatenate([part.states for part in row], out=states[i, :n])
        np.concatenate([part.words for part in row], out=words[i, :n])
    return states, words, weights, mask


class LogOdds(NamedTuple):
    """Log odds that a paper, and each of its sentences, holds the answer."""

    paper: float
    sentences: list[float]


def extract(network: Network, rows: Sequence[Row]) -> list[LogOdds]:
    """One row each: the mean over the networks in the file, and over where an answer starts and ends."""
    prepared = [batch([row]) for row in rows]
    found = network.run([astuple(each) for each in prepared])
    return [
        _log_odds(logits[:, 0], each.sentences[0, :, : len(parts)] > 0)
        for (logits,), each, (_, _, parts) in zip(found, prepared, rows, strict=True)
    ]


def _log_odds(logits: Floats, sentences: npt.NDArray[np.bool_]) -> LogOdds:
    """`logits`: (networks, 1 + tokens, start or end); the first position stands for no answer."""
    no_answer, tokens = logits[:, :1], logits[:, 1:]

    def against_no_answer(inside: npt.NDArray[np.bool_]) -> float:
        chosen = np.logaddexp.reduce(np.where(inside[None, :, None], tokens, _MASKED), axis=1)
        return float((chosen - no_answer[:, 0]).mean())

    each = [against_no_answer(inside) if inside.any() else NO_ANSWER for inside in sentences.T]
    return LogOdds(against_no_answer(np.asarray(sentences.any(axis=1))), each)
