"""Files on their way into the library: one run at a time for all visitors, with its pace, its end and its report.

Knows nothing about HTML. The library is one for all visitors, and so is the run.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant import Assistant, AssistantError, IndexProgress, IndexReport

_LOG = logging.getLogger(__name__)
_BYTES_A_PAPER = 1_900
"""Of a text page with titles, authors and abstracts; used until the first file has been read to its end."""
_NOT_YET = 0.95
"""Share that is shown at most while it rests on that estimate."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a run has come."""

    stage: str = "starting"
    stored: int = 0
    share: float = 0.0
    """Of the work, from 0 to 1."""
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Papers a second."""
        return self.stored / self.seconds if self.seconds else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds that are left at this pace; None while that cannot be said."""
        return self.seconds / self.share - self.seconds if self.share > 0.02 and self.stored else None


class Cancelled(Exception):
    """The visitor said stop; what was committed stays."""


class Indexing:
    """Runs `add` in a thread of its own: a visitor who leaves must not end what the others wait for."""

    def __init__(self, assistant: Assistant, done: Callable[[], None]) -> None:
        """`done` is called after every run, however it ended."""
        self._assistant = assistant
        self._done = done
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None
        self._waiting: list[Path] = []
        self._cancel = threading.Event()
        self.pace = Pace()
        self.report: IndexReport | None = None
        """What the last run did; None before the first one, and after one that did not end well."""
        self.problem = ""
        """Why the last run ended early, for the visitor."""

    @property
    def running(self) -> bool:
        """Files are being read."""
        return self._worker is not None and self._worker.is_alive()

    def start(self, paths: Sequence[Path] | None) -> None:
        """Begins with these uploaded files, which are deleted once read; None: the bundled sample. Joins a run."""
        with self._lock:
            self._waiting += paths or []
            if self.running:
                return
            self._cancel.clear()
            self.pace, self.report, self.problem = Pace(), None, ""
            self._worker = threading.Thread(target=self._work, args=(paths is None,), name="indexing", daemon=True)
            self._worker.start()

    def cancel(self) -> None:
        """Ends the run at its next batch; what is stored stays, and the same files go on from there."""
        self._cancel.set()

    def wait(self, seconds: float | None = None) -> None:
        """Blocks until nothing is being read, at most so long."""
        if self._worker is not None:
            self._worker.join(seconds)

    def _work(self, sample: bool) -> None:
        try:
            while sample or (paths := self._next_files()):
                self.report = self._read(None if sample else paths)
                sample = False
        except Cancelled:
            self.problem = f"Cancelled. {self.pace.stored} papers were stored and stay; add the files again to go on."
        except AssistantError as error:
            self.problem = str(error)
        except Exception:
            _LOG.exception("indexing failed")
            self.problem = "The files could not be read to the end; the log says more. What was stored stays."
        finally:
            _delete(self._next_files())
            self._done()

    def _next_files(self) -> list[Path]:
        with self._lock:
            paths, self._waiting = self._waiting, []
            return paths

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
    """The pace after so many seconds. Some formats count their bytes only at the end of a file, so that the share is
    estimated from the papers stored when that is more."""
    total = progress.bytes_total
    if not total:
        return Pace(progress.stage, progress.stored, 0.0, seconds)
    estimated = min(_NOT_YET, progress.stored * _BYTES_A_PAPER / total)
    share = max(estimated, min(_NOT_YET, progress.bytes_read / total)) if progress.stored else 0.0
    return Pace(progress.stage, progress.stored, share, seconds)


def _delete(paths: Sequence[Path]) -> None:
    """Uploaded copies with the folder that holds each alone."""
    for path in paths:
        path.unlink(missing_ok=True)
        try:
            path.parent.rmdir()
        except OSError:
            _LOG.debug("%s is not empty", path.parent)
