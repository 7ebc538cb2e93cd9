"""Opens the library for a command, fills an empty one with the sample, and reports which model answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.markup import escape

from assistant import Assistant, Settings
from assistant.cli.console import ERR
from assistant.cli.progress import progress_bar
from assistant.process import STOPPED, may_be_stopped


@contextmanager
def open_assistant(home: Path | None, *, if_stopped: str = STOPPED, **values: Any) -> Iterator[Assistant]:
    """The library that the options name; it is closed at the end. `if_stopped` is what Ctrl-C prints."""
    given = {name: value for name, value in {"home": home, **values}.items() if value is not None}
    may_be_stopped(if_stopped)
    with Assistant(Settings(**given)) as assistant:
        yield assistant


def fill_if_empty(assistant: Assistant) -> None:
    """Adds the bundled sample to an empty library."""
    if assistant.stats().papers == 0:
        ERR.print(
            "The library is empty, so the bundled sample is indexed first. It is removed when you add papers with "
            "`assistant index PATH`.",
            soft_wrap=True,
        )
        with progress_bar() as progress:
            assistant.add(progress=progress, temporary=True)


def say_model(assistant: Assistant) -> None:
    """Prints which model answers, and why."""
    reason = assistant.model_reason
    writer = reason if assistant.model == "quotes" else f"{assistant.model} ({reason})"
    ERR.print(f"[dim]Answering with {escape(writer)}.[/dim]", soft_wrap=True)
