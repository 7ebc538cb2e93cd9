"""The commands that query the library: ask, chat, search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.markup import escape

from assistant import (
    Answer,
    AnswerEvent,
    Assistant,
    Citation,
    Conversation,
    NotFoundError,
)
from assistant.cli.app import Count, Home, Json, Llm, NoCache, NoRetracted, Only, Year, app
from assistant.cli.console import ERR, OUT
from assistant.cli.filters import filters_of
from assistant.cli.session import fill_if_empty, open_assistant, say_model
from assistant.cli.show import (
    print_json,
    print_removed,
    print_rest,
    print_sentence,
    print_total,
    print_use,
    with_status,
)
from assistant.cli.streams import read_line, read_question


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question; `-` reads it from standard input.")],
    home: Home = None,
    as_json: Json = False,
    llm: Llm = None,
    k: Count = None,
    year: Year = None,
    only: Only = None,
    no_retracted: NoRetracted = False,
    no_cache: NoCache = False,
) -> None:
    """Answer one question, with citations."""
    question = read_question() if question == "-" else question
    with open_assistant(home, llm=llm, k=k, cache=False if no_cache else None) as assistant:
        fill_if_empty(assistant)
        say_model(assistant)
        filters = filters_of(year, only, no_retracted)
        if as_json:
            answer = assistant.ask(question, filters=filters)
            print_json(answer.to_dict())
        else:
            answer = _print_stream(assistant.stream(question, filters=filters), question)
    print_use(answer)


@app.command()
def chat(
    resume: Annotated[
        str | None, typer.Option(help="Resume the conversation with this id; `last` resumes the newest one.")
    ] = None,
    home: Home = None,
    llm: Llm = None,
    k: Count = None,
    year: Year = None,
    only: Only = None,
    no_retracted: NoRetracted = False,
    no_cache: NoCache = False,
) -> None:
    """Hold a conversation in the terminal. Questions may refer to earlier ones; `exit` or Ctrl-D ends it."""
    with open_assistant(home, llm=llm, k=k, cache=False if no_cache else None) as assistant:
        fill_if_empty(assistant)
        say_model(assistant)
        filters, conversation = filters_of(year, only, no_retracted), _conversation(assistant, resume)
        ERR.print("[dim]Ask a question; `exit` or Ctrl-D ends the conversation.[/dim]")
        try:
            while (question := _prompt()) is not None:
                if question.strip():
                    print_use(_print_stream(conversation.stream(question, filters), question))
        finally:  # also after Ctrl-C: the answers so far can be resumed
            print_total(conversation)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to search for.")],
    home: Home = None,
    as_json: Json = False,
    k: Count = None,
    year: Year = None,
    only: Only = None,
    no_retracted: NoRetracted = False,
) -> None:
    """List the papers that match a question best."""
    with open_assistant(home) as assistant:
        fill_if_empty(assistant)
        hits = assistant.search(question, k, filters_of(year, only, no_retracted))
    if as_json:
        print_json({"hits": hits})
        return
    for n, hit in enumerate(hits, 1):
        OUT.print(
            f"{n}. {escape(hit.title)}  [dim]{hit.score:.2f}  {hit.paper_id}[/dim]\n   {escape(hit.quote)}",
            soft_wrap=True,
        )


def _prompt() -> str | None:
    try:
        ERR.print("[bold]?[/bold] ", end="")
        question = read_line()
    except EOFError:
        return None
    return None if question.strip().lower() in ("exit", "quit") else question


def _conversation(assistant: Assistant, resume: str | None) -> Conversation:
    """A new conversation, or a stored one, whose answers so far are printed."""
    if resume is None:
        return assistant.chat()
    if resume == "last":
        known = assistant.conversations()
        if not known:
            raise NotFoundError("no conversation is stored yet; omit --resume to start one")
        resume = known[0].conversation_id
    conversation = assistant.chat(resume)
    for answer in conversation.answers:
        ERR.print(f"[bold]?[/bold] {escape(answer.question)}", soft_wrap=True)
        if not answer.sentences:
            ERR.print(escape(answer.text), soft_wrap=True)
        for sentence in answer.sentences:
            print_sentence(sentence, answer.citations, ERR)
        print_removed(answer)
        ERR.print()
    return conversation


def _print_stream(events: Iterator[AnswerEvent], question: str) -> Answer:
    """Prints sentences as they are checked, then the sources; returns the answer."""
    answer, citations = None, list[Citation]()
    for event in with_status(events):
        if event.kind == "question" and event.question != question:
            ERR.print(f"[dim]Understood as: {escape(event.question or '')}[/dim]", soft_wrap=True)
        if event.lead:
            OUT.print(escape(event.lead), soft_wrap=True)
        if event.sentence is not None:
            citations += event.citations
            print_sentence(event.sentence, citations)
        if event.answer is not None:
            answer = event.answer
            print_rest(answer)
    assert answer is not None  # noqa: S101 - the last event always holds the answer
    return answer
