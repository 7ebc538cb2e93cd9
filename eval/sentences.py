"""Loads the sentences as a strong model would write them over the bundled sample, with what each is worth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SENTENCES = Path(__file__).parent / "sentences.jsonl"
TYPES = ("figure", "swap", "direction", "merge", "subtle", "overclaim", "outside")
"""What is wrong with a false sentence: another figure, two things that changed places, the opposite direction, facts of two
papers or results in one, a qualifier dropped or turned, more than is said, and what stands in no cited abstract."""
_LABELS = {"true": ("entailment",), "false": ("contradiction", "neutral"), "partial": ("neutral",)}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, written for this project, and whether the abstracts that it cites carry it together."""

    id: str
    split: str
    """`dev` or `test`, by group; no paper occurs in two groups."""
    group: str
    """The three papers that the sentence was written over."""
    question: str
    kind: str
    """`true`, `false`, or `partial`: one half stated, the other not."""
    type: str | None
    """For a false sentence, one of `TYPES`."""
    label3: str
    """`entailment`, `contradiction` or `neutral` (not stated)."""
    text: str
    paper_ids: tuple[str, ...]
    pair: str | None
    """Id of the true sentence of which a false one is the minimal pair."""


def load(path: Path = SENTENCES, split: str = "all") -> list[Sentence]:
    """The sentences of a split, in file order. Raises ValueError naming the line of a malformed one."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(_sentence(json.loads(line)))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}:{number}: {error}") from None
    _check_pairs(path, found)
    return [sentence for sentence in found if split in ("all", sentence.split)]


def _sentence(row: dict[str, Any]) -> Sentence:
    if not isinstance(row["paper_ids"], list) or not row["paper_ids"]:
        raise ValueError("paper_ids is not a list of papers")
    sentence = Sentence(**row | {"paper_ids": tuple(row["paper_ids"])})
    if sentence.split not in ("dev", "test"):
        raise ValueError(f"split {sentence.split!r} is neither dev nor test")
    if sentence.label3 not in _LABELS.get(sentence.kind, ()):
        raise ValueError(f"the label {sentence.label3!r} does not go with kind {sentence.kind!r}")
    if (sentence.type in TYPES) != (sentence.kind == "false") or sentence.type not in (None, *TYPES):
        raise ValueError("false sentences, and no others, have one of the types")
    return sentence


def _check_pairs(path: Path, sentences: Sequence[Sentence]) -> None:
    by_id = {s.id: s for s in sentences}
    for sentence in sentences:
        if sentence.pair is None:
            continue
        other = by_id.get(sentence.pair)
        if sentence.kind != "false" or other is None or other.kind != "true" or other.group != sentence.group:
            raise ValueError(f"{path}: {sentence.id}: a pair leads from a false sentence to a true one of its group")
