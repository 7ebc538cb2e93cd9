"""The command line: a thin face on the public names. Results go to stdout, progress and messages to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from assistant import Answer, Assistant, AssistantError, Filters, IndexProgress, IndexReport, Settings, SettingsError

app = typer.Typer(
    help="Ask questions of a pile of paper abstracts; every sentence of an answer cites an exact span.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)
_ERR = Console(stderr=True)
_OUT = Console()

Home = Annotated[Path | None, typer.Option("--home", help="The library's folder (default: ASSISTANT_HOME).")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Llm = Annotated[str | None, typer.Option("--llm", help="auto, quotes, openai:MODEL or http://host:port/v1#MODEL.")]
Count = Annotated[int | None, typer.Option("-k", help="Papers to draw on.", min=1, max=20)]
Year = Annotated[str | None, typer.Option("--year", help="Only papers of these years: 2020, 2020..2024, 2020.. or ..2024.")]


@app.command()
def index(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders; none: the bundled sample.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Read files and folders into the library. Running it again changes nothing.

    Records that cannot be read are listed and the rest goes in; the exit status is 1 only when nothing could be read.
    """
    with _assistant(home) as assistant:
        report = _add(assistant, list(paths) if paths else None)
    if as_json:
        _print_json(report.to_json())
    else:
        _print_report(report)
    if report.failed and not (report.added or report.updated or report.unchanged or report.duplicates):
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    home: Home = None, as_json: Json = False, llm: Llm = None, k: Count = None, year: Year = None,
) -> None:
    """Answer one question with citations."""
    with _assistant(home, llm=llm, k=k) as assistant:
        _fill_if_empty(assistant)
        _say_model(assistant)
        filters = _filters(year)
        if as_json:
            _print_json(assistant.ask(question, filters=filters).to_json())
        else:
            _print_stream(assistant, question, [], filters)


@app.command()
def chat(home: Home = None, llm: Llm = None, k: Count = None, year: Year = None) -> None:
    """A conversation in the terminal; a question may lean on those before it. Ctrl-D ends it."""
    with _assistant(home, llm=llm, k=k) as assistant:
        _fill_if_empty(assistant)
        _say_model(assistant)
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
    with _assistant(home) as assistant:
        _fill_if_empty(assistant)
        hits = assistant.search(question, k, _filters(year))
    if as_json:
        _print_json({"hits": [
            {"paper_id": h.paper_id, "title": h.title, "score": h.score, "quote": h.quote} for h in hits
        ]})
        return
    for n, hit in enumerate(hits, 1):
        _OUT.print(f"{n}. {escape(hit.title)}  [dim]{hit.score:.2f}  {hit.paper_id}[/dim]\n   {escape(hit.quote)}")


@app.command()
def check(
    claim: Annotated[str, typer.Argument(help="A sentence of yours.")],
    paper: Annotated[str | None, typer.Option("--paper", help="Check against this paper only.")] = None,
    home: Home = None, as_json: Json = False,
) -> None:
    """Is this sentence supported by the library, or by one paper of it?"""
    with _assistant(home) as assistant:
        _fill_if_empty(assistant)
        result = assistant.check(claim, paper)
    if as_json:
        _print_json(result.to_json())
        return
    _OUT.print(f"{result.verdict}{': ' + escape(result.why) if result.why else ''}")
    for e in result.evidence:
        _OUT.print(f"  {escape(e.title)} [dim]{e.paper_id} {e.start}-{e.end}[/dim]\n  “{escape(e.quote)}”")


@app.command()
def papers(home: Home = None, as_json: Json = False) -> None:
    """List the papers of the library."""
    with _assistant(home) as assistant:
        found = assistant.papers()
    if as_json:
        _print_json({"papers": [p.to_json() for p in found]})
        return
    table = Table(box=None, header_style="bold")
    for column in ("paper", "year", "title"):
        table.add_column(column)
    for p in found:
        table.add_row(p.paper_id, str(p.year or ""), escape(p.title))
    _OUT.print(table if found else "The library is empty; `assistant index PATH` fills it.")


@app.command()
def stats(home: Home = None, as_json: Json = False) -> None:
    """Say what the library holds."""
    with _assistant(home) as assistant:
        found = assistant.stats()
    if as_json:
        _print_json(found.to_json())
        return
    for name, value in found.to_json().items():
        shown = ", ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, dict) else value
        _OUT.print(f"[bold]{name:12}[/bold] {escape(str(shown))}")


@app.command()
def ui(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 7860,
    home: Home = None, llm: Llm = None, k: Count = None,
) -> None:
    """Open the chat in a browser."""
    from assistant.ui import launch

    with _assistant(home, llm=llm, k=k) as assistant:
        _fill_if_empty(assistant)
        launch(assistant, host=host, port=port)


