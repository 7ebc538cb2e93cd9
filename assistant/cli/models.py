"""The commands that find and download language models: models list, models pull."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table

from assistant import Settings
from assistant.cli.app import Json, app
from assistant.cli.show import ERR, OUT, print_json
from assistant.llm import available_models
from assistant.llm.catalogue import MODELS, find
from assistant.llm.download import Progress as Report
from assistant.llm.download import pull as fetch
from assistant.llm.model_spec import pulled

models = typer.Typer(help="Find and download language models.", no_args_is_help=True)
app.add_typer(models, name="models")


@models.command("list")
def list_models(as_json: Json = False) -> None:
    """List models to download and models that are ready to answer."""
    settings = Settings()
    here = {f.stem for f in pulled(settings.models_home)}
    available = available_models(settings)
    if as_json:
        rows = [
            {
                "name": m.name,
                "spec": m.spec,
                "gigabytes": m.gigabytes,
                "memory_gigabytes": m.memory,
                "pulled": m.stem in here,
                "note": m.note,
            }
            for m in MODELS
        ]
        print_json({"models": rows, "available": available})
        return
    table = Table("pull", "download", "memory", "", "", box=None, header_style="bold")
    for m in MODELS:
        there = "pulled" if m.stem in here else ""
        table.add_row(m.name, f"{m.gigabytes:.1f} GB", f"{m.memory:.1f} GB", there, m.note)
    OUT.print(table)
    OUT.print(
        "\nAny other GGUF file on the Hugging Face Hub: [bold]assistant models pull owner/repo/file.gguf[/bold]\n\nReady to answer (--llm):"
    )
    for ready in available:
        OUT.print(f"  {escape(ready.spec)}  [dim]{escape(ready.note)}[/dim]", soft_wrap=True)


@models.command()
def pull(
    name: Annotated[str, typer.Argument(help="A short name from `models list`, or owner/repo/file.gguf.")],
    as_json: Json = False,
) -> None:
    """Download a model file. Run the command again to resume an interrupted download."""
    settings = Settings()
    source = find(name)
    for m in MODELS:
        if m.source == source:
            ERR.print(f"{m.name}: {m.gigabytes:.1f} GB to download, about {m.memory:.1f} GB of memory while answering")
    try:
        with _bar() as report:
            path = fetch(source, settings.models_home, report)
    except KeyboardInterrupt:
        ERR.print("Stopped. Run the same command again to resume.")
        raise typer.Exit(130) from None
    size = path.stat().st_size
    if as_json:
        print_json({"spec": f"gguf:{path.stem}", "path": str(path), "bytes": size})
    else:
        OUT.print(
            f"{escape(str(path))} ({size / 1e9:.2f} GB); use it with: --llm gguf:{escape(path.stem)}", soft_wrap=True
        )


@contextmanager
def _bar() -> Iterator[Report]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=ERR, transient=True) as bar:
        task = bar.add_task("requesting the size", total=None)

        def report(stage: str, there: int, size: int) -> None:
            bar.update(task, description=escape(stage), completed=there, total=size or None)

        yield report
