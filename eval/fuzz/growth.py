"""Finds what grows faster than its input: a fragment is repeated ever more often within each input."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence

FRAGMENTS = (
    " ", "\n", "\n\n", "\t\n", " \n", "a", "A", "1", ".", ",", "-", "(", "[", "{", "<", "$", "\\", "|", "`", "*", "_", "#", "\"", "'", "“", "=", "%", "&", ":", ";", "\u00a0", "\u0301", "a ", "A ", "1 ", "A. ", "a. ", "a, ", "1, ", "1-", "A-", "a1", "[1]", "[1,", "(1)", "{}", "\\a{", "$a$", "<a>", "<!--", "&#", "https://a", "a@", "T1 ", "e.g. ", "of the ", "\na", "\nA: ", "\n1. ", "\n- ", "\n\nA\n\na.", "\nAB  - a"
)  # fmt: skip
_SIZES = (1_000, 2_000, 4_000, 8_000)
"""Bytes of repeated fragments."""
_SLOW_S = 0.25
_TOO_LONG_S = 8.0
"""Seconds after which no longer input is tried."""


def growth(check: Callable[[bytes], None], seeds: Sequence[bytes]) -> Iterator[str]:
    """A line for each seed and fragment with which the longest input takes more than a quarter of a second of the
    processor, with the exponent by which the time grows."""
    for number, data in enumerate(seeds):
        for fragment in FRAGMENTS:
            for place in (len(data) // 2, len(data)):
                times = _times(check, data[:place], fragment.encode(), data[place:])
                if times[-1] > _SLOW_S:
                    exponent = math.log2(times[-1] / times[-2]) if len(times) > 1 else math.inf
                    yield f"seed {number} at {place}: {fragment!r} takes {times[-1]:.1f} s, exponent {exponent:.1f}"


def _times(check: Callable[[bytes], None], before: bytes, fragment: bytes, after: bytes) -> list[float]:
    times: list[float] = []
    for size in _SIZES:
        begun = time.process_time()
        check(before + fragment * (size // len(fragment)) + after)
        times.append(time.process_time() - begun)
        if times[-1] > _TOO_LONG_S:
            break
    return times
