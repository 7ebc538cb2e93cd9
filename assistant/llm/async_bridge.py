"""Runs all requests to models on one background event loop, and hands their results to ordinary threads.

Requests are asynchronous so that each can be cancelled at once, even while the server is silent: a thread that waits on a
socket cannot be stopped.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Coroutine, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx

from assistant.settings import is_loopback
from assistant.types import Heartbeat

T = TypeVar("T")
_CONNECT_SECONDS = 5.0
_BEAT_SECONDS = 0.25
_LOCK = threading.Lock()
_END = object()


def pump(work: Callable[[Callable[[T], None]], Coroutine[Any, Any, None]]) -> Iterator[T | Heartbeat]:
    """Yields each item that `work` emits, and a heartbeat after each quarter second of silence.

    The heartbeat lets the consumer stop: closing the iterator cancels the work. Exceptions of `work` propagate.
    """
    items: queue.SimpleQueue[Any] = queue.SimpleQueue()
    future = asyncio.run_coroutine_threadsafe(work(items.put), _loop())
    future.add_done_callback(lambda _: items.put(_END))
    try:
        while True:
            try:
                item = items.get(timeout=_BEAT_SECONDS)
            except queue.Empty:
                yield Heartbeat()
                continue
            if item is _END:
                future.result()
                return
            yield item
    finally:
        future.cancel()


def wait_for(work: Coroutine[Any, Any, T]) -> T:
    """Waits in this thread for the result of a short request."""
    return asyncio.run_coroutine_threadsafe(work, _loop()).result()


def client(url: str) -> httpx.AsyncClient:
    """The connection pool for an address. Requests to this machine never go through a proxy of the environment."""
    with _LOCK:
        return _client(not is_loopback(urlsplit(url).hostname or ""))


@cache
def _client(through_proxies: bool) -> httpx.AsyncClient:
    import httpx

    # Reading has no limit here: the first token, silence and the whole answer each have their own.
    limits = httpx.Timeout(None, connect=_CONNECT_SECONDS, write=30.0)
    return httpx.AsyncClient(timeout=limits, trust_env=through_proxies)


def _loop() -> asyncio.AbstractEventLoop:
    with _LOCK:
        return _running_loop()


@cache
def _running_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="models", daemon=True).start()
    return loop
