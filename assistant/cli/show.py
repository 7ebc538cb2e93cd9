"""Prints answers, reports and JSON documents to stdout, and messages to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape

from assistant import COMPARE, Answer, AnswerEvent, Citation, Conversation, Paper, Sentence, Usage
from assistant.citations import details
from assistant.cli.console import ERR, OUT
from assistant.cli.grids import print_table, print_years

_LONG_WAIT_MS = 20_000.0
_READ_WHILE_WRITTEN = 5
"""Tokens that a CPU reads while it writes one."""


def print_answer(answer: Answer) -> None:
    """Prints a whole answer as `ask` does while it is made."""
    if answer.lead:
        OUT.print(escape(answer.lead), soft_wrap=True)
    for sentence in answer.sentences:
        print_sentence(sentence, answer.citations)
    print_rest(answer)


def print_sentence(sentence: Sentence, citations: Iterable[Citation], console: Console = OUT) -> None:
    """Prints a sentence with its markers; below one that is not verified, the quotes to compare it with."""
    console.print(escape(str(sentence)), soft_wrap=True)
    for c in () if sentence.verified else citations:
        if c.n in sentence.citations:
            console.print(f"  {escape(f'[{c.n}]')} “{escape(c.quote)}”", soft_wrap=True)


def print_removed(answer: Answer) -> None:
    """Prints how many sentences are verified, where some are not, and which ones were taken out and why, on stderr."""
    if answer.tally:
        ERR.print(f"[yellow]{answer.tally}; the others are marked: {COMPARE}[/yellow]", soft_wrap=True)
    for r in answer.removed:
        ERR.print(f"[dim]Removed ({r.verdict}: {escape(r.why)}): {escape(r.text)}[/dim]", soft_wrap=True)


def print_rest(answer: Answer) -> None:
    """Prints what follows the sentences of an answer: sources, nearest quotes, removed sentences, notes."""
    if not answer.sentences:
        OUT.print(escape(answer.text), soft_wrap=True)
    if answer.table is not None:
        print_table(answer.table)
    if answer.trend is not None:
        print_years(answer.trend)
    for remark in answer.remarks:
        OUT.print(escape(remark), soft_wrap=True)
    if answer.listing is not None and answer.lead and answer.listing.count > len(answer.sentences):
        count = f"{answer.listing.count:,}"
        ERR.print(f"[dim]`assistant find` lists all {count} papers, each with its span.[/dim]", soft_wrap=True)
    if answer.citations:
        OUT.print()
    for c in answer.citations:
        OUT.print(
            f"[dim]{escape(f'[{c.n}]')} {escape(c.title)} ({c.paper_id}, characters {c.start}-{c.end})[/dim]",
            soft_wrap=True,
        )
    for e in answer.nearest:
        OUT.print(f"\n  “{escape(e.quote)}”\n  [dim]{escape(e.title)} ({e.paper_id})[/dim]", soft_wrap=True)
    print_removed(answer)
    for note in answer.notes:
        ERR.print(f"[yellow]{escape(note)}[/yellow]")


def print_use(answer: Answer) -> None:
    """Prints what a model's answer cost and the id under which the answer was stored, on stderr."""
    parts = [_tokens(answer.usage, answer.cost)] if answer.usage != Usage() else []
    parts += ["from the cache (use --no-cache to ask again)"] if "cache" in answer.timings_ms else []
    parts += ["-k with half as many papers would about halve the wait"] if _mostly_read(answer) else []
    parts += [f"stored as {answer.record_id}"] if answer.record_id else []
    if parts:
        ERR.print(f"[dim]{escape('; '.join(parts))}[/dim]", soft_wrap=True)


def print_total(conversation: Conversation) -> None:
    """Prints what a whole conversation cost, and how to resume it."""
    if conversation.usage != Usage():
        ERR.print(f"[dim]Total: {_tokens(conversation.usage, conversation.cost)}[/dim]", soft_wrap=True)
    if conversation.answers and conversation.answers[-1].record_id:
        ERR.print(f"[dim]Resume with: assistant chat --resume {conversation.conversation_id}[/dim]", soft_wrap=True)


def _mostly_read(answer: Answer) -> bool:
    """Whether a slow model spent most of a long wait on reading."""
    usage = answer.usage
    slow = answer.timings_ms.get("answer", 0.0) >= _LONG_WAIT_MS
    return slow and usage.prompt_tokens - usage.cached_tokens > _READ_WHILE_WRITTEN * usage.completion_tokens


def _tokens(usage: Usage, cost: float | None) -> str:
    price = "cost unknown" if cost is None else f"about ${cost:.4f} at list price"
    return f"{usage.prompt_tokens} tokens read, {usage.completion_tokens} written, {price}"


def print_paper(paper: Paper) -> None:
    """Prints the whole record of a paper, then its abstract."""
    OUT.print(f"[bold]{escape(paper.title)}[/bold]", soft_wrap=True)
    for name, value in details(paper):
        OUT.print(f"  {name:14} {escape(value)}", soft_wrap=True)
    OUT.print(f"\n{escape(paper.abstract)}\n", soft_wrap=True)


def print_json(document: dict[str, Any]) -> None:
    """Prints one JSON document to stdout; dataclasses in it become objects."""
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()


def print_file(text: str) -> None:
    """Prints a document for other programs, or a part of it: UTF-8 whatever the terminal's encoding, so nothing is lost."""
    sys.stdout.buffer.write(text.encode())


def with_status(events: Iterable[AnswerEvent], console: Console = ERR) -> Iterator[AnswerEvent]:
    """The events; while a model reads or writes, a terminal shows on stderr what it does."""
    status = console.status("")
    try:
        for event in events:
            if event.progress:
                status.update(f"[dim]{escape(event.progress)}[/dim]")
                status.start()
            elif event.kind != "waiting":
                status.stop()  # what is printed next needs the line
            yield event
    finally:
        status.stop()