@app.command()
def doctor(home: Home = None, as_json: Json = False) -> None:
    """Check everything and say what to do."""
    with _assistant(home) as assistant:
        checks = assistant.doctor()
    if as_json:
        rows = [{"name": c.name, "ok": c.ok, "detail": c.detail, "fix": c.fix} for c in checks]
        _print_json({"ok": all(c.ok for c in checks), "checks": rows})
    else:
        for c in checks:
            mark = "[green]ok[/green]   " if c.ok else "[red]wrong[/red]"
            _OUT.print(f"{mark} {c.name:9} {escape(c.detail)}" + (f"\n      → {escape(c.fix)}" if c.fix else ""))
    if not all(c.ok for c in checks):
        raise typer.Exit(1)


@app.command()
def rebuild(home: Home = None) -> None:
    """Make both indexes anew from the stored papers."""
    with _assistant(home) as assistant, _progress() as progress:
        assistant.rebuild(progress)
    _ERR.print("Both indexes were rebuilt.")


# -- plumbing ----------------------------------------------------------------------------------------------------------


@contextmanager
def _assistant(home: Path | None, **values: Any) -> Iterator[Assistant]:
    """The library that the options name, closed in the end; Ctrl-C leaves with 130, as shells expect."""
    given = {name: value for name, value in {"home": home, **values}.items() if value is not None}
    try:
        with Assistant(Settings(**given)) as assistant:
            yield assistant
    except KeyboardInterrupt:
        _ERR.print("Stopped. What was stored stays; run the same command again to go on.")
        raise typer.Exit(130) from None


def _fill_if_empty(assistant: Assistant) -> None:
    if assistant.stats().papers == 0:
        _ERR.print(
            "The library is empty, so the bundled sample is indexed first; it makes room when you `assistant index PATH`."
        )
        with _progress() as progress:
            assistant.add(progress=progress, guests=True)


def _say_model(assistant: Assistant) -> None:
    if assistant.model == "quotes":
        _ERR.print("[dim]Answering with verbatim quotes, no model (--llm names one).[/dim]")
    else:
        _ERR.print(f"[dim]Answering with {escape(assistant.model)}.[/dim]")


def _add(assistant: Assistant, paths: list[Path] | None) -> IndexReport:
    with _progress() as progress:
        return assistant.add(paths, progress)


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar over the bytes of the files, with what goes on and how many papers are stored."""
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
        TextColumn("{task.fields[stored]} papers embedded"), TimeRemainingColumn(),
    )
    with Progress(*columns, console=_ERR, transient=True) as bar:
        task = bar.add_task("reading", total=None, stored=0)

        def show(p: IndexProgress) -> None:
            bar.update(task, description=p.stage, total=p.bytes_total or None, completed=p.bytes_read, stored=p.stored)

        yield show


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
        return _ERR.input("[bold]?[/bold] ")
    except EOFError:
        return None


def _print_stream(assistant: Assistant, question: str, asked: list[str], filters: Filters | None) -> None:
    """Sentences as they are verified, then the sources."""
    for event in assistant.stream(question, asked, filters):
        if event.kind == "question" and event.question != question:
            _ERR.print(f"[dim]Understood as: {escape(event.question or '')}[/dim]")
        if event.sentence is not None:
            marks = "".join(f" [{n}]" for n in event.sentence.citations)
            _OUT.print(escape(event.sentence.text + marks), soft_wrap=True)
        if event.answer is not None:
            _print_rest(event.answer)


def _print_rest(answer: Answer) -> None:
    if answer.status == "abstained":
        _OUT.print(escape(answer.text), soft_wrap=True)
    if answer.citations:
        _OUT.print()
    for c in answer.citations:
        _OUT.print(f"[dim]{escape(f'[{c.n}]')} {escape(c.title)} ({c.paper_id}, characters {c.start}-{c.end})[/dim]", soft_wrap=True)
    for e in answer.nearest:
        _OUT.print(f"\n  “{escape(e.quote)}”\n  [dim]{escape(e.title)} ({e.paper_id})[/dim]", soft_wrap=True)
    for r in answer.removed:
        _ERR.print(f"[dim]Removed ({r.verdict}: {escape(r.why)}): {escape(r.text)}[/dim]")
    for note in answer.notes:
        _ERR.print(f"[yellow]{escape(note)}[/yellow]")


def _print_report(report: IndexReport) -> None:
    _OUT.print(
        f"{report.papers} papers in the library: {report.added} added, {report.updated} updated, "
        f"{report.unchanged} unchanged, {report.duplicates} copies merged, {len(report.failed)} failed "
        f"({report.seconds:.1f} s)",
        soft_wrap=True,
    )
    if report.made_room:
        _ERR.print("The bundled sample made room for your papers; `assistant index` without a path brings it back.")
    for failure in report.failed:
        where = failure.source + (f":{failure.line}" if failure.line else "")
        _ERR.print(f"[yellow]{escape(where)}: {escape(failure.error)}[/yellow]", soft_wrap=True)
    for title in report.conflicts:
        _ERR.print(f"[yellow]two papers are called “{escape(title)}”; both were kept[/yellow]", soft_wrap=True)


def _print_json(document: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()


def main() -> None:
    """Entry point: an error is one line and exit status 1."""
    try:
        app()
    except AssistantError as error:
        _ERR.print(f"[red]error:[/red] {escape(str(error))}", soft_wrap=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
