"""Turns the failures of a Rust core into LibraryError, panics included."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import LibraryError

_PANIC = "PanicException"
"""pyo3's class for a panic: not an Exception, so `except Exception` misses it, and no module exports it."""


@contextmanager
def failing_as(what: str, then: str = "run: assistant rebuild") -> Iterator[None]:
    """Raises LibraryError, "`what` (reason); `then`", for whatever fails inside; Ctrl-C and the like pass."""
    try:
        yield
    except LibraryError:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
            raise
        raise LibraryError(f"{what} ({error}); {then}") from error
