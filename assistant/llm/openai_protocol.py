"""Speaks the OpenAI protocol, with OpenAI itself, llama.cpp, vLLM, LM Studio and most others.

The official client makes the requests and reads the streams. It does not notice a stream that ends early, so this module
requires the reason to finish, which every server sends last.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.llm import async_bridge
from assistant.llm.protocol import BrokenOff, Garbled, Refused, Request
from assistant.retry_policy import retry_after
from assistant.types import Heartbeat, Usage

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

_PROBE_SECONDS = 2.0


class OpenAIProtocol:
    """One model at one address."""

    def __init__(self, base_url: str, model: str, key: str, *, hosted: bool = False) -> None:
        """`hosted`: OpenAI itself, which reports no context size and has another name for the limit of a reply."""
        self._base_url = base_url
        self._model = model
        self._key = key
        self._hosted = hosted
        self.runs_files = False
        """True once the server is known to be llama.cpp, which also counts tokens."""
        self._dropped: set[str] = set()
        """Options that this model refused."""

    async def chat(self, request: Request) -> AsyncGenerator[str | Heartbeat | Usage, None]:
        """See Backend.chat. An option that the model does not take is left out, in this request and later ones."""
        from openai import APIConnectionError, APIError, APIStatusError

        while True:
            options = {k: v for k, v in self._options(request).items() if k not in self._dropped}
            try:
                async with await self._client.chat.completions.create(**options) as stream:
                    async for piece in _pieces(stream):
                        yield piece
                return
            except APIStatusError as error:
                refused = _refused(error)
                if refused.status != 400 or refused.parameter not in options.keys() - {"model", "messages", "stream"}:
                    raise refused from None
                self._dropped.add(refused.parameter)
            except APIConnectionError:
                raise
            except APIError as error:  # an error in the middle of the stream
                raise Refused(500, _message(error.body)) from None
            except ValueError as error:  # no JSON, or no UTF-8
                raise Garbled(str(error)) from None

    def load(self) -> None:
        """Imports what the first request needs. It takes a second, in which the event loop would serve no other answer."""
        _ = self._client.chat.completions

    def _options(self, request: Request) -> dict[str, Any]:
        limit = "max_completion_tokens" if self._hosted else "max_tokens"
        options: dict[str, Any] = {
            "model": self._model,
            "messages": request.messages,
            limit: request.max_tokens,
            "temperature": 0.0,
            "seed": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.schema is not None:
            schema = {"name": "reply", "schema": request.schema, "strict": True}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        return options

    @cached_property
    def _client(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI

        client = AsyncOpenAI(
            base_url=self._base_url,
            api_key=self._key or "none",
            http_client=async_bridge.client(self._base_url),
            max_retries=0,
        )
        if not self._hosted:
            client.organization = client.project = None  # those of the environment are for OpenAI only
        return client

    async def context(self, wanted: int | None) -> int | None:
        """See Backend.context: llama.cpp reports it under /props, vLLM in its list of models."""
        if self._hosted:
            return wanted
        reported = _llama_context(await self._ask("GET", "/props"))
        self.runs_files = reported is not None
        reported = reported or self._listed_context(await self._ask("GET", "/models", root=False))
        return min(reported, wanted) if reported and wanted else reported or wanted

    async def is_ollama(self) -> bool:
        """Whether this is Ollama, whose OpenAI protocol cuts long prompts silently (ollama #10980)."""
        version = await self._ask("GET", "/api/version")
        return isinstance(version, dict) and set(version) == {"version"}

    async def count(self, text: str) -> int | None:
        """See Backend.count: llama.cpp counts under /tokenize."""
        import httpx

        if not self.runs_files:
            return None
        try:
            reply = await self._ask("POST", "/tokenize", json={"content": text, "add_special": True})
        except (httpx.TransportError, TimeoutError):
            return None  # the request itself will fail the same way and say why
        tokens = reply.get("tokens") if isinstance(reply, dict) else None
        return len(tokens) if isinstance(tokens, list) else None

    def _listed_context(self, reply: Any) -> int | None:
        rows = reply.get("data") if isinstance(reply, dict) else None
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and row.get("id") == self._model and isinstance(row.get("max_model_len"), int):
                return int(row["max_model_len"])
        return None

    async def _ask(self, method: str, path: str, *, root: bool = True, json: Any = None) -> Any:
        """The JSON at a path outside the protocol (or, without `root`, inside it); None when there is none.

        Raises httpx.TransportError and TimeoutError.
        """
        base = self._base_url.removesuffix("/v1") if root else self._base_url
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        async with asyncio.timeout(_PROBE_SECONDS):
            response = await async_bridge.client(base).request(method, base + path, headers=headers, json=json)
        try:
            return response.json() if response.status_code == 200 else None
        except ValueError:
            return None


def _llama_context(reply: Any) -> int | None:
    """The context of one slot: llama.cpp divides the whole among its slots (llama.cpp #11681)."""
    settings = reply.get("default_generation_settings") if isinstance(reply, dict) else None
    size = settings.get("n_ctx") if isinstance(settings, dict) else None
    return size if isinstance(size, int) and size > 0 else None


async def _pieces(stream: AsyncStream[ChatCompletionChunk]) -> AsyncGenerator[str | Heartbeat | Usage, None]:
    """The pieces of one reply. Raises BrokenOff when the stream ends before the model gave a reason to finish."""
    if "json" in stream.response.headers.get("content-type", ""):  # the server does not stream
        for piece in _read(_completion(await stream.response.aread())):
            yield piece
        return
    finished = False
    async for chunk in stream:
        pieces = _read(chunk)
        finished = finished or bool(chunk.choices and chunk.choices[0].finish_reason)
        for piece in pieces:
            yield piece
    if not finished:
        raise BrokenOff


def _completion(body: bytes) -> ChatCompletion:
    from openai.types.chat import ChatCompletion

    document = json.loads(body)
    if not isinstance(document, dict):
        raise Garbled(repr(document)[:80])
    return ChatCompletion.construct(**document)


def _read(reply: ChatCompletion | ChatCompletionChunk) -> list[str | Heartbeat | Usage]:
    """The pieces in a reply or a chunk. openai validates neither, so any part may be missing or malformed."""
    fields: Any = reply
    if getattr(fields, "choices", None) is None:
        raise Refused(500, _message(fields.to_dict())) if hasattr(fields, "to_dict") else Garbled(repr(fields)[:80])
    pieces: list[str | Heartbeat | Usage] = []
    try:
        for choice in fields.choices[:1]:
            message: Any = getattr(choice, "delta", None) or getattr(choice, "message", None)
            if getattr(message, "content", None):
                pieces.append(str(message.content))
            elif getattr(message, "reasoning_content", None) or getattr(message, "reasoning", None):
                pieces.append(Heartbeat())
        if counted := fields.usage:
            pieces.append(Usage(int(counted.prompt_tokens or 0), int(counted.completion_tokens or 0)))
    except (AttributeError, TypeError, ValueError):
        raise Garbled(repr(reply)[:80]) from None
    return pieces


def _message(body: Any) -> str:
    """The text of an error, which servers wrap in no, one or two objects."""
    error = body.get("error", body) if isinstance(body, dict) else body
    return str(error.get("message", error) if isinstance(error, dict) else error)


def _refused(error: APIStatusError) -> Refused:
    body = error.body if isinstance(error.body, dict) else {}
    text = str(body.get("message") or body.get("error") or error.response.reason_phrase or "")
    if body.get("code") == "insufficient_quota":
        return Refused(402, text)  # a 429 that waiting does not help
    return Refused(error.status_code, text, retry_after(error.response.headers), str(body.get("param") or ""))
