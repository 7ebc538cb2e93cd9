"""Lets a command ask a language model, within a budget that the user has agreed to."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, TypeVar

import typer
from rich.markup import escape

from assistant import Assistant, Budget, BudgetError
from assistant.cli.show import ERR

Reader = Annotated[
    str | None,
    typer.Option(
        "--llm",
        help="Let this model read what the rules leave open (default: ASSISTANT_LLM, if it is hosted or was measured to help).",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Ask the model as often as it takes, without asking you first.")]
T = TypeVar("T")


def within_budget(run: Callable[[Budget | None], T], assistant: Assistant, llm: str | None, yes: bool) -> T:
    """What `run` returns with the budget of the model that `--llm` or the settings name, None without one.

    More than the usual budget is spent where the user agrees. Raises BudgetError where nobody can be asked.
    """
    budget = assistant.reading_budget if llm is None else Budget()
    try:
        return run(None if llm == "quotes" else budget)
    except BudgetError as error:
        what = f"{assistant.model} will be asked {error.calls:,} times, with at most {error.tokens:,} tokens."
        if not yes and not sys.stdin.isatty():
            raise
        ERR.print(escape(what), soft_wrap=True)
        if not yes:
            typer.confirm("Go on?", abort=True, err=True)
        return run(Budget(error.calls, error.tokens))
