"""The line in which visitors wait: a few questions are answered at a time, and each knows how many are before it.

Knows nothing about questions; it hands out the steps of whatever work it is given.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from typing import TypeVar

from assistant import AssistantError

T = TypeVar("T")
_LOOK_AGAIN = 0.2
"""Seconds between two looks at the line; nobody is served sooner by more."""


class Line:
    """First come, first served; all calls are made from the server's event loop."""

    def __init__(self, at_once: int, longest: int) -> None:
        self._at_once = at_once
        self._longest = longest
        self._tickets: list[object] = []

    def __len__(self) -> int:
        """Visitors who are served or wait."""
        return len(self._tickets)

    async def serve(self, work: Callable[[], Generator[T]], waiting: Callable[[int], T]) -> AsyncGenerator[T]:
        """Yields `waiting(how many are before)` whenever that changes, then what the work yields, in threads.

        Who leaves early gives the place free as soon as the step at hand is done. Raises AssistantError when the line
        is full.
        """
        if len(self._tickets) >= self._longest:
            raise AssistantError(f"{self._longest} questions are waiting already; please ask again in a minute")
        ticket, steps = object(), None
        self._tickets.append(ticket)
        try:
            known = 0
            while before := self._before(ticket):
                if before != known:
                    known = before
                    yield waiting(before)
                await asyncio.sleep(_LOOK_AGAIN)
            steps = work()
            while True:
                step = asyncio.ensure_future(asyncio.to_thread(_next, steps))
                try:
                    item = await asyncio.shield(step)
                except asyncio.CancelledError:
                    # The thread cannot be interrupted: it keeps its place in the line until it comes back.
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

    def _before(self, ticket: object) -> int:
        return max(0, self._tickets.index(ticket) - self._at_once + 1)

    def _leave_after(self, step: asyncio.Future[T | None], steps: Generator[T], ticket: object) -> None:
        def leave(done: asyncio.Future[T | None]) -> None:
            if not done.cancelled():
                done.exception()
            steps.close()
            self._tickets.remove(ticket)

        step.add_done_callback(leave)


def _next(steps: Generator[T]) -> T | None:
    return next(steps, None)
