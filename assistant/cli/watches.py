"""The commands for standing questions: watch add, list, run, remove."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from assistant.cli.app import Commands, Home, Json, NoRetracted, Only, Year, app, named_path
from assistant.cli.console import OUT
from assistant.cli.filters import filters_of, spelled
from assistant.cli.grids import print_list
from assistant.cli.progress import counting
from assistant.cli.session import open_assistant
from assistant.cli.show import print_json
from assistant.collection.watch import WatchChange, WatchKind

group = Commands(
    help="Standing questions, asked again when papers come, change or go.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(group, name="watch")


class _Kind(StrEnum):
    LIST, ANSWER = "list", "answer"


@group.command()
def add(
    question: Annotated[str, typer.Argument(help="What papers state, or a question.")],
    kind: Annotated[
        _Kind | None,
        typer.Option(
            "--as", help="list: all papers that state it; answer: what the library answers (default: for a ?)."
        ),
    ] = None,
    year: Year = None,
    only: Only = None,
    no_retracted: NoRetracted = False,
    llm: Annotated[
        str, typer.Option("--llm", help="Model that is asked for an answer, each time; `quotes` asks none.")
    ] = "quotes",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Store a standing question with what it finds today."""
    chosen: WatchKind = kind.value if kind else "answer" if question.rstrip().endswith("?") else "list"
    with open_assistant(home) as assistant:
        watch = assistant.watches.add(question, chosen, filters_of(year, only, no_retracted), llm)
    if as_json:
        print_json(watch.to_dict())
        return
    count = len(watch.found)
    OUT.print(
        f"{watch.watch_id}: {escape(watch.question)} ({watch.kind}): {count} span{'s' * (count != 1)} today",
        soft_wrap=True,
    )


@group.command("list")
def list_watches(home: Home = None, as_json: Json = False) -> None:
    """List the standing questions."""
    with open_assistant(home) as assistant:
        found = assistant.watches.all()
    if as_json:
        print_json({"watches": [w.to_dict() for w in found]})
        return
    if not found:
        OUT.print("Nothing is watched; add a question with `assistant watch add QUESTION`.")
        return
    rows = [(w.watch_id, w.created, w.kind, str(len(w.found)), w.question, spelled(w.filters)) for w in found]
    print_list(("watch", "since (UTC)", "kind", "spans", "question", "only"), rows, whole=4)


@group.command()
def run(
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            parser=named_path,
            metavar="FOLDER",
            help="Also write watches.md, watches.json and watches.atom to this folder.",
        ),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Ask again what changed papers may affect. `assistant index` does this too; what did not change is not said."""
    stopped = "Stopped. Questions that were asked are stored; run the same command again to ask the others."
    with open_assistant(home, if_stopped=stopped) as assistant, counting("asking standing questions") as step:
        changes = assistant.watches.run(step)
        if out is not None:
            assistant.watches.write(out)
    if as_json:
        print_json({"changes": [change.to_dict() for change in changes]})
    else:
        print_changes(changes)


@group.command()
def remove(
    watch_id: Annotated[str, typer.Argument(help="Id of a standing question, from `assistant watch list`.")],
    home: Home = None,
) -> None:
    """Remove a standing question."""
    with open_assistant(home) as assistant:
        assistant.watches.remove(watch_id)


def print_changes(changes: Sequence[WatchChange]) -> None:
    """Prints what changed and because of which spans; nothing where nothing did."""
    for change in changes:
        OUT.print(f"[bold]{escape(change.question)}[/bold]: {escape(change.summary)}", soft_wrap=True)
        for sign, spans in (("+", change.added), ("-", change.removed)):
            for f in spans:
                OUT.print(
                    f"  {sign} {escape(f.title)} [dim]{f.paper_id} {f.start}-{f.end}[/dim] “{escape(f.quote)}”",
                    soft_wrap=True,
                )
