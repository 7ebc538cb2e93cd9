"""Consumes blocking generators without blocking the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from typing import TypeVar

T = TypeVar("T")


async def in_threads(events: Iterator[T]) -> AsyncGenerator[T, None]:
    """Yields what the generator `events` yields, each step in a thread; closes it when the consumer stops."""
    step: asyncio.Future[T | None] | None = None
    try:
        while True:
            step = asyncio.ensure_future(asyncio.to_thread(next, events, None))
            if (event := await asyncio.shield(step)) is None:
                return
            yield event
    finally:
        if step is not None:
            await asyncio.wait([step])  # never long: a silent model still yields `waiting` events
        await asyncio.to_thread(events.close)  # type: ignore[attr-defined]  # it is a generator
