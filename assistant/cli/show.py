"""What commands print: JSON documents and answers to stdout, messages to stderr. Knows nothing about how they came."""

from __future__ import annotations

import sys
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape

from assistant import Answer, Conversation, IndexReport, Usage

ERR = Console(stderr=True)
OUT = Console()


def print_rest(answer: Answer, *, repeat_text: bool = True) -> None:
    """What follows the sentences of an answer: sources, nearest quotes, what was removed, notes."""
    if answer.status == "abstained" and repeat_text:
        OUT.print(escape(answer.text), soft_wrap=True)
    if answer.citations:
        OUT.print()
    for c in answer.citations:
        OUT.print(
            f"[dim]{escape(f'[{c.n}]')} {escape(c.title)} ({c.paper_id}, characters {c.start}-{c.end})[/dim]",
            soft_wrap=True,
        )
    for e in answer.nearest:
        OUT.print(f"\n  “{escape(e.quote)}”\n  [dim]{escape(e.title)} ({e.paper_id})[/dim]", soft_wrap=True)
    for r in answer.removed:
        ERR.print(f"[dim]Removed ({r.verdict}: {escape(r.why)}): {escape(r.text)}[/dim]")
    for note in answer.notes:
        ERR.print(f"[yellow]{escape(note)}[/yellow]")


def print_use(answer: Answer) -> None:
    """Under which id an answer is kept, and what a model's answer took; on stderr."""
    parts = [_tokens(answer.usage, answer.cost)] if answer.usage != Usage() else []
    parts += ["from the cache (--no-cache asks anew)"] if "cache" in answer.timings_ms else []
    parts += [f"kept as {answer.record_id}"] if answer.record_id else []
    if parts:
        ERR.print(f"[dim]{escape('; '.join(parts))}[/dim]", soft_wrap=True)


def print_total(conversation: Conversation) -> None:
    """What a whole conversation took, and how to go on with it."""
    if conversation.usage != Usage():
        ERR.print(f"[dim]All together: {_tokens(conversation.usage, conversation.cost)}[/dim]", soft_wrap=True)
    if conversation.answers and conversation.answers[-1].record_id:
        ERR.print(f"[dim]Go on with: assistant chat --resume {conversation.conversation_id}[/dim]", soft_wrap=True)


def _tokens(usage: Usage, cost: float | None) -> str:
    price = "cost unknown" if cost is None else f"about ${cost:.4f} at list price"
    return f"{usage.prompt_tokens} tokens read, {usage.completion_tokens} written, {price}"


def print_report(report: IndexReport) -> None:
    """What `index` did."""
    OUT.print(
        f"{report.papers} papers in the library: {report.added} added, {report.updated} updated, "
        f"{report.unchanged} unchanged, {report.duplicates} copies merged, {len(report.failed)} failed "
        f"({report.seconds:.1f} s)",
        soft_wrap=True,
    )
    if report.sample_removed:
        ERR.print("The bundled sample made room for your papers; `assistant index` without a path brings it back.")
    for failure in report.failed:
        where = failure.source + (f":{failure.line}" if failure.line else "")
        ERR.print(f"[yellow]{escape(where)}: {escape(failure.error)}[/yellow]", soft_wrap=True)
    for title in report.conflicts:
        ERR.print(f"[yellow]two papers are called “{escape(title)}”; both were kept[/yellow]", soft_wrap=True)
    if report.omitted:
        ERR.print(f"[yellow]{report.omitted} further lines of this kind are left out[/yellow]")


def print_json(document: dict[str, Any]) -> None:
    """One JSON document on stdout."""
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()
