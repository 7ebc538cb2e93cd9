"""Lets a command ask a language model, within a budget that the user has agreed to."""

from __future__ import annotations

import sys
from typing import Annotated, Protocol, TypeVar

import typer
from rich.markup import escape

from assistant import Assistant, Budget, BudgetError
from assistant.cli.console import ERR
from assistant.cli.progress import counting
from assistant.types import Step

Reader = Annotated[
    str | None,
    typer.Option(
        "--llm",
        help="Let this model read what the rules leave open (default: ASSISTANT_LLM, if it is hosted or was measured to help).",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Ask the model as often as it takes, without asking you first.")]
T = TypeVar("T", covariant=True)


class Run(Protocol[T]):
    """A method of `Assistant` but for its last two arguments."""

    def __call__(self, *, step: Step, budget: Budget | None) -> T: ...


def within_budget(run: Run[T], what: str, assistant: Assistant, llm: str | None, yes: bool) -> T:
    """What `run` returns with the budget of the model that `--llm` or the settings name, None without one; progress is shown
    as `what`.

    More than the usual budget is spent where the user agrees. Raises BudgetError where nobody can be asked.
    """
    budget = assistant.reading_budget if llm is None else Budget()
    try:
        return _run(run, what, None if llm == "quotes" else budget)
    except BudgetError as error:
        if not yes and not sys.stdin.isatty():
            raise
        size = f"{assistant.model} will be asked {error.calls:,} times, with at most {error.tokens:,} tokens."
        ERR.print(escape(size), soft_wrap=True)
        if not yes:
            typer.confirm("Go on?", abort=True, err=True)
        return _run(run, what, Budget(error.calls, error.tokens))


def _run(run: Run[T], what: str, budget: Budget | None) -> T:
    with counting(what) as step:
        return run(step=step, budget=budget)
