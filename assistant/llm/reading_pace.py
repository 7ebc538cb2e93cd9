"""Tells how much of a prompt a model still has to read, and how long that takes by its pace so far.

A CPU reads a long prompt for half a minute and more, in which the model says nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.llm import findings
from assistant.types import Usage

_FILE = "reading_pace.json"
_FEWEST_TOKENS = 200
"""Tokens from which a request tells the pace; in short ones other work counts for more."""


class ReadingPace:
    """The pace of one model, in tokens a second, remembered in the library's folder. Thread-safe."""

    def __init__(self, home: Path, model: str) -> None:
        self._path, self._model = home / _FILE, model
        stored = findings.recall(self._path).get(model)
        self._pace = float(stored) if isinstance(stored, int | float) and stored > 0 else None
        self._lock = threading.Lock()
        self._read = ""

    def start(self, text: str, count: Callable[[str], int]) -> Reading:
        """A request with this text begins; `count` counts the tokens of what the server has not read before."""
        with self._lock:
            known, self._read = _common_length(self._read, text), text
        return Reading(lambda: count(text[known:]), self._pace, time.monotonic())

    def end(self, usage: Usage, seconds: float) -> None:
        """A request ended whose first token came after `seconds`."""
        fresh = usage.prompt_tokens - usage.cached_tokens
        if fresh >= _FEWEST_TOKENS and seconds > 0:
            self._pace = round(fresh / seconds, 1)
            findings.remember(self._path, self._model, self._pace)


@dataclass
class Reading:
    """The reading of one prompt."""

    count: Callable[[], int]
    pace: float | None
    started: float
    tokens: int | None = None

    def __str__(self) -> str:
        """For example `reading 1,200 tokens, about 18 s left`; the time is left out until a pace is known."""
        if self.tokens is None:
            self.tokens = self.count()
        left = self.tokens / self.pace - (time.monotonic() - self.started) if self.pace else 0.0
        return f"reading {self.tokens:,} tokens" + (f", about {left:.0f} s left" if left >= 1 else "")


def _common_length(one: str, other: str) -> int:
    """The number of characters with which both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))
