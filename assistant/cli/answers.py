"""The commands that work on stored answers: answers list, show, replay, export."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from assistant import Answer, Filters, SettingsError
from assistant.cli.app import Commands, Home, Json, Llm, app
from assistant.cli.console import ERR, OUT
from assistant.cli.grids import print_list
from assistant.cli.session import open_assistant
from assistant.cli.show import print_answer, print_file, print_json, print_use

group = Commands(help="List, show, replay and export stored answers.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(group, name="answers")

Record = Annotated[str, typer.Argument(help="Id of an answer, from `assistant answers list`.")]
Talk = Annotated[str | None, typer.Option("--conversation", help="Only the answers in this conversation.")]


@group.command("list")
def list_answers(
    conversation: Talk = None,
    limit: Annotated[int, typer.Option(help="Maximum number of answers.", min=1, max=1_000_000)] = 20,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List stored answers, newest first."""
    with open_assistant(home) as assistant:
        found = assistant.records(conversation, limit)
    if as_json:
        rows = [
            {
                "record_id": r.record_id,
                "conversation_id": r.conversation_id,
                "created": r.created,
                "rating": r.rating,
                "question": r.answer.question,
                "status": r.answer.status,
                "model": r.answer.model,
            }
            for r in found
        ]
        print_json({"answers": rows})
        return
    if not found:
        OUT.print("No answers are stored yet.")
        return
    lines = [
        (
            r.record_id,
            r.conversation_id,
            r.created.removesuffix("+00:00").replace("T", " "),
            r.answer.model,
            r.answer.question,
        )
        for r in found
    ]
    print_list(("answer", "conversation", "when (UTC)", "model", "question"), lines, whole=3)


@group.command()
def show(record_id: Record, home: Home = None, as_json: Json = False) -> None:
    """Show a stored answer as it was given."""
    with open_assistant(home) as assistant:
        answer = assistant.record(record_id).answer
    if as_json:
        print_json(answer.to_dict())
        return
    OUT.print(f"[bold]{escape(answer.question)}[/bold]", soft_wrap=True)
    print_answer(answer)
    print_use(answer)


@group.command()
def replay(record_id: Record, home: Home = None, as_json: Json = False, llm: Llm = None) -> None:
    """Ask a stored question again and report what changed. The new answer is not stored."""
    with open_assistant(home, llm=llm, log_answers=False, cache=False) as assistant:
        before = assistant.record(record_id).answer
        # The standalone question does not need the conversation around it.
        now = assistant.ask(before.standalone_question, filters=Filters())
    changes = _changes(before, now)
    if as_json:
        print_json({"changes": changes, "before": before.to_dict(), "now": now.to_dict()})
        return
    print_answer(now)
    for change in changes or ["nothing has changed"]:
        ERR.print(f"[dim]{escape(change)}[/dim]", soft_wrap=True)


@group.command()
def export(
    form: Annotated[
        str,
        typer.Option(
            "--form",
            "--format",
            help="markdown, pandoc (with [@key] citations) or json; or bibtex, ris or csl for the cited papers.",
        ),
    ] = "markdown",
    conversation: Talk = None,
    record: Annotated[str | None, typer.Option(help="Export only the answer with this id.")] = None,
    home: Home = None,
) -> None:
    """Write stored answers to stdout, oldest first."""
    if record is not None and conversation is not None:
        raise SettingsError("use either --conversation or --record, not both")
    with open_assistant(home) as assistant:
        records = [assistant.record(record)] if record is not None else assistant.records(conversation)[::-1]
        document = assistant.export([r.answer for r in records], form)
    print_file(document)


def _changes(before: Answer, now: Answer) -> list[str]:
    """The differences between the stored answer and the new one, one line each."""
    changes = []
    if before.corpus != now.corpus:
        changes.append("the library has changed since the stored answer")
    if before.model != now.model:
        changes.append(f"now answered by {now.model}; the stored answer is by {before.model}")
    if before.status != now.status:
        changes.append(
            f"now {now.status} ({now.reason or 'with sources'}); the stored answer was "
            f"{before.status} ({before.reason or 'with sources'})"
        )
    then, today = ({(c.title, c.quote) for c in a.citations} for a in (before, now))
    changes += [f"quoted now: {title}: {quote}" for title, quote in sorted(today - then)]
    changes += [f"no longer quoted: {title}: {quote}" for title, quote in sorted(then - today)]
    verdicts = {s.text: s.verdict for s in before.sentences}
    changes += [
        f"now {s.verdict}; the stored answer has it as {verdicts[s.text]}: {s.text}"
        for s in now.sentences
        if verdicts.get(s.text, s.verdict) != s.verdict
    ]
    if not changes and before.text != now.text:
        changes.append("the same sources, worded differently")
    return changes
