"""One request to a model within its limits: deadline, first token, silence between tokens, and repeated attempts.

A request is repeated only before its first piece and within the one deadline of the answer.
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
from assistant.llm.protocol import Backend, NoAnswer, Request
from assistant.retry_policy import RetryPolicy
from assistant.types import Heartbeat, Usage

POLICY = RetryPolicy(attempts=3, longest_pause=20.0, abandon_longer=True)
"""A server that asks for a longer pause is abandoned: the user gets quotes at once."""

Emit = Callable[[str | Heartbeat | Usage], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """Time limits of a request, in seconds."""

    deadline: float
    """The end of the whole answer with all its attempts, by `time.monotonic`."""
    total: float
    """The length of the whole answer's time limit, for the message."""
    first: float
    """From the request to the first piece."""
    silence: float
    """Between two pieces."""


async def attempt(backend: Backend, request: Request, limits: Limits, spec: ModelSpec, emit: Emit) -> None:
    """Passes the pieces of the reply to `emit`. Raises ModelError with the line that the user reads."""
    from tenacity import AsyncRetrying

    begun: list[bool] = []

    def note_and_emit(piece: str | Heartbeat | Usage) -> None:
        begun.append(True)
        emit(piece)

    def transient(error: BaseException) -> bool:
        known = isinstance(error, Exception) and not isinstance(error, ModelError)
        return known and not begun and explain(error, spec).transient

    options = POLICY.options(transient, lambda error: explain(error, spec).wait, limits.deadline)
    try:
        await AsyncRetrying(**options)(_once, backend, request, limits, spec.name, note_and_emit)
    except ModelError:
        raise
    except Exception as error:  # openai's errors, and httpx's own when a stream breaks (openai-python #3811)
        raise ModelError(explain(error, spec).line) from None


async def _once(backend: Backend, request: Request, limits: Limits, name: str, emit: Emit) -> None:
    patience, has_text = limits.first, False
    async with aclosing(backend.chat(request)) as pieces:
        while True:
            try:
                async with asyncio.timeout_at(min(time.monotonic() + patience, limits.deadline)):
                    piece = await anext(pieces, None)
            except TimeoutError:
                raise ModelError(_timeout_message(name, limits, patience, has_text)) from None
            if piece is None:
                break
            emit(piece)
            patience = limits.silence
            has_text = has_text or (isinstance(piece, str) and bool(piece.strip()))
    if not has_text:
        raise NoAnswer("empty")


def _timeout_message(name: str, limits: Limits, patience: float, has_text: bool) -> str:
    if time.monotonic() >= limits.deadline:
        return f"{name} took longer than {limits.total:g} s; ASSISTANT_LLM_TIMEOUT allows more"
    if has_text:
        return f"{name} stopped in the middle of its answer for {patience:g} s; ASSISTANT_LLM_SILENCE allows more"
    return f"{name} said nothing for {patience:g} s; ASSISTANT_LLM_FIRST_TOKEN allows more"
