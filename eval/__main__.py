"""`python -m eval`: run the question set, print a table, write report.json."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.progress import Progress

from assistant import Assistant, AssistantError, Settings
from eval import questions, report
from eval.run import run, to_json

_ERR = Console(stderr=True)


def main(
    corpus: Annotated[Path | None, typer.Option(help="Files to ask; none: the bundled sample.")] = None,
    llm: Annotated[str, typer.Option(help="Which model answers.")] = "quotes",
    split: Annotated[str, typer.Option(help="dev, test or all.")] = "all",
    out: Annotated[Path, typer.Option(help="Folder for report.json.")] = Path("eval/runs/latest"),
    home: Annotated[Path | None, typer.Option(help="Keep the library here, for the next run.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Ask the question set of a library and report how far its answers can be trusted."""
    if split not in ("dev", "test", "all"):
        raise typer.BadParameter("--split is dev, test or all")
    asked = questions.load(split=split)  # type: ignore[arg-type]  # checked in the line above
    with tempfile.TemporaryDirectory() as temporary, Assistant(Settings(home=home or Path(temporary), llm=llm)) as assistant:
        _ERR.print(f"Indexing {corpus or 'the bundled sample'} …")
        assistant.add([corpus] if corpus else None)
        with Progress(console=_ERR, transient=True) as bar:
            task = bar.add_task("asking", total=len(asked))
            records = run(assistant, asked, lambda: bar.advance(task))
        summary = report.summarise(records)
        document = {
            "corpus": assistant.stats().fingerprint, "model": assistant.model, "split": split,
            "summary": summary, "questions": [to_json(r) for r in records],
        }
    out.mkdir(parents=True, exist_ok=True)
    (out / "report.json").write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(summary, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    else:
        Console(width=150).print(report.table(summary))
    _ERR.print(f"Every answer stands in {out / 'report.json'}")


if __name__ == "__main__":
    try:
        typer.run(main)
    except AssistantError as error:
        _ERR.print(f"error: {error}")
        sys.exit(1)
