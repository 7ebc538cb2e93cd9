"""The root of the command line, its entry point, and the options that several commands share."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.markup import escape
from typer.core import TyperCommand

from assistant import AssistantError, SettingsError
from assistant.cli.console import ERR
from assistant.cli.streams import as_text, prepare
from assistant.process import finished, may_be_stopped

_Function = TypeVar("_Function", bound=Callable[..., Any])


class _Command(TyperCommand):
    """A command that takes text in any encoding of the terminal; names of files stay as the system has them."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        ctx.params = {name: _text(value) for name, value in ctx.params.items()}
        return rest


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return as_text(value, sys.getfilesystemencoding())
    return [_text(part) for part in value] if isinstance(value, list) else value


class Commands(typer.Typer):
    """A group of commands."""

    def command(self, name: str | None = None, **options: Any) -> Callable[[_Function], _Function]:
        """Registers a function as a command."""
        return super().command(name, cls=_Command, **options)


app = Commands(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def named_path(name: str) -> Path:
    """The path of a file or folder. Raises SettingsError for an empty name, which would mean the current folder."""
    if not name:
        raise SettingsError("the name of a file or folder is empty; name one (the current folder is .)")
    return Path(name)


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        parser=named_path,
        metavar="PATH",
        help="Folder of the library (default: ASSISTANT_HOME, or your user-data folder).",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")]
Llm = Annotated[
    str | None,
    typer.Option(
        "--llm",
        help="Model to answer with: auto, quotes, gguf:MODEL, ollama:MODEL, openai:MODEL or http://host:port/v1#MODEL.",
    ),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Do not reuse a cached answer.")]
Count = Annotated[int | None, typer.Option("-k", help="Number of papers to draw on.", min=1, max=20)]
Year = Annotated[
    str | None,
    typer.Option(
        "--year",
        help="Only use papers from these years: 2020, 2020..2024, 2020.. or ..2024; leaves out papers without a year.",
    ),
]

Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="NAME=VALUE",
        help="Only use papers with this author, venue, category, organisation, source, kind, keyword, collection, language or type, or with a date, a day of being "
        "added or a number of authors in a range such as 2024-03..; repeat it to add conditions.",
    ),
]
Form = Annotated[
    str | None,
    typer.Option(
        "--format", help="Print the papers as bibtex, ris or csl (CSL-JSON, for pandoc and citation processors)."
    ),
]

NoRetracted = Annotated[
    bool, typer.Option("--no-retracted", help="Leave out papers that were retracted or withdrawn.", show_default=False)
]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"abstract-assistant {version('abstract-assistant')}")
        raise typer.Exit


@app.callback()
def _root(
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Ask questions about a pile of paper abstracts. Every sentence of an answer cites an exact span."""


def main() -> None:
    """Runs the command that the arguments name. An AssistantError prints one line and exits with status 1."""
    atexit.register(gc.freeze)  # else Python collects garbage among all objects of chromadb at exit, for .25 s
    prepare()
    try:
        may_be_stopped()
        status = _run()
    except KeyboardInterrupt:
        status = 130
    finished()
    sys.exit(status)


def _run() -> int | str | None:
    """Runs the command to its end and the last byte of its output; returns the exit status."""
    status: int | str | None = None
    try:
        try:
            app()
        except SystemExit as end:
            status = end.code
        sys.stdout.flush()
        return status
    except SystemExit as end:  # what was left to write has no reader any more
        return end.code
    except AssistantError as error:
        ERR.print(f"[red]error:[/red] {escape(' '.join(str(error).splitlines()))}", soft_wrap=True)
    return 1
