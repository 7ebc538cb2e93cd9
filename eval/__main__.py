"""`python -m eval`: ask the question set, and measure the parts on sets of other people."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from assistant import AssistantError
from eval import compare, report
from eval.evaluate import Options, Outcome, evaluate

_ERR = Console(stderr=True)
_OUT = Console(width=None if sys.stdout.isatty() else 190)
app = typer.Typer(add_completion=False, help=__doc__, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    corpus: Annotated[Path | None, typer.Option(help="Files to ask; none: the bundled sample.")] = None,
    llm: Annotated[str, typer.Option(help="Which model answers.")] = "quotes",
    split: Annotated[str, typer.Option(help="dev, test or all.")] = "all",
    out: Annotated[Path, typer.Option(help="Folder for report.json, timings.json and report.html.")] = Path("eval/runs/latest"),
    home: Annotated[Path | None, typer.Option(help="Keep the library here, for the next run.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    old: Annotated[Path | None, typer.Option("--compare", help="report.json of another run to compare with.")] = None,
    gate: Annotated[bool, typer.Option(help="Exit with 1 when the run is worse than eval/baseline.json.")] = False,
    judge: Annotated[str | None, typer.Option(help="A model that judges the shown sentences as well.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Take the model's replies from this file; a miss is an error.")] = None,
    record: Annotated[Path | None, typer.Option(help="The same, but ask the model for what is missing and keep it.")] = None,
    write_baseline: Annotated[bool, typer.Option("--write-baseline", help="Make this run the one to be held to.")] = False,
) -> None:
    """Ask the question set of a library and report how far its answers can be trusted."""
    if context.invoked_subcommand is not None:
        return
    if split not in ("dev", "test", "all"):
        raise typer.BadParameter("--split is dev, test or all")
    before = report.read(old) if old else None
    options = Options(
        corpus, llm, split, home, replay or record, record is not None, judge  # type: ignore[arg-type]  # checked above
    )
    outcome = _evaluate(options)
    document = outcome.document
    if write_baseline:
        compare.write_baseline(document)
    baseline = compare.find_baseline(document["manifest"]) if gate else None
    report.write(out, outcome, before or baseline)
    _print(outcome, before or baseline, as_json)
    _ERR.print(f"Every answer stands in {out / 'report.html'} and {out / 'report.json'}")
    if baseline is not None and (reasons := compare.gate(document, baseline)):
        raise AssistantError("the gate is closed: " + "; ".join(reasons))


def _evaluate(options: Options) -> Outcome:
    with Progress(console=_ERR, transient=True) as bar:
        tasks = {"index": bar.add_task("index", total=1)}

        def tick(part: str) -> None:
            if part not in tasks:
                tasks[part] = bar.add_task(part, total=None)
            bar.advance(tasks[part])

        return evaluate(options, tick)


def _print(outcome: Outcome, old: dict[str, object] | None, as_json: bool) -> None:
    if as_json:
        sys.stdout.buffer.write(report.dumped({k: v for k, v in outcome.document.items() if k != "questions"}))
        return
    for table in report.tables(outcome.document, outcome.timings):
        _OUT.print(table)
    if old is not None:
        new, before = compare.scores_of(outcome.document), compare.scores_of(old)
        report.comparison(compare.changes(new, before), compare.changed_questions(new, before), _OUT)


if __name__ == "__main__":
    try:
        app()
    except AssistantError as error:
        _ERR.print(f"error: {error}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
