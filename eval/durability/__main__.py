"""`python -m eval.durability`: what a library survives, by killing it, damaging it and filling its disk; and what a failing model costs."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

import typer

from assistant.index import checksums
from eval import dialects as model_dialects
from eval.durability import damage as damages
from eval.durability import faults as model_faults
from eval.durability import full_disk as full_disks
from eval.durability import kills as kill_trials
from eval.durability.children import import_everything
from eval.durability.kill_trial import Trial
from eval.durability.library import write_vectors_early
from eval.scratch import scratch_library

app = typer.Typer(add_completion=False, help=__doc__, rich_markup_mode=None)
Seed = Annotated[int, typer.Option(help="Of everything that is drawn at random.")]


@app.command()
def kills(
    trials: Annotated[int, typer.Option(help="Kills.")] = 300,
    seed: Seed = 1,
    real: Annotated[int, typer.Option(help="Kills of `assistant index` itself, with the packaged encoder.")] = 0,
) -> None:
    """SIGKILL at every fail point and at random moments of everything that writes; prints a table."""
    import_everything()
    done: list[Trial] = []
    with tempfile.TemporaryDirectory() as work:
        for trial in kill_trials.run(Path(work), trials, seed, real):
            done.append(trial)
            if trial.failed:
                typer.echo(trial, err=True)
    typer.echo(kill_trials.table(done))
    sys.exit(any(trial.failed for trial in done))


@app.command()
def damage(
    seed: Seed = 1,
    in_use: Annotated[bool, typer.Option(help="Damage files while the library is open.")] = False,
    large: Annotated[
        bool, typer.Option(help="As in a large library: vector files are written, unchanged stamps are trusted.")
    ] = False,
    only: Annotated[str, typer.Option(help="Files whose path contains this.")] = "",
) -> None:
    """Every file of both indexes in ten ways; prints what went wrong, then the counts as JSON."""
    import_everything()
    if large:
        write_vectors_early()
        checksums.HASHED_UP_TO = 0
    count, wrong = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        for file, way, problem in damages.run(Path(folder), seed, in_use=in_use, only=only):
            count[way] += 1
            if problem:
                wrong[way] += 1
                typer.echo(f"{file} {way}: {problem[-1500:]}", err=True)
    figures = {"trials": count.total(), "wrong": wrong.total(), "by way": dict(count), "wrong by way": wrong}
    typer.echo(json.dumps(figures))
    sys.exit(1 if wrong else 0)


@app.command()
def faults() -> None:
    """What a reader sees when a language model fails, and how long it takes; prints Markdown."""
    with scratch_library() as assistant:
        for line in model_faults.report(assistant):
            typer.echo(line)


@app.command()
def dialects() -> None:
    """What a reader sees of each dialect that hosted models speak, and what learning it costs; prints Markdown."""
    with scratch_library() as assistant:
        for line in model_dialects.report(assistant):
            typer.echo(line)


@app.command()
def full_disk(
    folder: Annotated[Path, typer.Argument(help="An empty folder.")],
    full: Annotated[Literal["store", "indexes"], typer.Option(help="What has no space to grow.")] = "store",
) -> None:
    """A library on a full disk; prints what is found, then and afterwards, as JSON."""
    typer.echo(json.dumps(full_disks.run(folder, full)))


if __name__ == "__main__":
    app()
