"""Runs a trial in a forked child, which may be killed or crash without ending the trials.

The child is forked from a process that has imported everything and opened nothing, so hundreds of trials take minutes.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from assistant.ingestion import chunking
from assistant.types import Paper


@dataclass(frozen=True)
class Outcome:
    """How a child ended: with a signal, an error's traceback, or a result."""

    signal: str
    error: str
    result: Any


def in_child(
    work: Callable[[], Any], log: Path, seconds: int = 60, *, kill_after: float | None = None, inherited: int = -1
) -> Outcome:
    """Runs `work`, whose result must be JSON, in a forked child; `log` receives what it prints.

    `kill_after`: seconds after which it is killed. `inherited`: a file descriptor that the child takes over.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        _run_and_exit(work, log, write, seconds)
    os.close(write)
    if inherited >= 0:
        os.close(inherited)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(read, encoding="utf-8") as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return Outcome(signal.Signals(os.WTERMSIG(status)).name, "", None)
    outcome = json.loads(text)
    return Outcome("", outcome["error"], outcome["result"])


def _run_and_exit(work: Callable[[], Any], log: Path, write: int, seconds: int) -> None:
    signal.alarm(seconds)  # a child that hangs ends with SIGALRM
    for stream, handle in ((sys.stdout, 1), (sys.stderr, 2)):
        stream.flush()
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), handle)
    result, error = None, ""
    try:
        result = work()
    except BaseException:
        error = traceback.format_exc()
    with os.fdopen(write, "w", encoding="utf-8") as pipe:
        json.dump({"error": error, "result": result}, pipe)
    os._exit(0)


def import_everything() -> None:
    """Imports what children need. Nothing may be opened yet, because threads do not survive a fork."""
    for name in ("chromadb.api.rust", "tantivy"):
        import_module(name)
    chunking.chunk(Paper("t:0", "A title", "A sentence of an abstract. " * 200), 400, 64)  # loads splitter and tokens
