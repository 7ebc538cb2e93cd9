"""The command that lists all papers which state something."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer
from rich.markup import escape

from assistant import QuestionError
from assistant.cli.app import Form, Home, Json, NoRetracted, Only, Year, app
from assistant.cli.console import OUT
from assistant.cli.filters import filters_of
from assistant.cli.reading_model import Reader, Yes, within_budget
from assistant.cli.session import fill_if_empty, open_assistant
from assistant.cli.show import print_file, print_json
from assistant.listing import ListedPaper, Listing
from assistant.sheets import csv_text


@app.command()
def find(
    topic: Annotated[
        str, typer.Argument(help="What the papers have to state, such as `diffusion models`; filters do without one.")
    ] = "",
    year: Year = None,
    only: Only = None,
    no_retracted: NoRetracted = False,
    llm: Reader = None,
    yes: Yes = False,
    home: Home = None,
    as_json: Json = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print the list as CSV; cells that could be formulas are defused.")
    ] = False,
    as_bibtex: Annotated[bool, typer.Option("--bibtex", help="The same as --format bibtex.")] = False,
    form: Form = None,
) -> None:
    """List all papers that state something, each with the span that shows it."""
    form = form or ("bibtex" if as_bibtex else None)
    if sum((as_json, as_csv, form is not None)) > 1:
        raise QuestionError("choose one of the output forms --json, --csv, --bibtex and --format")
    with open_assistant(home, llm=llm) as assistant:
        fill_if_empty(assistant)
        asked = partial(assistant.find, topic, filters_of(year, only, no_retracted))
        listing = within_budget(asked, "reading papers", assistant, llm, yes)
        exported = assistant.export_listing(listing, form) if form else ""
    if as_json:
        print_json(listing.to_dict())
    elif as_csv or form:
        print_file(_csv(listing) if as_csv else exported)
    else:
        _print(listing)


def _csv(listing: Listing) -> str:
    header = ("pile", "paper", "title", "quote", "in", "start", "end", "judged by")
    piles = (("stated", listing.papers), ("unclear", listing.unclear))
    rows = [(pile, *_cells(paper)) for pile, papers in piles for paper in papers]
    return csv_text([header, *rows])


def _cells(paper: ListedPaper) -> tuple[str, ...]:
    span = paper.quote, paper.where, str(paper.start), str(paper.end)
    return paper.paper_id, paper.title, *span, paper.judged_by or "rules"


def _print(listing: Listing) -> None:
    OUT.print(escape(listing.summary), soft_wrap=True)
    for heading, papers in (("", listing.papers), ("Unclear:", listing.unclear)):
        if heading and papers:
            OUT.print(f"\n{heading}")
        for paper in papers:
            judge = f" (read by {escape(paper.judged_by)})" if paper.judged_by else ""
            OUT.print(f"[bold]{escape(paper.title)}[/bold] [dim]{paper.paper_id}{judge}[/dim]", soft_wrap=True)
            if paper.where == "abstract":
                OUT.print(f"  “{escape(paper.quote)}”", soft_wrap=True)
