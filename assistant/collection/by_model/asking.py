"""Asks a language model many short things one after another, within a budget."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any

from assistant.errors import BudgetError, ModelError
from assistant.llm import tokens
from assistant.llm.client import LanguageModel
from assistant.llm.prompt import Prompt
from assistant.model_use import Budget, ModelUse
from assistant.types import Step, Usage


@dataclass(frozen=True, slots=True)
class Call:
    """One request: what is asked, the schema that binds the reply, and the most tokens of that reply."""

    prompt: Prompt
    schema: dict[str, Any]
    most: int
    items: int
    """How many papers or cells it asks about."""

    @property
    def tokens(self) -> int:
        """The most tokens that it takes, about: servers count differently."""
        return tokens.count(self.prompt.system) + tokens.count(self.prompt.user) + self.most


def ask_all(
    model: LanguageModel, calls: Sequence[Call], budget: Budget, step: Step | None = None
) -> tuple[list[str], ModelUse]:
    """The replies to the first calls, to all of them unless the model fails or takes more tokens than the budget has.

    `step` receives how many of how many items are done, and again whenever the model is waited for; what it raises ends
    the request at once. Raises BudgetError, before anything is asked, where the budget does not suffice.
    """
    total = sum(call.items for call in calls)
    _check(calls, budget)
    replies: list[str] = []
    usage, stopped = Usage(), ""
    done = 0
    for call in calls:
        if usage.prompt_tokens + usage.completion_tokens + call.tokens > budget.tokens:
            stopped = f"the budget of {budget.tokens:,} tokens is used up"
            break
        try:
            reply, used = _reply(model, call, partial(step or _unheard, done, total))
        except ModelError as error:
            stopped = str(error)
            break
        replies.append(reply)
        usage += used
        done += call.items
        (step or _unheard)(done, total)
    use = ModelUse(model.name, len(replies), usage.prompt_tokens, usage.completion_tokens, total, stopped=stopped)
    return replies, use


def rows(reply: str, name: str) -> list[dict[str, Any]]:
    """The objects of the list `name` in a reply; none where it cannot be read, as when the reply was cut."""
    document = re.search(r"\{.*\}", reply, re.S)  # some servers ignore the schema, and put JSON into a fence
    try:
        found = json.loads(document.group())[name] if document else []
    except (ValueError, KeyError, TypeError):
        return []
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def list_schema(name: str, fields: dict[str, Any], least: int, most: int) -> dict[str, Any]:
    """A schema of an object with one list of objects that have exactly these fields."""
    row = {"type": "object", "properties": fields, "required": [*fields], "additionalProperties": False}
    return {
        "type": "object",
        "properties": {name: {"type": "array", "items": row, "minItems": least, "maxItems": most}},
        "required": [name],
        "additionalProperties": False,
    }


def _check(calls: Sequence[Call], budget: Budget) -> None:
    needed = sum(call.tokens for call in calls)
    if len(calls) <= budget.calls and needed <= budget.tokens:
        return
    raise BudgetError(
        f"the model would be asked {len(calls):,} times, with at most {needed:,} tokens, and the budget is {budget.calls:,} calls "
        f"and {budget.tokens:,} tokens; give --yes, or budget=Budget({len(calls)}, {needed}) in Python, or ask for less",
        len(calls),
        needed,
    )


def _unheard(_done: int, _total: int) -> None:
    """The step of a caller that wants to hear of none."""


def _reply(model: LanguageModel, call: Call, alive: Callable[[], None]) -> tuple[str, Usage]:
    """The reply to one call, and what it took: as the server counts, or else as estimated. Raises ModelError."""
    deadline = model.deadline()
    for _ in model.prepare(deadline):
        alive()
    reply, usage = "", Usage()
    pieces = model.stream(call.prompt.system, call.prompt.user, deadline=deadline, schema=call.schema, most=call.most)
    with closing(pieces):  # type: ignore[type-var]  # it is a generator, which ends the request when it is closed
        for piece in pieces:
            if isinstance(piece, Usage):
                usage = piece
            elif isinstance(piece, str):
                reply += piece
            alive()
    return reply, usage if usage.prompt_tokens else Usage(call.tokens - call.most, tokens.count(reply))
