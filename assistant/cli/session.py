"""What every command does around its work: opens the library, fills an empty one, says what answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape

from assistant import Assistant, Settings
from assistant.cli.progress import progress_bar
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
    """Indexes the bundled sample where there is nothing to ask."""
    if assistant.stats().papers == 0:
        ERR.print(
            "The library is empty, so the bundled sample is indexed first; it makes room when you `assistant index PATH`."
        )
        with progress_bar() as progress:
            assistant.add(progress=progress, temporary=True)


def say_model(assistant: Assistant) -> None:
    """Says what answers, and why."""
    if assistant.model == "quotes":
        ERR.print(f"[dim]AnswerPipeline with {escape(assistant.model_reason)}.[/dim]", soft_wrap=True)
    else:
        ERR.print(
            f"[dim]AnswerPipeline with {escape(assistant.model)} ({escape(assistant.model_reason)}).[/dim]",
            soft_wrap=True,
        )
