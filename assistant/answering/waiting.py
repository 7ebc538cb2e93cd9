"""Turns the heartbeats of a step that asks a model into events, so that whoever consumes an answer can stop."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TypeVar

from assistant.types import AnswerEvent, Heartbeat

T = TypeVar("T")


def with_waiting(steps: Generator[Heartbeat, None, T]) -> Generator[AnswerEvent, None, T]:
    """Runs the steps to their result and reports the seconds that they take."""
    started = time.monotonic()
    while True:
        try:
            beat = next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
        yield AnswerEvent("waiting", waiting=round(time.monotonic() - started, 2), progress=beat.progress)
