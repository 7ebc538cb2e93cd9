"""The commands that fill and inspect the library: index, papers, stats, doctor, rebuild."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from assistant import QuestionError
from assistant.citations import references
from assistant.cli.app import Form, Home, Json, NoRetracted, Only, Year, app, named_path
from assistant.cli.console import ERR, OUT
from assistant.cli.filters import filters_of
from assistant.cli.grids import print_list
from assistant.cli.index_report import print_report
from assistant.cli.progress import progress_bar
from assistant.cli.session import open_assistant
from assistant.cli.show import print_file, print_json, print_paper
from assistant.cli.watches import print_changes

_STOPPED = "Stopped. What was already stored is kept; run the same command again to continue."


@app.command()
def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            parser=named_path,
            metavar="PATH",
            help="Files and folders to read, or zotero: for the library of Zotero (default: the bundled sample).",
        ),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Add the papers in files and folders to the library. Running it again changes nothing.

    Records that cannot be read are listed, and the others are added. The exit status is 1 only if nothing could be read.
    """
    with open_assistant(home, if_stopped=_STOPPED) as assistant, progress_bar() as progress:
        report = assistant.add(list(paths) if paths else None, progress)
        changes = assistant.watches.run()
    if as_json:
        print_json({**report.to_dict(), "watch_changes": [change.to_dict() for change in changes]})
    else:
        print_report(report)
        print_changes(changes)
    if report.failed and not (report.added or report.updated or report.unchanged or report.duplicates):
        raise typer.Exit(1)


@app.command()
def papers(
    ids: Annotated[list[str] | None, typer.Argument(metavar="PAPER", help="Show the whole record of these.")] = None,
    year: Year = None,
    only: Only = None,
    no_retracted: NoRetracted = False,
    form: Form = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the papers in the library, show the whole record of some, or export them for a reference manager."""
    if as_json and form:
        raise QuestionError("choose one of the output forms --json and --format")
    with open_assistant(home) as assistant:
        found = [assistant.paper(i) for i in ids] if ids else assistant.papers(filters_of(year, only, no_retracted))
    if as_json:
        print_json({"papers": [p.to_dict() for p in found]})
        return
    if form:
        print_file(references(found, form))
        return
    if ids:
        for paper in found:
            print_paper(paper)
        return
    if found:
        rows = [(p.paper_id, str(p.year or ""), p.shown_title) for p in found]
        print_list(("paper", "year", "title"), rows, whole=2)
    elif year or only or no_retracted:
        OUT.print("No paper passes the filters.")
    else:
        OUT.print("The library is empty; add papers with `assistant index PATH`.")


@app.command()
def stats(home: Home = None, as_json: Json = False) -> None:
    """Count the papers of the library by year and source."""
    with open_assistant(home) as assistant:
        found = assistant.stats()
    if as_json:
        print_json(found.to_dict())
        return
    for name, value in found.to_dict().items():
        shown = ", ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, dict) else value
        OUT.print(f"[bold]{name:12}[/bold] {escape(str(shown))}", soft_wrap=True)


@app.command()
def doctor(home: Home = None, as_json: Json = False) -> None:
    """Check everything and say how to fix what is wrong."""
    with open_assistant(home) as assistant:
        checks = assistant.doctor()
    if as_json:
        print_json({"ok": all(c.ok for c in checks), "checks": checks})
    else:
        for c in checks:
            mark = "[green]ok[/green]   " if c.ok else "[red]wrong[/red]"
            OUT.print(
                f"{mark} {c.name:9} {escape(c.detail)}" + (f"\n      → {escape(c.fix)}" if c.fix else ""),
                soft_wrap=True,
            )
    if not all(c.ok for c in checks):
        raise typer.Exit(1)


@app.command()
def rebuild(home: Home = None) -> None:
    """Rebuild both indexes from the stored papers."""
    with open_assistant(home, if_stopped=_STOPPED) as assistant, progress_bar() as progress:
        assistant.rebuild(progress)
    ERR.print("Both indexes were rebuilt.")
