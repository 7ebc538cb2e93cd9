"""Shows the progress of long work on stderr: a bar on a terminal, otherwise a line every half minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

from assistant import IndexProgress
from assistant.cli.console import ERR
from assistant.types import Step

_WINDOW = 30.0
"""Seconds over which the pace is averaged: a resumed run skips known papers much faster than it embeds new ones."""
_FIRST_LINE, _NEXT_LINE = 5.0, 30.0
"""Seconds before the first line and between two lines, when there is no terminal."""

Show = Callable[[IndexProgress], None]


@contextmanager
def progress_bar(console: Console = ERR, clock: Callable[[], float] = time.monotonic) -> Iterator[Show]:
    """Yields the function that shows one step; a terminal is left clean afterwards."""
    if not console.is_terminal:
        yield _Lines(console, clock, Pace(clock)).show
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=14),  # the whole line fits into 80 columns
        TaskProgressColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task, pace = bar.add_task("reading", total=None, pace=""), Pace(clock)

        def show(p: IndexProgress) -> None:
            # The work after the last byte has no known length: the bar only shows that it continues.
            total = p.bytes_total if p.bytes_read < p.bytes_total else None
            bar.update(task, description=p.stage, total=total, completed=p.bytes_read, pace=pace.spelled(p))

        yield show


@contextmanager
def counting(what: str, console: Console = ERR, clock: Callable[[], float] = time.monotonic) -> Iterator[Step]:
    """Yields the function that shows how many of how many are done; without a terminal, a line every half minute."""
    if console.is_terminal:
        columns = TextColumn("{task.description}"), BarColumn(bar_width=14), MofNCompleteColumn()
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        return
    due = clock() + _FIRST_LINE

    def show(done: int, total: int) -> None:
        nonlocal due
        if clock() >= due:
            due = clock() + _NEXT_LINE
            console.print(f"{what}: {done:,} of {total:,}", soft_wrap=True, markup=False, highlight=False)

    yield show


@dataclass
class Pace:
    """Papers per second over the last half minute, and the time that the rest will take at that pace."""

    clock: Callable[[], float] = time.monotonic
    _seen: deque[tuple[float, IndexProgress]] = field(default_factory=deque)

    def spelled(self, progress: IndexProgress) -> str:
        """For example `4,210 papers, 61/s, 2 min left`; parts that are not known yet are omitted."""
        now = self.clock()
        if self._seen and self._seen[0][1].bytes_total != progress.bytes_total:
            self._seen.clear()  # a new stage, which counts something else
        if not self._seen or now - self._seen[-1][0] >= 1:
            self._seen.append((now, progress))
        while now - self._seen[0][0] > _WINDOW and len(self._seen) > 2:
            self._seen.popleft()
        begun, first = self._seen[0]
        parts = [f"{progress.records:,} papers"]
        if now - begun >= 1 and progress.records > first.records:
            rate = (progress.records - first.records) / (now - begun)
            parts.append(f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s")
        bytes_read, left = progress.bytes_read - first.bytes_read, progress.bytes_total - progress.bytes_read
        if now - begun >= 1 and bytes_read > 0 and left > 0:
            parts.append(f"{duration(left * (now - begun) / bytes_read)} left")
        return ", ".join(parts)


@dataclass
class _Lines:
    """Prints a line every half minute, and none for a short run."""

    console: Console
    clock: Callable[[], float]
    pace: Pace
    due: float | None = None
    stage: str = ""
    """The stage of the last line."""

    def show(self, progress: IndexProgress) -> None:
        """Prints a line if one is due."""
        now, text = self.clock(), self.pace.spelled(progress)
        if self.due is None:
            self.due = now + _FIRST_LINE
        read = progress.bytes_read >= progress.bytes_total
        if now >= self.due or (self.stage and read and progress.stage != self.stage):
            self.due, self.stage = now + _NEXT_LINE, progress.stage
            self.console.print(f"{progress.stage}: {text}", soft_wrap=True, markup=False, highlight=False)


def duration(seconds: float) -> str:
    """For example `40 s`, `12 min` or `3 h 20 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"
