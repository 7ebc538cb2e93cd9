"""What a request to a model is, what can go wrong with one, and the interface that both protocols fill."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.types import Heartbeat, Usage


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model."""

    system: str
    user: str
    max_tokens: int
    """Of the reply."""
    context: int
    """Tokens that prompt and reply may have together; servers that take it are told."""
    schema: dict[str, Any] | None = None
    """JSON schema that the reply must follow; None: free text."""

    @property
    def messages(self) -> list[dict[str, str]]:
        """As both protocols write them."""
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]


class Backend(Protocol):
    """A server of models; the OpenAI protocol and Ollama's own."""

    @property
    def runs_files(self) -> bool:
        """True when it is known to run model files of any size (Ollama, llama.cpp)."""

    def chat(self, request: Request) -> AsyncGenerator[str | Heartbeat | Usage, None]:
        """Pieces of the reply (heartbeats while the model thinks without showing it), then its `Usage` if the server counts.

        Raises Refused, Garbled, BrokenOff, and what httpx raises when there is no connection.
        """

    async def context(self, wanted: int | None) -> int | None:
        """Tokens that the server's model can read, `wanted` when it can be told; None when it does not say."""

    async def count(self, text: str) -> int | None:
        """Tokens of the text, None when the server does not count."""


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, status: int, text: str, retry_after: float | None = None, parameter: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.retry_after = retry_after
        """Seconds that the server asks to wait."""
        self.parameter = parameter
        """Name of the option that the server does not take, if it says so."""


class Garbled(Exception):
    """The server sent something that its protocol does not know."""


class BrokenOff(Exception):
    """The stream ended without an end."""
