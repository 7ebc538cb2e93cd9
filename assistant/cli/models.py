"""The commands that find and download language models: models list, models pull."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from assistant import Settings
from assistant.cli.app import Commands, Json, app
from assistant.cli.console import ERR, OUT
from assistant.cli.grids import print_list
from assistant.cli.show import print_json
from assistant.llm import available_models
from assistant.llm.catalogue import MODELS, Model, find
from assistant.llm.download import Progress as Report
from assistant.llm.download import pull as fetch
from assistant.llm.measured import measured
from assistant.llm.model_spec import pulled
from assistant.process import may_be_stopped

models = Commands(help="Find and download language models.", no_args_is_help=True)
app.add_typer(models, name="models")


@models.command("list")
def list_models(as_json: Json = False) -> None:
    """List models to download and models that are ready to answer."""
    settings = Settings()
    here = {f.stem for f in pulled(settings.models_home)}
    available = available_models(settings)
    if as_json:
        print_json({"models": [_as_json(m, here) for m in MODELS], "available": available})
        return
    rows = []
    for m in MODELS:
        there = "pulled; " if m.stem in here else ""
        reads = f"{m.context // 1024}k"
        size, memory = f"{m.gigabytes:.1f} GB", f"{m.memory:.1f} GB"
        rows.append((m.name, size, memory, reads, m.licence, _measured(m), f"{there}{m.note}"))
    print_list(("pull", "file", "memory", "context", "licence", "measured here", "remark"), rows, whole=5)
    OUT.print(
        "\nAny other GGUF file on the Hugging Face Hub: [bold]assistant models pull owner/repo/file.gguf[/bold]\n\nReady to answer (--llm):"
    )
    for ready in available:
        OUT.print(f"  {escape(ready.spec)}  [dim]{escape(ready.note)}[/dim]", soft_wrap=True)


def _as_json(model: Model, here: set[str]) -> dict[str, object]:
    return {
        "name": model.name,
        "spec": model.spec,
        "gigabytes": model.gigabytes,
        "memory_gigabytes": model.memory,
        "context": model.context,
        "licence": model.licence,
        "measured": measured(model.stem),
        "pulled": model.stem in here,
        "note": model.note,
    }


def _measured(model: Model) -> str:
    """The shares of key facts that its answers and plain quotes show, and how long an answer takes."""
    figures = measured(model.stem)
    written = {who: share for who, share in figures.facts.items() if who != "quotes"} if figures else {}
    if figures is None or not written:
        return "not measured"
    best = max(written, key=written.__getitem__)
    quotes = f", quotes {figures.facts['quotes']:.0%}" if "quotes" in figures.facts else ""
    seconds = f", {figures.seconds[best]:.0f} s" if best in figures.seconds else ""
    return f"{written[best]:.0%} of facts{quotes}{seconds}"


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
    may_be_stopped("Stopped. Run the same command again to resume.")
    with _bar() as report:
        path = fetch(source, settings.models_home, report)
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
