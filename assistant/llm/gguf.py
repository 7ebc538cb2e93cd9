"""A GGUF file run in this process by llama.cpp, which serves the OpenAI protocol on loopback with a random key.

One server per process: another file is loaded when nobody reads from the one before. Stopped at exit.
"""

from __future__ import annotations

import atexit
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import ModelError
from assistant.llm.redaction import keep_secret

_MAGIC = b"GGUF"
_QUIET = -1
"""llama.cpp's verbosity at which it writes nothing to the terminal."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a loaded file is served."""

    base_url: str
    key: str


class _Process:
    """The server of this process, if one runs, and how many read from it."""

    def __init__(self) -> None:
        self.free = threading.Condition()
        self.loaded: tuple[Path, int] | None = None
        self.address = Address("", "")
        self.readers = 0
        self.server: Any = None

    def load(self, path: Path, context: int) -> None:
        """Raises ModelError. The caller holds `free`."""
        self.stop()
        key = secrets.token_urlsafe(24)
        keep_secret(key)
        self.server = _start(path, context, key)
        self.address = Address(f"{self.server.listening_address}/v1", key)
        self.loaded = path, context

    def stop(self) -> None:
        """The server ends with the last reference to it."""
        self.server = self.loaded = None


_PROCESS = _Process()


@contextmanager
def lease(path: Path, context: int, patience: float) -> Iterator[Address]:
    """The file's server, loaded when it is not, kept as long as the block runs.

    Raises ModelError when it cannot be loaded or another file is in use for longer than `patience` seconds.
    """
    with _PROCESS.free:
        if _PROCESS.loaded != (path, context):
            if not _PROCESS.free.wait_for(lambda: _PROCESS.readers == 0, patience):
                raise ModelError(f"gguf:{path.stem} has to wait for another model of this process; ask again later")
            if _PROCESS.loaded != (path, context):
                _PROCESS.load(path, context)
        _PROCESS.readers += 1
        address = _PROCESS.address
    try:
        yield address
    finally:
        with _PROCESS.free:
            _PROCESS.readers -= 1
            _PROCESS.free.notify_all()


def _start(path: Path, context: int, key: str) -> Any:
    import xllamacpp

    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise ModelError(f"{path} is not a GGUF file; download it again")
    p = xllamacpp.CommonParams()
    p.model.path = str(path)
    p.hostnames, p.port, p.api_keys, p.cors_origins = ["127.0.0.1"], 0, [key], ""
    p.n_ctx, p.n_parallel = context, 1
    p.ui, p.endpoint_slots, p.verbosity = False, False, _QUIET
    try:
        return xllamacpp.Server(p)
    except RuntimeError:
        raise ModelError(
            f"llama.cpp cannot load {path} ({path.stat().st_size / 1e9:.1f} GB): damaged, of a kind that it does not know, or "
            "too large for the memory; download it again, or take a smaller one"
        ) from None


@atexit.register
def stop() -> None:
    """Ends the server, if one runs."""
    with _PROCESS.free:
        _PROCESS.stop()
