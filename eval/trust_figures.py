"""Writes the figures that the Trust tab of the chat page shows, from the report of a run over the bundled sample.

python -m eval --split test --out FOLDER && python -m eval.trust_figures FOLDER
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

import assistant as package
from assistant import AssistantError
from eval import report

FIGURES = Path(package.__file__).parent / "ui" / "figures.json"
_GROUPS = ("all", "answerable", "unanswerable", "false-premise", "adversarial", "scripted")
"""Groups of questions in which the Trust tab looks a metric up."""
_WHOLE = ("support", "listings", "injections")
"""Parts that the tab shows as they are."""
_MANIFEST = ("corpus", "split", "llm", "embedder")
"""What the tab says about the run; the hashes of the full manifest would change with every commit."""


def trust_figures(document: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a report that the Trust tab shows. Raises AssistantError for a run of other papers or questions."""
    manifest = document["manifest"]
    if manifest["corpus"]["name"] != "sample" or manifest["split"] != "test":
        raise AssistantError(
            "the Trust tab shows the test questions of the bundled sample; run `python -m eval --split test`"
        )
    model = "" if manifest["llm"] == "quotes" else f" --llm {manifest['llm']}"
    return {
        "command": f"python -m eval --split test{model}",
        "manifest": {name: manifest[name] for name in _MANIFEST},
        "summary": {group: document["summary"][group] for group in _GROUPS if group in document["summary"]},
        **{name: document[name] for name in _WHOLE if name in document},
    }


def main(run: Annotated[Path, typer.Argument(help="Folder of the run.")] = Path("eval/runs/latest")) -> None:
    """Write the figures of the Trust tab from a run's report.json."""
    FIGURES.write_bytes(report.dumped(trust_figures(report.read(run / "report.json"))))


if __name__ == "__main__":
    try:
        typer.run(main)
    except AssistantError as error:
        sys.exit(f"error: {error}")
