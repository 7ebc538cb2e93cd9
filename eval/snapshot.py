"""How fast a metadata snapshot is added to a library, and what a second run over it costs; nothing is embedded.

`python -m eval.snapshot --papers 100000` writes a generated snapshot in the layout of arXiv's, indexes it with vectors
that cost nothing in place of the encoder's, and runs the real `assistant index` over it again. Each run is a process of
its own, so that time and memory are those of what is named. Uses internal parts of the package for the vectors.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from assistant.index.manager import IndexManager
from assistant.ingestion.chunking import signature
from assistant.ingestion.pipeline import IngestionPipeline
from assistant.library.library import Library
from assistant.settings import PACKAGED_EMBEDDER, Settings
from assistant.types import Vectors
from eval.bench.processes import run
from eval.generated_papers import generate
from eval.scale import apart

_DIM, _ROWS = 384, 4_096
_COMMAND = "from assistant.cli import main; main()"


class _CostlessEmbedder:
    """Gives one of a few random vectors, under the name of the packaged encoder so that the library counts as its own."""

    name = PACKAGED_EMBEDDER

    def __init__(self) -> None:
        rows = np.random.default_rng(1).standard_normal((_ROWS, _DIM)).astype(np.float32)
        self._rows: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 384)."""
        picked: Vectors = self._rows[[hash(text) % _ROWS for text in texts]]
        return picked


class _NoIndexes(IndexManager):
    """Leaves the indexes as they are."""

    def sync(self, *, locked: bool = False, progress: object = None) -> None:
        """Nothing is built."""


def main(
    papers: Annotated[int, typer.Option(help="Papers in the snapshot.")] = 100_000,
    indexes: Annotated[
        bool, typer.Option(help="Build the indexes too; without, memory is that of reading alone.")
    ] = True,
) -> None:
    """Write a snapshot, index it, index it again; one JSON document."""
    folder = Path(tempfile.mkdtemp(prefix="snapshot-"))
    try:
        snapshot = folder / "arxiv-metadata.json"
        write(snapshot, papers)
        figures: dict[str, Any] = {"papers": papers, "bytes": snapshot.stat().st_size}
        figures["first run"] = apart(_index, folder / "home", snapshot, indexes)
        figures["second run"] = (
            _command(folder / "home", snapshot) if indexes else apart(_index, folder / "home", snapshot, indexes)
        )
        typer.echo(json.dumps(figures, indent=1))
    finally:
        shutil.rmtree(folder)


def write(snapshot: Path, papers: int) -> None:
    """JSON lines with the fields of arXiv's snapshot, a quarter of a million ids a year."""
    with snapshot.open("w", encoding="utf-8") as file:
        for i, (paper, _) in enumerate(generate(papers)):
            month, number = divmod(i, 20_000)
            year, month = 7 + month // 12, month % 12 + 1
            record = {
                "id": f"{year:02}{month:02}.{number:05}",
                "submitter": "A. Roe",
                "authors": "A. Roe, B. Doe",
                "title": paper.title,
                "comments": "12 pages",
                "doi": f"10.1000/{i}" if i % 3 else None,
                "categories": "cs.CL cs.LG",
                "abstract": f"  {paper.abstract}\n",
                "versions": [{"version": "v1", "created": f"Mon, 2 Apr {2000 + year} 19:18:42 GMT"}],
                "update_date": f"{2000 + year}-04-02",
                "authors_parsed": [["Roe", "A.", ""], ["Doe", "B.", ""]],
            }
            file.write(json.dumps(record) + "\n")


def _index(home: Path, snapshot: Path, indexes: bool) -> dict[str, Any]:
    settings, embedder = Settings(home=home), _CostlessEmbedder()
    library = Library(home, signature(embedder.name, settings.chunk_tokens, settings.chunk_overlap))
    manager = IndexManager(library, settings) if indexes else _NoIndexes(library, settings)
    started = time.perf_counter()
    report = IngestionPipeline(library, manager, embedder, settings).add([snapshot])
    seconds = time.perf_counter() - started
    manager.close()
    library.close()
    return {"added": report.added, "unchanged": report.unchanged, "records_a_second": round(report.papers / seconds)}


def _command(home: Path, snapshot: Path) -> dict[str, Any]:
    """The whole command in a new process."""
    wall, peak, out = run([sys.executable, "-c", _COMMAND, "index", str(snapshot), "--home", str(home), "--json"])
    report = json.loads(out)
    return {"seconds": round(wall, 2), "peak_mb": round(peak), **{k: report[k] for k in ("added", "unchanged")}}


if __name__ == "__main__":
    typer.run(main)
