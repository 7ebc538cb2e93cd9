"""The commands that follow a field through a library: related, digest, trend, screen."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from assistant import SettingsError
from assistant.cli.app import Home, Json, NoRetracted, Only, Year, app
from assistant.cli.console import OUT
from assistant.cli.files import write_text
from assistant.cli.filters import filters_of
from assistant.cli.grids import print_years
from assistant.cli.progress import counting
from assistant.cli.reading_model import Reader, Yes, within_budget
from assistant.cli.session import fill_if_empty, open_assistant
from assistant.cli.show import print_json
from assistant.collection.digest import LAST_RUN


@app.command()
def related(
    papers: Annotated[list[str], typer.Argument(help="Ids of one or several papers, from `assistant papers`.")],
    away_from: Annotated[
        list[str] | None, typer.Option("--not", help="Leave out what is nearer to this paper; may be repeated.")
    ] = None,
    k: Annotated[int, typer.Option("-k", help="Number of papers to show.", min=1, max=1000)] = 10,
    year: Year = None,
    only: Only = None,
    no_retracted: NoRetracted = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the papers near some papers, each with the sentence that shows why."""
    with open_assistant(home) as assistant, counting("comparing papers") as step:
        fill_if_empty(assistant)
        found = assistant.related(papers, away_from or (), k, filters_of(year, only, no_retracted), step)
    if as_json:
        print_json(found.to_dict())
        return
    for n, p in enumerate(found.papers, 1):
        OUT.print(
            f"{n}. {escape(p.title)}  [dim]{p.score:.2f}  {p.paper_id} {p.start}-{p.end}[/dim]\n"
            f"   “{escape(p.quote)}”\n   [dim]shared: {escape(', '.join(p.shared))}[/dim]",
            soft_wrap=True,
        )


@app.command()
def digest(
    since: Annotated[
        str, typer.Option("--since", help="A date such as 2026-11-01, or `last run`: of `index`, that added papers.")
    ] = LAST_RUN,
    year: Year = None,
    only: Only = None,
    no_retracted: NoRetracted = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Tell what came in, by topic, with one finding of each paper, and what of it touches a standing question."""
    with open_assistant(home) as assistant, counting("reading papers") as step:
        found = assistant.digest(since, filters_of(year, only, no_retracted), step)
    if as_json:
        print_json(found.to_dict())
        return
    when = f" since {found.since}" if found.since else ""
    OUT.print(f"{found.count} of {found.of} papers came in{when}.", soft_wrap=True)
    for topic in found.topics:
        OUT.print(f"\n[bold]{escape(', '.join(topic.terms) or 'other')}[/bold] ({len(topic.papers)})", soft_wrap=True)
        for p in topic.papers:
            OUT.print(f"- {escape(p.title)} [dim]{p.paper_id}[/dim]", soft_wrap=True)
            if p.finding is not None:
                OUT.print(f"  “{escape(p.finding.quote)}”", soft_wrap=True)
    for watch in found.watches:
        titles = "; ".join(dict.fromkeys(f.title for f in watch.found))
        OUT.print(f"\nTouches “{escape(watch.question)}” [dim]{watch.watch_id}[/dim]: {escape(titles)}", soft_wrap=True)


@app.command()
def trend(
    topic: Annotated[str, typer.Argument(help="What the papers state.")],
    year: Year = None,
    only: Only = None,
    no_retracted: NoRetracted = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show the share of papers with a topic in each year, with the interval in which the true share lies."""
    with open_assistant(home) as assistant, counting("reading papers") as step:
        fill_if_empty(assistant)
        found = assistant.trend(topic, filters_of(year, only, no_retracted), step)
    if as_json:
        print_json(found.to_dict())
        return
    OUT.print(f"{escape(found.topic)}: {found.count} of {found.of} papers; {found.summary}", soft_wrap=True)
    if found.read < found.of:
        OUT.print(f"{found.read} of {found.of} papers were read, those closest to the topic")
    print_years(found)


@app.command()
def screen(
    include: Annotated[
        list[str] | None, typer.Option("--include", help="What a paper has to state; may be repeated.")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", help="What a paper must not state; may be repeated.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write FILE.csv (all papers) or FILE.ris (all but the excluded ones).")
    ] = None,
    year: Year = None,
    only: Only = None,
    no_retracted: NoRetracted = False,
    llm: Reader = None,
    yes: Yes = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Include or exclude papers by criteria, each decision with its span."""
    if out is not None and out.suffix not in (".csv", ".ris"):
        raise SettingsError(f"--out {out}: the file's name has to end in .csv or .ris")
    with open_assistant(home, llm=llm) as assistant:
        fill_if_empty(assistant)
        asked = partial(assistant.screen, include or (), exclude or (), filters_of(year, only, no_retracted))
        found = within_budget(asked, "reading papers for each criterion", assistant, llm, yes)
        if out is not None:
            write_text(out, found.to_csv() if out.suffix == ".csv" else found.to_ris(assistant.papers()))
    if as_json:
        print_json(found.to_dict())
        return
    for p in found.papers if out is None else ():
        OUT.print(f"{p.decision}: {escape(p.title)} [dim]{p.paper_id}[/dim]", soft_wrap=True)
        criterion = f": {p.criterion}" if p.criterion else ""
        judge = f" [dim](read by {escape(p.judged_by)})[/dim]" if p.judged_by else ""
        quote = f" “{escape(p.quote)}”" if p.quote else ""
        OUT.print(f"  {escape(p.why + criterion)}{quote}{judge}", soft_wrap=True)
    total = len(found.papers)
    unread = f"; {found.read} of {total} were read" if found.read < total else ""
    OUT.print(", ".join(f"{n} {decision}" for decision, n in found.counts.items()) + unread)
    if found.model is not None:
        OUT.print(escape(found.model.summary), soft_wrap=True)
