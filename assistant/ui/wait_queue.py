"""Answers a few questions at a time, first come, first served, and shows the others how many are before theirs.

Gradio's queue is not used for questions: it shows neither the question nor Stop before its turn has come, and it frees
the place of a stopped answer while the thread that works on it still runs. Events of the page go through that queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from typing import TypeVar

from assistant import AssistantError

T = TypeVar("T")
_POLL = 0.2
"""Seconds between two looks at the queue."""


class WaitQueue:
    """A queue for work that is done in steps; all calls are made from the server's event loop."""

    def __init__(self, concurrency: int, max_size: int) -> None:
        self._concurrency = concurrency
        self._max_size = max_size
        self._tickets: list[object] = []

    def __len__(self) -> int:
        """Number of visitors who are served or wait."""
        return len(self._tickets)

    async def serve(self, work: Callable[[], Generator[T]], waiting: Callable[[int], T]) -> AsyncGenerator[T]:
        """Yields `waiting(number of visitors before)` whenever that changes, then what the work yields, in threads.

        A visitor who leaves early frees the place as soon as the current step is done. Raises AssistantError if the
        queue is full.
        """
        if len(self._tickets) >= self._max_size:
            raise AssistantError(f"{self._max_size} questions are waiting already; please ask again in a minute")
        ticket, steps = object(), None
        self._tickets.append(ticket)
        try:
            known = 0
            while before := max(0, self._tickets.index(ticket) - self._concurrency + 1):
                if before != known:
                    known = before
                    yield waiting(before)
                await asyncio.sleep(_POLL)
            steps = work()
            while True:
                step = asyncio.ensure_future(asyncio.to_thread(next, steps, None))
                try:
                    item = await asyncio.shield(step)
                except asyncio.CancelledError:
                    # The thread cannot be interrupted: it occupies its place until it returns.
                    self._leave_after(step, steps, ticket)
                    steps, ticket = None, None
                    raise
                if item is None:
                    return
                yield item
        finally:
            if steps is not None:
                steps.close()
            if ticket is not None:
                self._tickets.remove(ticket)

    def _leave_after(self, step: asyncio.Future[T | None], steps: Generator[T], ticket: object) -> None:
        def leave(done: asyncio.Future[T | None]) -> None:
            if not done.cancelled():
                done.exception()
            steps.close()
            self._tickets.remove(ticket)

        step.add_done_callback(leave)
