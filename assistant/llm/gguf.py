"""Runs a GGUF file in this process with llama.cpp, which serves the OpenAI protocol on loopback under a random key.

A process has one server: another file is loaded once nobody uses the current one. It stops at exit.
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
from assistant.llm.cpu import usable_cores
from assistant.llm.redaction import register_secret

_MAGIC = b"GGUF"
_QUIET = -1
"""The verbosity at which llama.cpp writes nothing to the terminal."""

_PROMPT_CACHE_MIB = 512
"""Memory for prompts that were read before the current one: enough for a few answers that are written by turns. llama.cpp's
own limit is 8 GiB, which a long session fills."""


@dataclass(frozen=True, slots=True)
class Address:
    """Address and key of the server of a loaded file."""

    base_url: str
    key: str


class _Process:
    """The server of this process, if one runs, and the number of its users."""

    def __init__(self) -> None:
        self.free = threading.Condition()
        self.loaded: tuple[Path, int] | None = None
        self.address = Address("", "")
        self.users = 0
        self.server: Any = None

    def load(self, path: Path, context: int) -> None:
        """Starts the server for a file. The caller holds `free`. Raises ModelError."""
        self.stop()
        key = secrets.token_urlsafe(24)
        register_secret(key)
        self.server = _start(path, context, key)
        self.address = Address(f"{self.server.listening_address}/v1", key)
        self.loaded = path, context

    def stop(self) -> None:
        """Drops the server, which ends with the last reference to it."""
        self.server = self.loaded = None


_PROCESS = _Process()


@contextmanager
def lease(path: Path, context: int, patience: float) -> Iterator[Address]:
    """Serves the file as long as the block runs, after loading it if needed.

    Raises ModelError when it cannot be loaded, or when another file is in use for longer than `patience` seconds.
    """
    with _PROCESS.free:
        if _PROCESS.loaded != (path, context):
            if not _PROCESS.free.wait_for(lambda: _PROCESS.users == 0, patience):
                raise ModelError(
                    f"gguf:{path.stem} cannot be loaded while another model of this process is in use; ask again later"
                )
            if _PROCESS.loaded != (path, context):
                _PROCESS.load(path, context)
        _PROCESS.users += 1
        address = _PROCESS.address
    try:
        yield address
    finally:
        with _PROCESS.free:
            _PROCESS.users -= 1
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
    if cores := usable_cores():
        p.cpuparams.n_threads = p.cpuparams_batch.n_threads = cores
    p.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_MMAP
    p.cache_ram_mib = _PROMPT_CACHE_MIB
    p.ui, p.endpoint_slots, p.verbosity = False, False, _QUIET
    try:
        return xllamacpp.Server(p)
    except RuntimeError:
        raise ModelError(
            f"llama.cpp cannot load {path} ({path.stat().st_size / 1e9:.1f} GB): it is damaged, of an unknown "
            "architecture, or too large for the memory; download it again, or choose a smaller model"
        ) from None


@atexit.register
def stop() -> None:
    """Stops the server, if one runs."""
    with _PROCESS.free:
        _PROCESS.stop()
