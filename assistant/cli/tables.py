"""The commands that show what papers state: facts, table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Annotated

import orjson
import typer
from rich.markup import escape

from assistant import Budget, QuestionError
from assistant.cli.app import Home, Json, NoRetracted, Only, Year, app
from assistant.cli.console import OUT
from assistant.cli.filters import filters_of
from assistant.cli.grids import print_table
from assistant.cli.progress import counting
from assistant.cli.reading_model import Reader, Yes, within_budget
from assistant.cli.session import fill_if_empty, open_assistant
from assistant.cli.show import print_file, print_json
from assistant.collection.facts import PaperFacts
from assistant.sheets import csv_text

_STOPPED = "Stopped. The facts that were already read are kept; run the same command again to continue."
Csv = Annotated[bool, typer.Option("--csv", help="Print the result as CSV; cells that could be formulas are defused.")]


@app.command()
def facts(
    paper: Annotated[list[str] | None, typer.Argument(help="Ids of papers, as `assistant papers` lists them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="The facts of every paper.")] = False,
    year: Year = None,
    only: Only = None,
    no_retracted: NoRetracted = False,
    home: Home = None,
    llm: Reader = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Show what papers state: task, method, data, results, limitations and more, each with its exact span."""
    if bool(paper) == every:
        raise QuestionError("name papers, or give --all")
    _one_form(as_json, as_csv)
    with open_assistant(home, if_stopped=_STOPPED, llm=llm) as assistant, counting("reading facts") as step:
        fill_if_empty(assistant)
        budget = None if llm in (None, "quotes") else Budget()
        found = assistant.facts(paper or None, filters_of(year, only, no_retracted), step, budget)
        if as_json:
            _stream_json(found)
        elif as_csv:
            _stream_csv(found)
        else:
            for one in found:
                _print_facts(one)


@app.command()
def table(
    topic: Annotated[str, typer.Argument(help="What the papers are about.")] = "",
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            help="Columns, separated by commas (default: task, method, data, result, compared with, limitation, code). "
            "Any other column is a question to each paper, such as `number of parameters`.",
        ),
    ] = None,
    papers: Annotated[str | None, typer.Option("--papers", help="Ids of papers, separated by commas.")] = None,
    year: Year = None,
    only: Only = None,
    no_retracted: NoRetracted = False,
    k: Annotated[int | None, typer.Option("-k", help="Number of papers at most, the best first.", min=1)] = None,
    llm: Reader = None,
    yes: Yes = False,
    home: Home = None,
    as_json: Json = False,
    as_csv: Csv = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print the result as a Markdown table.")] = False,
) -> None:
    """Compare papers in a table; every cell has the span that states it, or is not stated."""
    _one_form(as_json, as_csv, as_markdown)
    with open_assistant(home, llm=llm) as assistant:
        fill_if_empty(assistant)
        asked = topic, _split(columns), _split(papers), filters_of(year, only, no_retracted), k
        made = within_budget(partial(assistant.table, *asked), "reading papers, filling cells", assistant, llm, yes)
    if as_json:
        print_json(made.to_dict())
    elif as_csv or as_markdown:
        print_file(made.to_csv() if as_csv else made.to_markdown())
    else:
        print_table(made)


def _one_form(*forms: bool) -> None:
    if sum(forms) > 1:
        raise QuestionError("choose one of the output forms --json, --csv and --markdown")


def _split(listed: str | None) -> list[str] | None:
    return None if listed is None else [part.strip() for part in listed.split(",") if part.strip()]


def _stream_json(found: Iterable[PaperFacts]) -> None:
    """One document, written paper by paper, so that memory stays bounded."""
    print_file('{"papers": [')
    for n, one in enumerate(found):
        print_file(("," if n else "") + "\n" + orjson.dumps(one.to_dict()).decode())
    print_file("\n]}\n")


def _stream_csv(found: Iterable[PaperFacts]) -> None:
    header = ("paper", "title", "kind", "value", "quote", "in", "start", "end", "details", "found by")
    print_file(csv_text([header]))
    for one in found:
        print_file(csv_text(_csv_rows(one)))


def _csv_rows(one: PaperFacts) -> Iterator[tuple[str, ...]]:
    for f in one.facts:
        details = ", ".join(f"{name} {part}" for name, part in f.details)
        yield (
            one.paper_id,
            one.title,
            f.kind,
            f.value,
            f.quote,
            f.where,
            str(f.start),
            str(f.end),
            details,
            f.found_by or "rules",
        )


def _print_facts(one: PaperFacts) -> None:
    OUT.print(f"[bold]{escape(one.title)}[/bold] [dim]{one.paper_id}[/dim]", soft_wrap=True)
    for f in one.facts:
        quote = "" if f.value == f.quote else f" “{escape(f.quote)}”"
        finder = f" (found by {escape(f.found_by)})" if f.found_by else ""
        OUT.print(
            f"  {f.kind:13} {escape(f.value)}[dim]{quote} {f.where} {f.start}-{f.end}{finder}[/dim]", soft_wrap=True
        )
    if one.model is not None:
        OUT.print(escape(one.model.summary), soft_wrap=True)
