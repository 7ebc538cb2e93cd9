"""Speaks Ollama's native API, the only one of its protocols that takes a context size and can refuse to cut a prompt."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from typing import Any

from assistant.llm import async_bridge
from assistant.llm.protocol import BrokenOff, Garbled, Refused, Request
from assistant.llm.thinking import ThinkingFilter
from assistant.retry_policy import retry_after
from assistant.types import Heartbeat, Usage

_PROBE_SECONDS = 5.0


class OllamaProtocol:
    """One model of one Ollama server."""

    runs_files = True

    def __init__(self, root: str, model: str, key: str, default_context: int) -> None:
        """`default_context`: the size to request where nobody set one, if the model can read that much."""
        self._root = root
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._default_context = default_context

    async def chat(self, request: Request) -> AsyncGenerator[str | Heartbeat | Usage, None]:
        """See Backend.chat. With `truncate` and `shift` off, servers that know them refuse a prompt instead of cutting it."""
        body: dict[str, Any] = {
            "model": self._model,
            "messages": request.messages,
            "stream": True,
            "think": False,  # it would take minutes on a laptop, and what is asked for stands in the abstracts
            "truncate": False,
            "shift": False,
            "options": {"num_ctx": request.context, "num_predict": request.max_tokens, "temperature": 0, "seed": 0},
        }
        if request.schema is not None:
            body["format"] = request.schema
        thinking = ThinkingFilter()  # old versions, and models whose template Ollama does not know, think in the text
        client = async_bridge.client(self._root)
        async with client.stream("POST", f"{self._root}/api/chat", json=body, headers=self._headers) as response:
            if response.status_code != 200:
                text = (await response.aread()).decode("utf-8", "replace")
                raise Refused(response.status_code, _error(text), retry_after(response.headers))
            async for line in response.aiter_lines():
                if not line.strip():
                    continue
                row = _row(line)
                message = row.get("message") or {}
                yield thinking.feed(str(message.get("content") or "")) or Heartbeat()
                if row.get("done"):
                    yield thinking.close(cut=row.get("done_reason") == "length") or Heartbeat()
                    yield Usage(int(row.get("prompt_eval_count") or 0), int(row.get("eval_count") or 0))
                    return
        raise BrokenOff

    async def context(self, wanted: int | None) -> int | None:
        """See Backend.context: `wanted`, or else what the loaded model or its file says, within what it can read.

        Raises Refused for a model that the server does not have.
        """
        shown = await self._ask("POST", "/api/show", {"model": self._model})
        if shown is None:
            return wanted
        information = shown.get("model_info") or {}
        trained = next(
            (v for k, v in information.items() if k.endswith(".context_length") and isinstance(v, int)), None
        )
        if wanted is None:
            wanted = max(self._default_context, _file_context(str(shown.get("parameters") or "")), await self._loaded())
        return min(wanted, trained) if trained else wanted

    async def count(self, text: str) -> int | None:
        """See Backend.count: Ollama does not count."""
        return None

    async def _loaded(self) -> int:
        """The context with which the model is in memory now; another one would make Ollama load it again."""
        running = await self._ask("GET", "/api/ps", None) or {}
        names = (self._model, f"{self._model}:latest")
        rows = [m for m in running.get("models") or () if isinstance(m, dict) and m.get("name") in names]
        return max((int(m.get("context_length") or 0) for m in rows), default=0)

    async def _ask(self, method: str, path: str, body: Any) -> dict[str, Any] | None:
        client = async_bridge.client(self._root)
        async with asyncio.timeout(_PROBE_SECONDS):
            response = await client.request(method, self._root + path, json=body, headers=self._headers)
        if response.status_code in (401, 403, 404):
            raise Refused(response.status_code, _error(response.text))
        return _row(response.text) if response.status_code == 200 else None


def _file_context(parameters: str) -> int:
    """The `num_ctx` of a Modelfile, 0 if it has none."""
    found = re.search(r"^\s*num_ctx\s+(\d+)\s*$", parameters, re.M)
    return int(found[1]) if found else 0


def _row(text: str) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise Garbled(text.strip()[:80])
    if row.get("error"):
        raise Refused(500, str(row["error"]))
    return row


def _error(text: str) -> str:
    try:
        return str(json.loads(text)["error"])
    except (ValueError, KeyError, TypeError):
        return text.strip()[:200]
