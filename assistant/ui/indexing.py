"""Adds uploaded files to the library in the background: one run at a time, shared by all visitors."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import Assistant, AssistantError, IndexProgress, IndexReport, WatchChange
from assistant.ui.text import plural

_LOG = logging.getLogger(__name__)
_BYTES_PER_PAPER = 1_900
"""On a text page with titles, authors and abstracts; used until the first file has been read to its end."""
_LARGEST_ESTIMATE = 0.95
"""The largest share that is shown while it rests on that estimate."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The progress of a run."""

    stage: str = "starting"
    stored: int = 0
    share: float = 0.0
    """Part of the work that is done, from 0 to 1."""
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Papers per second."""
        return self.stored / self.seconds if self.seconds else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds that are left at this pace; None while there is too little to estimate them from."""
        return self.seconds / self.share - self.seconds if self.share > 0.02 and self.stored else None


class Cancelled(Exception):
    """A visitor cancelled the run; what was committed stays."""


class Indexing:
    """Runs `add` in its own thread, because a visitor who leaves must not end it for the others."""

    def __init__(self, assistant: Assistant, done: Callable[[], None]) -> None:
        """`done` is called after every run, even one that failed."""
        self._assistant = assistant
        self._done = done
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None
        self._waiting: list[Path] = []
        self._accepting = False
        """Whether the worker will look for waiting files again; a run that is ending no longer does."""
        self._cancel = threading.Event()
        self.pace = Pace()
        self.report: IndexReport | None = None
        """The report of the last run; None before the first one and after one that failed."""
        self.changes: Sequence[WatchChange] = ()
        """How the answers to standing questions changed in the last run."""
        self.problem = ""
        """The reason why the last run ended early, for the visitor."""

    @property
    def running(self) -> bool:
        """Whether files are being read."""
        return self._worker is not None and self._worker.is_alive()

    @property
    def sample_progress(self) -> str:
        """The progress while the bundled sample is added to an empty library, in words."""
        return f"Reading the bundled sample: {plural(self.pace.stored, 'paper')} so far…"

    def start(self, paths: Sequence[Path] | None) -> None:
        """Adds these uploaded files, which are deleted once read, or the bundled sample (None). Joins a run in progress."""
        with self._lock:
            self._waiting += paths or []
            if self._accepting:
                return
            self._accepting = True
            self._cancel.clear()
            self.pace, self.report, self.changes, self.problem = Pace(), None, (), ""
            self._worker = threading.Thread(target=self._work, args=(paths is None,), name="indexing", daemon=True)
            self._worker.start()

    def cancel(self) -> None:
        """Ends the run at its next batch; what is stored stays, and adding the same files again continues from there."""
        self._cancel.set()

    def wait(self, seconds: float | None = None) -> None:
        """Blocks until nothing is being read, at most for this long."""
        if self._worker is not None:
            self._worker.join(seconds)

    def _work(self, sample: bool) -> None:
        try:
            while sample or (paths := self._next_files()):
                self.report = self._read(None if sample else paths)
                sample = False
                self._ask_again()
        except Cancelled:
            self._abandon(
                f"Cancelled after {plural(self.pace.stored, 'paper')}, which stay; add the files again to continue."
            )
        except AssistantError as error:
            self._abandon(str(error))
        except Exception:
            _LOG.exception("indexing failed")
            self._abandon("The files could not be read to the end; the log has the details. What was stored stays.")
        finally:
            self._done()

    def _ask_again(self) -> None:
        """Asks the standing questions that the run may affect. Cancelled, those that are left are asked after the next run."""

        def follow(_done: int, _all: int) -> None:
            if self._cancel.is_set():
                raise Cancelled

        self.pace = replace(self.pace, stage="asking standing questions")
        self.changes = [*self.changes, *self._assistant.watches.run(follow)]

    def _next_files(self) -> list[Path]:
        with self._lock:
            paths, self._waiting = self._waiting, []
            self._accepting = bool(paths)
            return paths

    def _abandon(self, problem: str) -> None:
        with self._lock:
            paths, self._waiting = self._waiting, []
            self.problem, self._accepting = problem, False
        _delete(paths)

    def _read(self, paths: list[Path] | None) -> IndexReport:
        started = time.perf_counter()

        def follow(progress: IndexProgress) -> None:
            if self._cancel.is_set():
                raise Cancelled
            self.pace = pace(progress, time.perf_counter() - started)

        try:
            return self._assistant.add(paths, follow, temporary=paths is None)
        finally:
            self.pace = replace(self.pace, seconds=time.perf_counter() - started)
            _delete(paths or [])


def pace(progress: IndexProgress, seconds: float) -> Pace:
    """The pace after so many seconds.

    Some formats count their bytes only at the end of a file, so the share is estimated from the papers stored if that
    is more.
    """
    share = 0.0
    if progress.bytes_total and progress.stored:
        done = max(progress.stored * _BYTES_PER_PAPER, progress.bytes_read)
        share = min(_LARGEST_ESTIMATE, done / progress.bytes_total)
    return Pace(progress.stage, progress.stored, share, seconds)


def _delete(paths: Sequence[Path]) -> None:
    """Deletes uploaded copies, each with the folder that holds it alone."""
    for path in paths:
        path.unlink(missing_ok=True)
        try:
            path.parent.rmdir()
        except OSError:
            _LOG.debug("%s is not empty", path.parent)
