"""Asks a language model for one short reply, before or after the answer itself; a model that fails costs only that reply."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator
from typing import Any

from assistant.errors import ModelError
from assistant.llm.client import LanguageModel
from assistant.llm.prompt import Prompt
from assistant.types import Heartbeat, Usage

_LOG = logging.getLogger(__name__)
_SECONDS = 30.0
"""Time limit: the user waits for the answer, not for what is asked beside it."""


def short_reply(
    model: LanguageModel,
    prompt: Prompt,
    deadline: float,
    *,
    schema: dict[str, Any] | None = None,
    most: int | None = None,
    after: tuple[str, str] | None = None,
) -> Generator[Heartbeat, None, tuple[str, Usage]]:
    """The reply, empty where the model fails, and the tokens used; the arguments are those of `LanguageModel.stream`."""
    deadline = min(deadline, time.monotonic() + _SECONDS)
    reply, usage = "", Usage()
    try:
        yield from model.prepare(deadline)
        for piece in model.stream(prompt.system, prompt.user, deadline=deadline, schema=schema, most=most, after=after):
            if isinstance(piece, Usage):
                usage = piece
            elif isinstance(piece, str):
                reply += piece
                yield Heartbeat()
            else:
                yield piece
    except ModelError as error:
        _LOG.info("the model gave no short reply: %s", error)
        return "", usage
    return reply, usage
