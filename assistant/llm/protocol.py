"""Defines a request to a model, its errors, and the interface of both protocols."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from assistant.types import Heartbeat, Usage

_TOO_LONG = re.compile(
    r"context (?:length|size|window)|exceed\w*[ _]context|prompt is too long|input length|max_new_tokens\W+must be",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model."""

    system: str
    user: str
    max_tokens: int
    """Limit of the reply."""
    context: int
    """Tokens that prompt and reply may have together; it is sent to servers that accept it."""
    schema: dict[str, Any] | None = None
    """JSON schema that the reply must follow; None: plain text."""
    after: tuple[str, str] | None = None
    """An earlier message of the user and the reply to it, which `user` follows up."""

    @property
    def messages(self) -> list[dict[str, str]]:
        """The messages, which are the same in both protocols."""
        earlier = zip(("user", "assistant"), self.after or (), strict=False)
        turns = [("system", self.system), *earlier, ("user", self.user)]
        return [{"role": role, "content": content} for role, content in turns]


class Backend(Protocol):
    """A server of models, by the OpenAI protocol or Ollama's own."""

    @property
    def runs_files(self) -> bool:
        """True if it is known to run model files of any size (Ollama, llama.cpp)."""

    def chat(self, request: Request) -> AsyncGenerator[str | Heartbeat | Usage, None]:
        """Pieces of the reply (heartbeats while the model thinks without showing it), then its `Usage` if the server counts.

        Raises Refused, Garbled, BrokenOff, and the errors of httpx and openai when there is no connection.
        """

    async def context(self, wanted: int | None) -> int | None:
        """Tokens that the model can read, at most `wanted`; None when the server does not say."""

    async def count(self, text: str) -> int | None:
        """The number of tokens in the text; None when the server does not count."""


class Refused(Exception):
    """The server answered with an error."""

    def __init__(
        self, status: int, text: str, retry_after: float | None = None, parameters: tuple[str, ...] = ()
    ) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.retry_after = retry_after
        """Seconds that the server asks to wait."""
        self.parameters = parameters
        """The options that the server does not take, where it names them in a field of the error."""

    @property
    def is_too_long(self) -> bool:
        """Whether the prompt is longer than the model can read."""
        return self.status == 413 or bool(_TOO_LONG.search(self.text))


class Withheld(Exception):
    """A content filter, or the model itself, refused the answer."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
        """The reason that was given, or nothing."""


class NoAnswer(Exception):
    """The reply ended properly but holds no text."""

    def __init__(self, why: Literal["thinking", "tools", "empty"]) -> None:
        super().__init__(why)
        self.why = why
        """`thinking`: it used up its tokens thinking. `tools`: it calls a tool, though none was offered."""


class Garbled(Exception):
    """The server sent something that is not part of its protocol."""


class BrokenOff(Exception):
    """The stream ended before the reply did."""
