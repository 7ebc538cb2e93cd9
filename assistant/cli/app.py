"""The command's root, its entry point, and the options that several commands share. Knows no command itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from assistant import AssistantError
from assistant.cli.show import ERR

app = typer.Typer(
    help="Ask questions of a pile of paper abstracts; every sentence of an answer cites an exact span.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Home = Annotated[Path | None, typer.Option("--home", help="The library's folder (default: ASSISTANT_HOME).")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Llm = Annotated[
    str | None,
    typer.Option("--llm", help="auto, quotes, gguf:, ollama:, openai: and MODEL, or http://host:port/v1#MODEL."),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Answer anew what was asked before.")]
Count = Annotated[int | None, typer.Option("-k", help="Papers to draw on.", min=1, max=20)]
Year = Annotated[
    str | None, typer.Option("--year", help="Only papers of these years: 2020, 2020..2024, 2020.. or ..2024.")
]


def main() -> None:
    """Runs the command that the arguments name; a user's error is one line and exit status 1."""
    try:
        app()
    except AssistantError as error:
        ERR.print(f"[red]error:[/red] {escape(str(error))}", soft_wrap=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)
