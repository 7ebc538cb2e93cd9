"""One request within its limits: the only place that retries, and the only one that waits.

What may pass is tried again, before the first piece only, inside the one deadline of the answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

from assistant.errors import ModelError
from assistant.llm.error_messages import explain
from assistant.llm.model_spec import ModelSpec
from assistant.llm.protocol import Backend, Request
from assistant.types import Heartbeat, Usage

_ATTEMPTS = 3
_FIRST_PAUSE = 0.5
"""Seconds before the second attempt; twice as many before the third."""
_LONGEST_PAUSE = 20.0
"""A server that asks to wait longer is not waited for: the reader gets quotes at once."""

Emit = Callable[[str | Heartbeat | Usage], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a request may take."""

    deadline: float
    """Of `time.monotonic`; of the whole answer, with all attempts."""
    total: float
    """Seconds that the deadline stood for, to name them."""
    first: float
    """Seconds until the first piece."""
    silence: float
    """Seconds between two pieces."""


async def attempt(backend: Backend, request: Request, limits: Limits, spec: ModelSpec, emit: Emit) -> None:
    """Hands the pieces of the reply to `emit`. Raises ModelError with the line that the user reads."""
    given: list[bool] = []

    def note_and_emit(piece: str | Heartbeat | Usage) -> None:
        given.append(True)
        emit(piece)

    pause = _FIRST_PAUSE
    for left in reversed(range(_ATTEMPTS)):
        try:
            return await _once(backend, request, limits, spec.name, note_and_emit)
        except ModelError:
            raise
        except Exception as error:  # openai's errors, and httpx's own when a stream breaks (openai-python #3811)
            fault = explain(error, spec)
            wait = fault.wait if fault.wait is not None else pause
            late = wait > _LONGEST_PAUSE or time.monotonic() + wait > limits.deadline
            if given or late or not left or not fault.passing:
                raise ModelError(fault.line) from None
        await asyncio.sleep(wait)
        pause *= 2


async def _once(backend: Backend, request: Request, limits: Limits, name: str, emit: Emit) -> None:
    patience, said = limits.first, False
    async with aclosing(backend.chat(request)) as pieces:
        while True:
            try:
                async with asyncio.timeout_at(min(time.monotonic() + patience, limits.deadline)):
                    piece = await anext(pieces, None)
            except TimeoutError:
                raise ModelError(_late(name, limits, patience, said)) from None
            if piece is None:
                break
            emit(piece)
            patience = limits.silence
            said = said or (isinstance(piece, str) and bool(piece.strip()))
    if not said:
        raise ModelError(
            f"{name} gave an empty answer; ask again, raise ASSISTANT_LLM_MAX_TOKENS, or take another model"
        )


def _late(name: str, limits: Limits, patience: float, said: bool) -> str:
    if time.monotonic() >= limits.deadline:
        return f"{name} took longer than {limits.total:g} s; ASSISTANT_LLM_TIMEOUT allows more"
    if said:
        return f"{name} stopped in the middle of its answer for {patience:g} s"
    return f"{name} said nothing for {patience:g} s; ASSISTANT_LLM_FIRST_TOKEN allows more"
