"""Lays out a text, its context and its evidence as the token ids that the reading network sees.

`[CLS] text [SEP] (context [SEP]) evidence [SEP] (evidence [SEP]) ...`, where each token carries the number of its side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.embeddings import minilm
from assistant.embeddings.minilm import CLS

CLAIM, EVIDENCE, CONTEXT, QUESTION = range(4)
"""The sides. A text is a CLAIM or a QUESTION."""
MAX_TEXT, MAX_CONTEXT, MAX_EVIDENCE = 96, 48, 320
"""Tokens that are read of each; the passages of several papers share theirs."""


@dataclass(frozen=True)
class Reading:
    """A text and what it is held against."""

    text: str
    evidence: tuple[str, ...]
    """One passage a paper."""
    context: str = ""
    """The question or sentence before, where the text cannot be understood without it."""
    question: bool = False


@dataclass(frozen=True)
class Laid:
    """Token ids with their sides, and where the tokens of each part stand."""

    ids: list[int]
    sides: list[int]
    text: list[tuple[int, int]]
    """Character offsets of the text's tokens, which stand from position 1 on."""
    evidence: list[tuple[int, list[tuple[int, int]]]]
    """For each passage its first position and the character offsets of its tokens."""


def lay_out(readings: Sequence[Reading]) -> list[Laid]:
    """The network's input for each reading, in order."""
    texts = minilm.tokenize([r.text for r in readings], [MAX_TEXT] * len(readings))
    contexts = minilm.tokenize([r.context for r in readings], [MAX_CONTEXT] * len(readings))
    passages = [(p, MAX_EVIDENCE // len(r.evidence)) for r in readings for p in r.evidence]
    tokens = iter(minilm.tokenize([p for p, _ in passages], [n for _, n in passages]))
    laid = []
    for reading, text, context in zip(readings, texts, contexts, strict=True):
        ids = [CLS, *text.ids[1:]]
        sides = [QUESTION if reading.question else CLAIM] * len(ids)
        if reading.context:
            ids += context.ids[1:]
            sides += [CONTEXT] * (len(context.ids) - 1)
        places = []
        for _ in reading.evidence:
            passage = next(tokens)
            places.append((len(ids), passage.offsets))
            ids += passage.ids[1:]
            sides += [EVIDENCE] * (len(passage.ids) - 1)
        laid.append(Laid(ids, sides, text.offsets, places))
    return laid
