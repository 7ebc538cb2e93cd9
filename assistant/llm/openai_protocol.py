"""Speaks the OpenAI protocol, with OpenAI itself, llama.cpp, vLLM, LM Studio and most others.

The official client makes the requests and reads the streams. Models and servers take different options: what one refuses is
found out from its error, once, and remembered in its `Dialect`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.llm import async_bridge, error_bodies, tokens
from assistant.llm.dialect import JSON_SCHEMA, SYSTEM_ROLE, Dialect, folded, limit_name, to_leave_out
from assistant.llm.openai_replies import Reply
from assistant.llm.protocol import Garbled, NoAnswer, Refused, Request
from assistant.types import Heartbeat, Usage

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai import AsyncStream as Stream
    from openai.types.chat import ChatCompletion, ChatCompletionChunk

_PROBE_SECONDS = 2.0
_THINKING_TOKENS = 4096
"""Tokens beyond those of the reply for a model that thinks first."""


class OpenAIProtocol:
    """One model at one address."""

    def __init__(
        self, base_url: str, model: str, key: str, *, hosted: bool = False, dialect: Dialect | None = None
    ) -> None:
        """`hosted`: OpenAI itself, which reports no context size and has another name for the limit of a reply."""
        self._base_url = base_url
        self._model = model
        self._key = key
        self._hosted = hosted
        self.runs_files = False
        """True once the server is known to be llama.cpp, which also counts tokens."""
        self._dialect = dialect or Dialect()
        self._is_openai = urlsplit(base_url).hostname == "api.openai.com"
        self._reported: int | None = None
        """The context that the server reports, in tokens."""

    async def chat(self, request: Request) -> AsyncGenerator[str | Heartbeat | Usage, None]:
        """See Backend.chat. What the model does not take is left out or said otherwise, in this request and later ones."""
        refusals, left_out = 0, frozenset[str]()
        while True:
            options = self._options(request, self._dialect.refused | left_out)
            begun = False
            try:
                async for piece in self._reply(request, options):
                    if not begun:
                        begun = True
                        self._dialect.refuse(left_out)
                    yield piece
                return
            except Refused as refused:
                refusals += 1
                more = frozenset() if begun else to_leave_out(refused, options, refusals)
                if not more:
                    raise
                left_out |= more
            except NoAnswer as ended:
                if ended.why != "thinking" or not self._gave_too_little_room(options):
                    raise

    async def _reply(self, request: Request, options: dict[str, Any]) -> AsyncGenerator[str | Heartbeat | Usage, None]:
        """One attempt. Raises Refused, Withheld, NoAnswer, Garbled and BrokenOff."""
        from openai import APIConnectionError, APIError, APIStatusError

        reply = Reply(request, self._dialect, may_think_aloud=not self.runs_files and not self._is_openai)
        try:
            answer = await self._client.chat.completions.create(**options)
            async for chunk in _chunks(answer):
                for piece in reply.read(chunk):
                    yield piece
        except APIStatusError as error:
            raise error_bodies.refusal(error) from None
        except APIConnectionError:
            raise
        except APIError as error:  # an error in the middle of the stream
            raise error_bodies.in_stream(error.body) from None
        except ValueError as error:  # no JSON, or no UTF-8
            raise Garbled(str(error)) from None
        for piece in reply.end():
            yield piece

    def load(self) -> None:
        """Imports what the first request needs. It takes a second, in which the event loop would serve no other answer."""
        _ = self._client.chat.completions

    def _options(self, request: Request, refused: frozenset[str]) -> dict[str, Any]:
        options: dict[str, Any] = {
            "model": self._model,
            "messages": folded(request.messages) if SYSTEM_ROLE in refused else request.messages,
            "temperature": 0.0,
            "seed": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if limit := limit_name(refused, hosted=self._hosted):
            options[limit] = request.max_tokens + self._room(request)
        if request.schema is not None:
            schema = {"name": "reply", "schema": request.schema, "strict": True}
            is_refused = JSON_SCHEMA in refused
            wanted = {"type": "json_object"} if is_refused else {"type": JSON_SCHEMA, JSON_SCHEMA: schema}
            options["response_format"] = wanted
        if self._dialect.thinks:
            options["reasoning_effort"] = "low"  # what is asked for stands in the abstracts
        if self.runs_files:
            options["extra_body"] = {"chat_template_kwargs": {"enable_thinking": False}}
        if "stream" in refused:
            options["stream"] = False
        return {
            k: v for k, v in options.items() if k not in refused and not (k == "stream_options" and "stream" in refused)
        }

    def _room(self, request: Request) -> int:
        """Tokens that a model which thinks gets beyond those of its reply, as far as its context is known to have them."""
        if not self._dialect.thinks:
            return 0
        if self._reported is None:
            return _THINKING_TOKENS
        read = round(1.3 * sum(tokens.count(m["content"]) for m in request.messages))
        return max(0, min(_THINKING_TOKENS, self._reported - read - request.max_tokens))

    def _gave_too_little_room(self, options: dict[str, Any]) -> bool:
        """Whether another try has more room to think: the first one came before the model was known to think."""
        return "reasoning_effort" not in options and "reasoning_effort" not in self._dialect.refused

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
        self._reported = reported
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


async def _chunks(answer: Stream[ChatCompletionChunk] | ChatCompletion) -> AsyncGenerator[Any, None]:
    """The chunks of a stream, or the one reply of a server that does not stream, or was not asked to."""
    from openai import AsyncStream

    if not isinstance(answer, AsyncStream):
        yield answer
        return
    async with answer as stream:
        if "json" in stream.response.headers.get("content-type", ""):
            yield json.loads(await stream.response.aread())
            return
        async for chunk in stream:
            yield chunk
