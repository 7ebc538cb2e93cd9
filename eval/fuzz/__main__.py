"""`python -m eval.fuzz TARGET`: fuzzes one part of the program; inputs that break it are kept, with their tracebacks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.fuzz.engine import run
from eval.fuzz.growth import growth
from eval.fuzz.targets import TARGETS


def fuzz(
    target: Annotated[str, typer.Argument(help=f"What is fuzzed: {', '.join(TARGETS)}.")],
    minutes: Annotated[float, typer.Option(help="Minutes of the processor.")] = 10,
    seed: Annotated[int, typer.Option(help="Of everything that is drawn at random.", min=1)] = 1,
    by_growth: Annotated[
        bool,
        typer.Option("--growth", help="Repeat fragments, and print what takes a time that grows faster than they do."),
    ] = False,
    out: Annotated[Path, typer.Option(help="Where inputs are kept; a later run goes on with them.")] = Path("fuzzed"),
) -> None:
    """Changes inputs until the time is over; ends with 1 if anything was found."""
    if target not in TARGETS:
        raise typer.BadParameter(f"{target!r} is none of {', '.join(TARGETS)}")
    chosen = TARGETS[target]
    if by_growth:
        for line in growth(chosen.make(), chosen.seeds()):
            typer.echo(line)
        return
    try:
        import atheris
    except ImportError:
        typer.echo("atheris is not installed; run: pip install -e '.[fuzz]'", err=True)
        raise typer.Exit(2) from None

    with atheris.instrument_imports(include=["assistant"]):
        check = chosen.make()
    run(check, chosen.seeds(), out / target, minutes, seed)


if __name__ == "__main__":
    typer.run(fuzz)
