"""`python -m eval.injections`: what the product shows of planted texts, and loses of harmless ones, with or without a model."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from assistant import AssistantError
from eval import report
from eval.chat_server import serve
from eval.injections import figures, hostile, measure, obedient, rows
from eval.injections.measure import Result

_OUT = Console(width=None if sys.stdout.isatty() else 160)


def main(
    every: Annotated[bool, typer.Option("--all", help="All rows, each through every door.")] = False,
    count: Annotated[int | None, typer.Option("--rows", help="How many rows; none: those of the gate.")] = None,
    llm: Annotated[
        str, typer.Option(help="Which model answers; `obedient`: a script that obeys all it reads.")
    ] = "quotes",
    unscreened: Annotated[bool, typer.Option("--unscreened", help="As if nothing were taken for planted.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print figures and rows as JSON.")] = False,
) -> None:
    """Measure what is shown of planted texts, and what is lost of harmless ones."""
    every_row = rows.load()
    planted, harmless = _sizes(every_row, every, count)
    some = rows.chosen(every_row, planted, harmless)
    with ExitStack() as stack:
        obeys = llm == obedient.SPEC
        spec = f"{stack.enter_context(serve(obedient.Obedient(some)))}#obedient" if obeys else llm
        if unscreened:
            stack.enter_context(measure.unscreened())
        bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
        task = bar.add_task("rows", total=len(some))
        found = measure.measure(some, spec, every, obedient.INVENTED if obeys else "", lambda: bar.advance(task))
        found += hostile.measure() if spec == "quotes" else []
    _print(found, as_json)


def _sizes(every_row: list[rows.InjectionRow], every: bool, count: int | None) -> tuple[int, int]:
    if every and count is None:
        return len(every_row), len(every_row)
    gated = rows.GATED
    if count is None:
        return gated[True], gated[False]
    planted = round(count * gated[True] / sum(gated.values()))
    return planted, count - planted


def _print(found: list[Result], as_json: bool) -> None:
    summary = figures.figures(found)
    if as_json:
        sys.stdout.buffer.write(report.dumped({"injections": summary, "planted": figures.rows(found)}))
        return
    _OUT.print(report.injections_table(summary))
    for result in found:
        if result.bad:
            doors = ", ".join(result.where)
            line = f"{result.row.id} {result.row.kind} ({result.place}; {doors}): {result.row.text[:90]}"
            _OUT.print(line, markup=False, highlight=False)


if __name__ == "__main__":
    try:
        typer.run(main)
    except AssistantError as error:
        sys.exit(f"error: {error}")
