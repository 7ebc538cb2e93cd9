"""Drives one target with atheris: inputs that reach new code are kept and changed further."""

from __future__ import annotations

import hashlib
import logging
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

LONGEST = 20_000
"""Bytes of the longest input."""
SLOW_S = 2.0
"""Seconds of the processor that no input of this length may take; instrumented code runs about five times slower."""
MEMORY_MB = 3_000
_PUMPED = 6
"""One input in so many is a fragment repeated, which is what makes a regular expression slow."""
_FRAGMENTS = tuple(
    b" \t \n|\n|\r\n|(|[|{|<|\\|$|`|*|-|,|, |; |. |\"|'|a|A |1|1,|[1]|{\\|<a>|<!--|&#|[[|](| and |\xc2\xa0|\xcc\x81|\xff".split(
        b"|"
    )
)


class TooSlowError(BaseException):
    """One input took longer than `SLOW_S`; no handler of the product may catch it."""


class Fuzzer:
    """Counts inputs, and keeps one input of each kind of finding in `findings`."""

    def __init__(self, check: Callable[[bytes], None], findings: Path, budget_s: float) -> None:
        self._check, self._findings, self._budget = check, findings, budget_s
        self._kinds: set[str] = set()
        self._inputs = 0
        self._started = time.process_time()

    def one(self, data: bytes) -> None:
        """Tries one input; ends the process when the time is over."""
        self._inputs += 1
        signal.setitimer(signal.ITIMER_VIRTUAL, SLOW_S)
        try:
            self._check(data)
        except (Exception, TooSlowError) as error:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self._keep(data, error)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if time.process_time() - self._started > self._budget:
            self._end()

    def _keep(self, data: bytes, error: BaseException) -> None:
        """Two errors are of one kind when the same line of the project raised them."""
        frames = [f for f in traceback.extract_tb(error.__traceback__) if "/assistant/" in f.filename]
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else str(error)[:60]
        kind = f"{type(error).__name__} {place}"
        if kind in self._kinds:
            return
        self._kinds.add(kind)
        file = self._findings / hashlib.sha256(kind.encode()).hexdigest()[:12]
        file.write_bytes(data)
        file.with_suffix(".txt").write_text("".join(traceback.format_exception(error)))
        print(f"FOUND {kind}: {str(error)[:200]} ({len(data)} bytes in {file})", flush=True)

    def _end(self) -> None:
        used = (time.process_time() - self._started) / 60
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{self._inputs} inputs, {used:.1f} processor minutes, {memory} MB, {len(self._kinds)} findings", flush=True
        )
        os._exit(bool(self._kinds))  # libFuzzer never returns


def _too_slow(_: int, __: FrameType | None) -> None:
    raise TooSlowError(f"longer than {SLOW_S} s")


def _mutate(data: bytes, most: int, seed: int) -> bytes:
    import atheris

    draw = random.Random(seed)
    if draw.randrange(_PUMPED):
        return bytes(atheris.Mutate(data, most))
    start = draw.randrange(len(data) + 1)
    own = data[start : start + draw.randrange(1, 12)]
    fragment = own if own and draw.randrange(2) else draw.choice(_FRAGMENTS)
    count = draw.randrange(1, most) // len(fragment)
    return (data[:start] + fragment * count + data[start:])[:most]


def run(check: Callable[[bytes], None], seeds: Sequence[bytes], folder: Path, minutes: float, seed: int) -> None:
    """Fuzzes until `minutes` of the processor are used, then ends the process with 1 if anything was found.

    `folder` receives the inputs that reached new code, and those that broke something with their tracebacks.
    """
    import atheris

    corpus, findings = folder / "corpus", folder / "findings"
    for made in (corpus, findings):
        made.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds):
        (corpus / f"seed{number}").write_bytes(data)
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGVTALRM, _too_slow)
    fuzzer = Fuzzer(check, findings, minutes * 60)
    options = [
        f"-seed={seed}",
        f"-max_len={LONGEST}",
        "-timeout=300",
        f"-rss_limit_mb={MEMORY_MB}",
        "-verbosity=0",
        "-report_slow_units=1000",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], fuzzer.one, custom_mutator=_mutate)
    atheris.Fuzz()
