"""What commands print: JSON documents and answers to stdout, messages to stderr. Knows nothing about how they came."""

from __future__ import annotations

import sys
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape

from assistant import Answer, IndexReport

ERR = Console(stderr=True)
OUT = Console()


def print_rest(answer: Answer) -> None:
    """What follows the sentences of an answer: sources, nearest quotes, what was removed, notes."""
    if answer.status == "abstained":
        OUT.print(escape(answer.text), soft_wrap=True)
    if answer.citations:
        OUT.print()
    for c in answer.citations:
        OUT.print(f"[dim]{escape(f'[{c.n}]')} {escape(c.title)} ({c.paper_id}, characters {c.start}-{c.end})[/dim]", soft_wrap=True)
    for e in answer.nearest:
        OUT.print(f"\n  “{escape(e.quote)}”\n  [dim]{escape(e.title)} ({e.paper_id})[/dim]", soft_wrap=True)
    for r in answer.removed:
        ERR.print(f"[dim]Removed ({r.verdict}: {escape(r.why)}): {escape(r.text)}[/dim]")
    for note in answer.notes:
        ERR.print(f"[yellow]{escape(note)}[/yellow]")


def print_report(report: IndexReport) -> None:
    """What `index` did."""
    OUT.print(
        f"{report.papers} papers in the library: {report.added} added, {report.updated} updated, "
        f"{report.unchanged} unchanged, {report.duplicates} copies merged, {len(report.failed)} failed "
        f"({report.seconds:.1f} s)",
        soft_wrap=True,
    )
    if report.made_room:
        ERR.print("The bundled sample made room for your papers; `assistant index` without a path brings it back.")
    for failure in report.failed:
        where = failure.source + (f":{failure.line}" if failure.line else "")
        ERR.print(f"[yellow]{escape(where)}: {escape(failure.error)}[/yellow]", soft_wrap=True)
    for title in report.conflicts:
        ERR.print(f"[yellow]two papers are called “{escape(title)}”; both were kept[/yellow]", soft_wrap=True)


def print_json(document: dict[str, Any]) -> None:
    """One JSON document on stdout."""
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()
