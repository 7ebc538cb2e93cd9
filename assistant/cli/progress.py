"""How far an indexing run has come, on stderr: a bar on a terminal, a line now and then where nobody draws one.

Knows nothing about what is indexed.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

from assistant import IndexProgress
from assistant.cli.show import ERR

_WINDOW = 30.0
"""Seconds over which a pace is taken: a resumed run skips what it knows much faster than it goes on."""
_FIRST_LINE, _NEXT_LINE = 5.0, 30.0
"""Seconds until the first line where there is no terminal, and between two lines."""

Show = Callable[[IndexProgress], None]


@contextmanager
def progress_bar(console: Console = ERR) -> Iterator[Show]:
    """Gives what is to be told of every step; nothing stays on a terminal afterwards."""
    if not console.is_terminal:
        yield _Lines(console).show
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=14),  # all of it fits into 80 columns
        TaskProgressColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task, pace = bar.add_task("reading", total=None, pace=""), Pace()

        def show(p: IndexProgress) -> None:
            # What follows the last byte cannot be foreseen: the bar only shows that it goes on.
            total = p.bytes_total if p.bytes_read < p.bytes_total else None
            bar.update(task, description=p.stage, total=total, completed=p.bytes_read, pace=pace.spelled(p))

        yield show


@dataclass
class Pace:
    """Papers a second over the last half minute, and how long the rest will take at that pace."""

    clock: Callable[[], float] = time.monotonic
    _seen: deque[tuple[float, IndexProgress]] = field(default_factory=deque)

    def spelled(self, progress: IndexProgress) -> str:
        """Such as `4,210 papers, 61/s, 2 min left`; what is not known yet is left out."""
        now = self.clock()
        if self._seen and self._seen[0][1].bytes_total != progress.bytes_total:
            self._seen.clear()  # another stage, which counts something else
        if not self._seen or now - self._seen[-1][0] >= 1:
            self._seen.append((now, progress))
        while now - self._seen[0][0] > _WINDOW and len(self._seen) > 2:
            self._seen.popleft()
        begun, first = self._seen[0]
        parts = [f"{progress.records:,} papers"]
        if now - begun >= 1 and progress.records > first.records:
            parts.append(f"{_short((progress.records - first.records) / (now - begun))}/s")
        bytes_read, left = progress.bytes_read - first.bytes_read, progress.bytes_total - progress.bytes_read
        if now - begun >= 1 and bytes_read > 0 and left > 0:
            parts.append(f"{duration(left * (now - begun) / bytes_read)} left")
        return ", ".join(parts)


@dataclass
class _Lines:
    """A line every half minute, and none for what is done at once."""

    console: Console
    clock: Callable[[], float] = time.monotonic
    due: float | None = None
    stage: str = ""
    """Of the last line."""
    pace: Pace = field(init=False)

    def __post_init__(self) -> None:
        self.pace = Pace(self.clock)

    def show(self, progress: IndexProgress) -> None:
        """Prints it, if a line is due."""
        now, text = self.clock(), self.pace.spelled(progress)
        if self.due is None:
            self.due = now + _FIRST_LINE
        read = progress.bytes_read >= progress.bytes_total
        if now >= self.due or (self.stage and read and progress.stage != self.stage):
            self.due, self.stage = now + _NEXT_LINE, progress.stage
            self.console.print(f"{progress.stage}: {text}", soft_wrap=True, markup=False, highlight=False)


def duration(seconds: float) -> str:
    """Such as `40 s`, `12 min`, `3 h 20 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"


def _short(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
