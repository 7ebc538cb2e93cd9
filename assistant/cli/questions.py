"""Commands that ask: ask, chat, search, check."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from assistant import Assistant, Filters, SettingsError
from assistant.cli.app import Count, Home, Json, Llm, Year, app
from assistant.cli.session import fill_if_empty, open_assistant, say_model
from assistant.cli.show import ERR, OUT, print_json, print_rest


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    home: Home = None, as_json: Json = False, llm: Llm = None, k: Count = None, year: Year = None,
) -> None:
    """Answer one question with citations."""
    with open_assistant(home, llm=llm, k=k) as assistant:
        fill_if_empty(assistant)
        say_model(assistant)
        filters = _filters(year)
        if as_json:
            print_json(assistant.ask(question, filters=filters).to_json())
        else:
            _print_stream(assistant, question, [], filters)


@app.command()
def chat(home: Home = None, llm: Llm = None, k: Count = None, year: Year = None) -> None:
    """A conversation in the terminal; a question may lean on those before it. Ctrl-D ends it."""
    with open_assistant(home, llm=llm, k=k) as assistant:
        fill_if_empty(assistant)
        say_model(assistant)
        filters, asked = _filters(year), list[str]()
        while (question := _prompt()) is not None:
            if question.strip():
                _print_stream(assistant, question, asked, filters)
                asked.append(question)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    home: Home = None, as_json: Json = False, k: Count = None, year: Year = None,
) -> None:
    """Rank papers for a question."""
    with open_assistant(home) as assistant:
        fill_if_empty(assistant)
        hits = assistant.search(question, k, _filters(year))
    if as_json:
        print_json({"hits": [
            {"paper_id": h.paper_id, "title": h.title, "score": h.score, "quote": h.quote} for h in hits
        ]})
        return
    for n, hit in enumerate(hits, 1):
        OUT.print(f"{n}. {escape(hit.title)}  [dim]{hit.score:.2f}  {hit.paper_id}[/dim]\n   {escape(hit.quote)}")


@app.command()
def check(
    claim: Annotated[str, typer.Argument(help="A sentence of yours.")],
    paper: Annotated[str | None, typer.Option("--paper", help="Check against this paper only.")] = None,
    home: Home = None, as_json: Json = False,
) -> None:
    """Is this sentence supported by the library, or by one paper of it?"""
    with open_assistant(home) as assistant:
        fill_if_empty(assistant)
        result = assistant.check(claim, paper)
    if as_json:
        print_json(result.to_json())
        return
    OUT.print(f"{result.verdict}{': ' + escape(result.why) if result.why else ''}")
    for e in result.evidence:
        OUT.print(f"  {escape(e.title)} [dim]{e.paper_id} {e.start}-{e.end}[/dim]\n  “{escape(e.quote)}”")


def _filters(year: str | None) -> Filters | None:
    if year is None:
        return None
    first, dots, last = year.partition("..")
    try:
        low = int(first) if first else None
        high = int(last) if last else (None if dots else low)
    except ValueError:
        raise SettingsError(f"--year {year}: write 2020, 2020..2024, 2020.. or ..2024") from None
    if low is not None and high is not None and low > high:
        raise SettingsError(f"--year {year}: the first year comes after the last")
    return Filters(year_from=low, year_to=high)


def _prompt() -> str | None:
    try:
        return ERR.input("[bold]?[/bold] ")
    except EOFError:
        return None


def _print_stream(assistant: Assistant, question: str, asked: list[str], filters: Filters | None) -> None:
    """Sentences as they are verified, then the sources."""
    for event in assistant.stream(question, asked, filters):
        if event.kind == "question" and event.question != question:
            ERR.print(f"[dim]Understood as: {escape(event.question or '')}[/dim]")
        if event.sentence is not None:
            marks = "".join(f" [{n}]" for n in event.sentence.citations)
            OUT.print(escape(event.sentence.text + marks), soft_wrap=True)
        if event.answer is not None:
            print_rest(event.answer)
