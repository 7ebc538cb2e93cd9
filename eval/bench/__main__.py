"""`python -m eval.bench`: measures the whole table with one command."""

from __future__ import annotations

import json
import os
import platform
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import platformdirs
import typer
from rich.console import Console
from rich.table import Table

from assistant import AssistantError
from eval.bench import page, summary
from eval.bench.corpus import prepare
from eval.bench.processes import environment, hold_to_two_cores
from eval.bench.rounds import Measured, measure
from eval.bench.venvs import OURS, PEERS, RAW, PeerSpec, environments, versions

_ERR = Console(stderr=True)
_OUT = Console(width=None if sys.stdout.isatty() else 160)
app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def main(
    corpus: Annotated[Path | None, typer.Option(help="Files to index; none: the bundled sample.")] = None,
    peers: Annotated[
        str, typer.Option(help="Peers to measure, separated by commas; empty: ourselves alone.")
    ] = ",".join([*PEERS, "raw"]),
    repeats: Annotated[int, typer.Option(min=1, help="Rounds; medians and ranges are taken over them.")] = 3,
    out: Annotated[Path, typer.Option(help="Folder for bench.json and bench.html.")] = Path("eval/runs/bench"),
    venvs: Annotated[Path | None, typer.Option(help="Folder for the environments of the peers.")] = None,
) -> None:
    """Measure indexing, a cold question and retrieval against peers, on the same papers, weights and two cores."""
    chosen = _chosen(peers)
    os.environ.update({k: v for k, v in environment().items() if k.endswith("_THREADS")})
    cores = hold_to_two_cores()
    cache = venvs or Path(platformdirs.user_cache_dir("abstract-assistant")) / "bench"
    pythons, failed = environments(chosen, cache, _ERR.print)
    missing = {name: Measured(dnf=reason) for name, reason in failed.items()}
    with TemporaryDirectory() as scratch:
        with ProcessPoolExecutor(
            1, mp_context=get_context("spawn")
        ) as pool:  # in another process, since it loads an encoder
            task = pool.submit(prepare, corpus, Path(scratch)).result()
        if not task.questions:
            raise typer.BadParameter("the question set has no question about these papers", param_hint="--corpus")
        available = [peer for peer in chosen if peer.name in pythons]
        measured = {**measure(available, pythons, task, repeats, Path(scratch), _ERR.print), **missing}
    document = {
        "papers": task.papers,
        "questions": len(task.questions),
        "repeats": repeats,
        "machine": {"cores": cores, **_machine()},
        "versions": {name: versions(python) for name, python in pythons.items()},
        "peers": summary.figures(measured),
        "targets": summary.verdicts(measured),
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "bench.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "bench.html").write_text(page.render(document), encoding="utf-8")
    _print(document)
    _ERR.print(f"Every figure is in {out / 'bench.json'} and {out / 'bench.html'}")


def _chosen(names: str) -> list[PeerSpec]:
    """Ourselves and the named peers. Raises BadParameter."""
    found: list[PeerSpec] = list(OURS)
    for name in filter(None, (part.strip() for part in names.split(","))):
        if name == "raw":
            found += RAW
        elif name in PEERS:
            found.append(PEERS[name])
        else:
            raise typer.BadParameter(f"{name}: choose from {', '.join([*PEERS, 'raw'])}", param_hint="--peers")
    return found


def _machine() -> dict[str, Any]:
    """The processor with its flags that matter for speed, the system, and Python."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    values = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    flags = [f for f in values.get("flags", "").split() if f.startswith(("avx", "amx", "fma"))]
    return {
        "cpu": values.get("model name", platform.processor() or "unknown"),
        "flags": flags,
        "load": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _print(document: dict[str, Any]) -> None:
    table = Table("", *document["peers"], box=None, header_style="bold")
    for name, title, _ in page.MEASURES:
        cells = [(p["dnf"] and "DNF") or page.spelled(p["figures"].get(name)) for p in document["peers"].values()]
        table.add_row(title, *cells)
    _OUT.print(table)
    for name, peer in document["peers"].items():
        if peer["dnf"]:
            _OUT.print(f"{name} did not finish: {peer['dnf']}", markup=False)
    for one in document["targets"]:
        met = {True: "met   ", False: "missed", None: "?     "}[one["met"]]
        _OUT.print(f"{met} {one['text']}: {page.spelled(one['figure'])}, bound {one['bound']:g}", markup=False)


if __name__ == "__main__":
    try:
        app()
    except (AssistantError, RuntimeError) as error:
        _ERR.print(f"[red]error:[/red] {error}", soft_wrap=True)
        sys.exit(1)
