"""What every command does around its work: opens the library, fills an empty one, shows progress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn

from assistant import Assistant, IndexProgress, Settings
from assistant.cli.show import ERR


@contextmanager
def open_assistant(home: Path | None, **values: Any) -> Iterator[Assistant]:
    """The library that the options name, closed in the end; Ctrl-C leaves with 130, as shells expect."""
    given = {name: value for name, value in {"home": home, **values}.items() if value is not None}
    try:
        with Assistant(Settings(**given)) as assistant:
            yield assistant
    except KeyboardInterrupt:
        ERR.print("Stopped. What was stored stays; run the same command again to go on.")
        raise typer.Exit(130) from None


def fill_if_empty(assistant: Assistant) -> None:
    """Indexes the bundled sample as a guest where there is nothing to ask."""
    if assistant.stats().papers == 0:
        ERR.print(
            "The library is empty, so the bundled sample is indexed first; it makes room when you `assistant index PATH`."
        )
        with progress_bar() as progress:
            assistant.add(progress=progress, guests=True)


def say_model(assistant: Assistant) -> None:
    """Says what answers, and why."""
    if assistant.model == "quotes":
        ERR.print(f"[dim]Answering with {escape(assistant.model_reason)}.[/dim]", soft_wrap=True)
    else:
        ERR.print(
            f"[dim]Answering with {escape(assistant.model)} ({escape(assistant.model_reason)}).[/dim]", soft_wrap=True
        )


@contextmanager
def progress_bar() -> Iterator[Any]:
    """A bar over the bytes of the files, with what goes on and how many papers are stored."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[stored]} papers embedded"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=ERR, transient=True) as bar:
        task = bar.add_task("reading", total=None, stored=0)

        def show(p: IndexProgress) -> None:
            bar.update(task, description=p.stage, total=p.bytes_total or None, completed=p.bytes_read, stored=p.stored)

        yield show
