"""Runs blocking work beside an event loop, so that it ends when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from assistant import Step

T = TypeVar("T")


class Stopped(Exception):
    """Nobody waits for the work any more; it ends where it told its last step."""


async def in_thread(work: Callable[[Step], T], tell: Step | None = None) -> T:
    """Runs `work` in a thread; where the task is cancelled, the next step that the work tells ends it with `Stopped`."""
    stopped = threading.Event()

    def step(done: int, total: int) -> None:
        if stopped.is_set():
            raise Stopped
        if tell is not None:
            tell(done, total)

    try:
        return await asyncio.to_thread(work, step)
    except asyncio.CancelledError:
        stopped.set()
        raise
