"""The OpenAI protocol: OpenAI itself, llama.cpp, vLLM, LM Studio and most others.

Streams are read line by line: the official client makes the request, but would pass over a stream that ends without its
end mark.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from email.utils import parsedate_to_datetime
from functools import cached_property
from time import time
from typing import Any

from assistant.llm import async_bridge
from assistant.llm.protocol import BrokenOff, Garbled, Refused, Request
from assistant.types import Heartbeat, Usage

_PROBE_SECONDS = 2.0


class OpenAIProtocol:
    """One model behind one address."""

    def __init__(self, base_url: str, model: str, key: str, *, hosted: bool = False) -> None:
        """`hosted`: OpenAI itself, which counts nothing for us and names the limit of a reply differently."""
        self._base_url = base_url
        self._model = model
        self._key = key
        self._hosted = hosted
        self.runs_files = False
        """True once the server is known to be llama.cpp; it is asked what others may not know."""
        self._dropped: set[str] = set()
        """Options that this model turned out not to take."""

    async def chat(self, request: Request) -> AsyncGenerator[str | Heartbeat | Usage, None]:
        """As Backend.chat. An option that the model does not take is left out, then and later."""
        from openai import APIStatusError

        while True:
            options = {k: v for k, v in self._options(request).items() if k not in self._dropped}
            create = self._client.chat.completions.with_streaming_response.create
            try:
                async with create(**options) as response:
                    async for piece in _pieces(response):
                        yield piece
                return
            except APIStatusError as error:
                refused = _refused(error)
                if refused.status != 400 or refused.parameter not in options.keys() - {"model", "messages", "stream"}:
                    raise refused from None
                self._dropped.add(refused.parameter)

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
    def _client(self) -> Any:
        from openai import AsyncOpenAI

        client = AsyncOpenAI(
            base_url=self._base_url,
            api_key=self._key or "none",
            http_client=async_bridge.client(self._base_url),
            max_retries=0,
        )
        if not self._hosted:
            client.organization = client.project = None  # the environment names them for OpenAI alone
        return client

    async def context(self, wanted: int | None) -> int | None:
        """As Backend.context: llama.cpp tells it under /props, vLLM in its list of models."""
        if self._hosted:
            return wanted
        told = _llama_context(await self._get("/props"))
        self.runs_files = told is not None
        told = told or self._listed_context(await self._get("/models", root=False))
        return min(told, wanted) if told and wanted else told or wanted

    async def is_ollama(self) -> bool:
        """True for Ollama, whose OpenAI protocol cuts long prompts silently (ollama #10980)."""
        version = await self._get("/api/version")
        return isinstance(version, dict) and set(version) == {"version"}

    async def count(self, text: str) -> int | None:
        """As Backend.count: llama.cpp counts under /tokenize."""
        import httpx

        if not self.runs_files:
            return None
        try:
            reply = await self._ask("POST", "/tokenize", json={"content": text, "add_special": True})
        except (httpx.TransportError, TimeoutError):
            return None  # the request itself will meet the same, and say so
        tokens = reply.get("tokens") if isinstance(reply, dict) else None
        return len(tokens) if isinstance(tokens, list) else None

    def _listed_context(self, reply: Any) -> int | None:
        rows = reply.get("data") if isinstance(reply, dict) else None
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and row.get("id") == self._model and isinstance(row.get("max_model_len"), int):
                return int(row["max_model_len"])
        return None

    async def _get(self, path: str, *, root: bool = True) -> Any:
        return await self._ask("GET", path, root=root)

    async def _ask(self, method: str, path: str, *, root: bool = True, json: Any = None) -> Any:
        """The JSON behind a path beside the protocol (or in it), None when there is none.

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
    """Of one slot: llama.cpp divides the whole among them (llama.cpp #11681)."""
    settings = reply.get("default_generation_settings") if isinstance(reply, dict) else None
    size = settings.get("n_ctx") if isinstance(settings, dict) else None
    return size if isinstance(size, int) and size > 0 else None


async def _pieces(response: Any) -> AsyncGenerator[str | Heartbeat | Usage, None]:
    """The deltas of a stream. Raises BrokenOff when neither a reason to finish nor the end mark came."""
    if "json" in response.headers.get("content-type", ""):  # a server that does not stream
        chunk = _parsed((await response.read()).decode("utf-8", "replace"))
        for piece in _chunk(chunk, "message")[0]:
            yield piece
        return
    ended = False
    async for line in response.iter_lines():
        field, _, data = line.partition(":")
        if field not in ("data", "error") or not data.strip():
            continue  # pings and names of events
        if data.strip() == "[DONE]":
            return
        pieces, finished = _chunk(_parsed(data), "delta")
        ended = ended or finished
        for piece in pieces:
            yield piece
    if not ended:
        raise BrokenOff


def _chunk(chunk: dict[str, Any], part: str) -> tuple[list[str | Heartbeat | Usage], bool]:
    """What one chunk brings, and whether the model finished with it."""
    if "choices" not in chunk:
        error = chunk.get("error", chunk)
        raise Refused(500, str(error.get("message", error) if isinstance(error, dict) else error))
    pieces: list[str | Heartbeat | Usage] = []
    finished = False
    try:
        for choice in chunk["choices"][:1]:
            said = choice.get(part) or {}
            if said.get("content") or said.get("reasoning_content") or said.get("reasoning"):
                pieces.append(str(said["content"]) if said.get("content") else Heartbeat())
            finished = bool(choice.get("finish_reason"))
        if counted := chunk.get("usage"):
            pieces.append(Usage(int(counted.get("prompt_tokens") or 0), int(counted.get("completion_tokens") or 0)))
    except (AttributeError, TypeError, ValueError):
        raise Garbled(json.dumps(chunk)[:80]) from None
    return pieces, finished


def _parsed(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Garbled(text.strip()[:80])
    return document


def _refused(error: Any) -> Refused:
    body = error.body if isinstance(error.body, dict) else {}
    text = str(body.get("message") or body.get("error") or error.response.reason_phrase or "")
    if body.get("code") == "insufficient_quota":
        return Refused(402, text)  # a 429 that waiting does not help
    return Refused(error.status_code, text, retry_after(error.response.headers), str(body.get("param") or ""))


def retry_after(headers: Any) -> float | None:
    """Seconds that the `Retry-After` header asks to wait: a number, or a date (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except ValueError:
        return None
