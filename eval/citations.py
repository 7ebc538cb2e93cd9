"""Computes citation recall and precision in the strict sense of ALCE (Gao et al. 2023, arXiv 2305.14627).

The caller passes in who decides whether citations support a sentence. A sentence without a citation of its own is not
supported. Two gaps of the original script are closed: an invented number stays in the denominator of precision, and
`[1, 2]` is read in full.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from eval.metrics import UNSCORED, Score

Supports = Callable[[str, tuple[int, ...]], bool | None]
"""Whether these citations together state all of the sentence; None: could not be decided."""
Cited = tuple[str, tuple[int, ...]]
"""A shown sentence without its markers, and the numbers that it cites."""

_MARKER = re.compile(r"\[\s*(\d+(?:\s*[,;]\s*\d+)*)\s*\]")


def markers(text: str) -> tuple[int, ...]:
    """The numbers cited in a text in the order of their first use; reads `[1]`, `[1, 2]` and `[1][2]`."""
    found = [int(n) for match in _MARKER.findall(text) for n in re.findall(r"\d+", match)]
    return tuple(dict.fromkeys(found))


def recall(sentences: Sequence[Cited], known: Collection[int], supports: Supports) -> Score:
    """The share of the sentences whose citations all exist and together support them; None without sentences."""
    if not sentences:
        return None
    values = [_carried(sentence, known, supports) for sentence in sentences]
    return UNSCORED if None in values else sum(bool(v) for v in values) / len(values)


def precision(sentences: Sequence[Cited], known: Collection[int], supports: Supports) -> Score:
    """The share of the citations that are needed; None when nothing is cited.

    A citation counts when the sentence is supported and either it supports the sentence alone or the others do not
    without it. All citations of an unsupported sentence, and every number without a citation, count as wrong.
    """
    values: list[bool | None] = []
    for text, cited in sentences:
        carried = _carried((text, cited), known, supports)
        for n in cited:
            values.append(carried if not carried else _needed(text, n, cited, supports))
    if not values:
        return None
    return UNSCORED if None in values else sum(bool(v) for v in values) / len(values)


def coverage(sentences: Sequence[Cited]) -> float | None:
    """The share of the sentences that cite anything, right or wrong; None without sentences."""
    return sum(bool(cited) for _, cited in sentences) / len(sentences) if sentences else None


def _carried(sentence: Cited, known: Collection[int], supports: Supports) -> bool | None:
    text, cited = sentence
    return supports(text, cited) if cited and all(n in known for n in cited) else False


def _needed(text: str, n: int, cited: tuple[int, ...], supports: Supports) -> bool | None:
    rest = tuple(other for other in cited if other != n)
    alone = supports(text, (n,))
    if alone or not rest:
        return alone
    others = supports(text, rest)
    return None if alone is None or others is None else not others
