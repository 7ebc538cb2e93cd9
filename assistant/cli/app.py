"""The root of the command line, its entry point, and the options that several commands share."""

from __future__ import annotations

import atexit
import codecs
import gc
import io
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from assistant import AssistantError
from assistant.cli.show import ERR

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Home = Annotated[
    Path | None,
    typer.Option("--home", help="Folder of the library (default: ASSISTANT_HOME, or your user-data folder)."),
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


_ASCII = {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "→": "->"}
"""Replacements for our own punctuation on a terminal that cannot show it."""


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
    codecs.register_error("ascii-punctuation", _simplify)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="ascii-punctuation")
    try:
        app()
    except AssistantError as error:
        ERR.print(f"[red]error:[/red] {escape(str(error))}", soft_wrap=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)


def _simplify(error: UnicodeError) -> tuple[str, int]:
    """The error handler of stdout and stderr: no encoding makes a command fail."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_ASCII.get(c, "?") for c in error.object[error.start : error.end]), error.end
