"""Runs an HTTP server of the standard library in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from typing import TypeVar

_LOOKS_SECONDS = 0.02
"""How often the server looks whether it is to stop; the default of half a second is what a test would wait for."""

_Server = TypeVar("_Server", bound=HTTPServer)


@contextmanager
def running(server: _Server) -> Iterator[_Server]:
    """Yields the server while it answers; stops and closes it in the end."""
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(_LOOKS_SECONDS,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
