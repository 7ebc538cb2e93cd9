"""Runs one step of one peer in its own process, on two cores and offline, and measures wall time and peak memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer
from types import MappingProxyType
from typing import Any

CORES = 2
NOTHING: Mapping[str, str] = MappingProxyType({})
_THREADS = ("OMP_NUM", "MKL_NUM", "OPENBLAS_NUM", "NUMEXPR_NUM", "RAYON_NUM", "TOKIO_WORKER")
_NOWHERE = "http://127.0.0.1:9"
"""Every proxy points here, where nothing listens."""
_CHECKOUT = Path(__file__).parents[2]


class StepFailed(Exception):
    """A step failed; the message says how in one line."""


@dataclass(frozen=True, slots=True)
class Step:
    """The result of a finished process, and what it took."""

    result: dict[str, Any]
    wall: float
    """Seconds from the start to the end of the process."""
    peak_mb: float
    """Largest resident set, in 1,000,000 bytes."""


def environment(settings: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """The environment of a step: none of our own settings, no network, and two threads."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("ASSISTANT_", "OPENAI_", "PYTHON"))}
    offline = {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "ANONYMIZED_TELEMETRY": "False",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "HTTP_PROXY": _NOWHERE,
        "HTTPS_PROXY": _NOWHERE,
        "NO_PROXY": "",
        "TOKENIZERS_PARALLELISM": "true",
        "PYTHONPATH": str(_CHECKOUT),
    }
    threads = {f"{name}_THREADS": str(CORES) for name in _THREADS}
    return {**inherited, **offline, **threads, **settings}


def hold_to_two_cores() -> int:
    """Binds this process and its children to the first two cores that it may use; returns how many those are."""
    if not hasattr(os, "sched_setaffinity"):
        return os.cpu_count() or 1  # this system has no such call, so the thread counts have to do
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    os.sched_setaffinity(0, cores)
    return len(cores)


def drive(
    python: Path, driver: str, request: Mapping[str, Any], settings: Mapping[str, str] = NOTHING, limit: float = 1800.0
) -> Step:
    """Runs the module of a driver (see `eval.bench.peers.contract`). Raises StepFailed."""
    with TemporaryDirectory() as folder:
        asked = Path(folder) / "step.request"
        asked.write_text(json.dumps(request), encoding="utf-8")
        wall, peak, _ = run([str(python), "-m", driver, str(asked)], settings, limit)
        result = asked.with_suffix(".result")
        if not result.is_file():
            raise StepFailed("it ended without a result")
        return Step(json.loads(result.read_text(encoding="utf-8")), wall, peak)


def run(
    command: Sequence[str], settings: Mapping[str, str] = NOTHING, limit: float = 1800.0
) -> tuple[float, float, str]:
    """The wall seconds, peak memory in MB and standard output of a command. Raises StepFailed.

    The peak is never below the memory of this process, so nothing heavy may be loaded here.
    """
    with TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        started = time.perf_counter()
        with out.open("wb") as to_out, err.open("wb") as to_err:
            process = subprocess.Popen(  # noqa: S603 - commands of this package
                command, stdout=to_out, stderr=to_err, env=environment(settings), cwd=folder, start_new_session=True
            )
        timer = Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        try:
            _, status, use = os.wait4(process.pid, 0)
        finally:
            timer.cancel()
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise StepFailed(_last_line(err.read_text("utf-8", "replace"), process.returncode))
        return wall, use.ru_maxrss * 1024 / 1e6, out.read_text("utf-8", "replace")


def _last_line(stderr: str, code: int) -> str:
    if code == -signal.SIGKILL:
        return "it was killed: out of time or memory"
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    return f"exit status {code}: {lines[-1][:300] if lines else 'it printed nothing'}"
