"""`python -m eval`: asks the question set of a library, and measures parts of the assistant on external datasets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from assistant import AssistantError, Settings
from assistant.process import begin, finished, may_be_stopped
from eval import ablate as ablations
from eval import compare, judge_trial, pairs, questions, report, support
from eval.beir import evaluate as evaluate_beir
from eval.evaluate import Options, Outcome, evaluate

_ERR = Console(stderr=True)
_OUT = Console(width=None if sys.stdout.isatty() else 200)
app = typer.Typer(add_completion=False, help=__doc__, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    corpus: Annotated[Path | None, typer.Option(help="Files to ask; none: the bundled sample.")] = None,
    llm: Annotated[str, typer.Option(help="Which model answers.")] = "quotes",
    split: Annotated[questions.Split, typer.Option(help="Which questions to ask.")] = "all",
    out: Annotated[Path, typer.Option(help="Folder for report.json, timings.json and report.html.")] = Path(
        "eval/runs/latest"
    ),
    home: Annotated[Path | None, typer.Option(help="Keep the library in this folder for the next run.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    old: Annotated[Path | None, typer.Option("--compare", help="report.json of another run to compare with.")] = None,
    gate: Annotated[bool, typer.Option(help="Exit with 1 when the run is worse than the baseline.")] = False,
    judge: Annotated[str | None, typer.Option(help="A model that judges the shown sentences as well.")] = None,
    replay: Annotated[
        Path | None, typer.Option(help="Take the model's replies from this file; a miss is an error.")
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="The same, but ask the model for what is missing and record it.")
    ] = None,
    write_baseline: Annotated[bool, typer.Option("--write-baseline", help="Make this run the baseline.")] = False,
    baseline: Annotated[Path, typer.Option(help="The baseline of --gate and --write-baseline.")] = compare.BASELINE,
    asked: Annotated[Path, typer.Option("--questions", help="The question set, JSON lines.")] = questions.QUESTIONS,
    traps: Annotated[Path, typer.Option(help="The adversarial papers with their questions.")] = questions.TRAPS,
) -> None:
    """Ask the question set of a library and report how far its answers can be trusted."""
    if context.invoked_subcommand is not None:
        return
    before = report.read(old) if old else None
    options = Options(corpus, llm, split, home, replay or record, record is not None, judge, asked, traps)
    outcome = _evaluate(options)
    document = outcome.document
    if write_baseline:
        compare.write_baseline(document, baseline)
    held_to = compare.find_baseline(document["manifest"], baseline) if gate else None
    report.write(out, outcome, before or held_to)
    _print(outcome, before or held_to, as_json)
    _ERR.print(f"Every answer is in {out / 'report.html'} and {out / 'report.json'}")
    if held_to is not None and (reasons := compare.gate(document, held_to)):
        raise AssistantError("the gate is closed: " + "; ".join(reasons))


@app.command()
def retrieval(
    beir: Annotated[Path, typer.Option(help="Folder of a dataset in BEIR's layout.")],
    split: Annotated[str | None, typer.Option(help="Which qrels; none: test where it exists, else the first.")] = None,
    home: Annotated[Path | None, typer.Option(help="Keep the library in this folder for the next run.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure the search on an external dataset: BM25, dense and hybrid side by side."""
    with Progress(console=_ERR, transient=True) as bar:
        task = bar.add_task("index and search", total=None)
        found = evaluate_beir(beir, split, home, lambda: bar.advance(task))
    _show(found, report.ranking_table(found), as_json)


@app.command()
def verifier(
    judge: Annotated[
        str, typer.Option(help="Who judges: `default` (the packaged verifier), nli:NAME, or a model.")
    ] = "default",
    public: Annotated[
        Path | None,
        typer.Option("--pairs", help="Labelled claims with their evidence, JSON lines; none: eval/sentences.jsonl."),
    ] = None,
    corpus: Annotated[Path | None, typer.Option(help="corpus.jsonl, for claims that name documents by id.")] = None,
    split: Annotated[questions.Split, typer.Option(help="Which of our own sentences to judge.")] = "all",
    most: Annotated[int | None, typer.Option(help="Judge a fixed random sample of at most this many pairs.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure a judge of sentences: AUROC, balanced accuracy, and what it shows of the true and the false ones by kind."""
    rows = pairs.load(public, corpus, most) if public else support.own_rows(split)
    with Progress(console=_ERR, transient=True) as bar:
        task = bar.add_task("judge", total=len(rows))
        if judge == "default":
            found = support.measure(support.packaged_judge(), rows, lambda: bar.advance(task))
        else:
            found = judge_trial.measure(judge, rows, Settings(), store=public is None, done=lambda: bar.advance(task))
    _show(found, report.verdict_table(public.name if public else "sentences.jsonl", found), as_json)


@app.command()
def ablate(
    corpus: Annotated[Path | None, typer.Option(help="Files to ask; none: the bundled sample.")] = None,
    dry: Annotated[bool, typer.Option("--dry", help="Only print the table.")] = False,
) -> None:
    """Ask the dev questions with every default changed in turn, and write the table into eval/README.md."""
    text = ablations.ablate(corpus, lambda name: _ERR.print(f"  {name}"))
    print(text)
    if not dry:
        ablations.write(text)


def _show(found: dict[str, Any], table: Table, as_json: bool) -> None:
    if as_json:
        sys.stdout.buffer.write(report.dumped(found))
    else:
        _OUT.print(table)


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
    begin()
    may_be_stopped()
    try:
        app()
    except AssistantError as error:
        _ERR.print(f"error: {error}", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    finally:
        finished()
