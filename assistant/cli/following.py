"""The commands that follow a field through a library: related."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from assistant.cli.app import Home, Json, app
from assistant.cli.session import fill_if_empty, open_assistant
from assistant.cli.show import OUT, print_json


@app.command()
def related(
    papers: Annotated[list[str], typer.Argument(help="Ids of one or several papers, from `assistant papers`.")],
    away_from: Annotated[
        list[str] | None, typer.Option("--not", help="Leave out what is nearer to this paper; may be repeated.")
    ] = None,
    k: Annotated[int, typer.Option("-k", help="Number of papers to show.", min=1, max=1000)] = 10,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the papers near some papers, each with the sentence that shows why."""
    with open_assistant(home) as assistant:
        fill_if_empty(assistant)
        found = assistant.related(papers, away_from or (), k)
    if as_json:
        print_json(found.to_dict())
        return
    for n, p in enumerate(found.papers, 1):
        OUT.print(
            f"{n}. {escape(p.title)}  [dim]{p.score:.2f}  {p.paper_id} {p.start}-{p.end}[/dim]\n"
            f"   “{escape(p.quote)}”\n   [dim]shared: {escape(', '.join(p.shared))}[/dim]",
            soft_wrap=True,
        )
