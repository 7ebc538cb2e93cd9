"""Times the stages of one answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Runs from its creation; the stages are timed by name, and one that is repeated adds up."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Times the block, also when it raises."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._stages[stage] = round(self._stages.get(stage, 0.0) + _milliseconds(started), 1)

    def stop(self) -> dict[str, float]:
        """Milliseconds of each stage so far, and of all together as `total`."""
        return {**self._stages, "total": _milliseconds(self._started)}


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
