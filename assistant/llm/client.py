"""Talks to one language model, whoever serves it: streams replies, and notices when a server cuts a prompt silently.

No request leaves the machine unless the model spec names its destination.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from assistant.errors import ModelError, SettingsError
from assistant.llm import async_bridge, dialect, gguf, tokens
from assistant.llm.error_messages import explain
from assistant.llm.model_spec import ModelSpec
from assistant.llm.ollama import OllamaProtocol
from assistant.llm.openai_protocol import OpenAIProtocol
from assistant.llm.protocol import Backend, Request
from assistant.llm.reading_pace import ReadingPace
from assistant.llm.redaction import register_secret
from assistant.llm.retry import Limits, attempt
from assistant.settings import Settings
from assistant.types import Heartbeat, Usage

DEFAULT_CONTEXT = 8192
"""Context size in tokens, assumed or requested where neither a setting nor the server names one."""
_SMALLEST_CONTEXT = 512
_MARGIN = 1.3
"""Factor on an estimated count: tokenizers with small vocabularies split English into that many times more tokens."""
_LEAST_SHARE_READ = {"counted": 0.95, "estimated": 0.7}
"""Share of the sent tokens that the server has to report as read; below it the prompt was cut."""
_TEMPLATE_TOKENS = 64
"""Tokens that a chat template adds to two messages."""
_FIRST_TOKEN_SECONDS = {"openai": 60.0}
_LONGEST_FIRST_TOKEN_SECONDS = 120.0
"""A CPU can take minutes to read a long prompt."""


class PromptCutError(ModelError):
    """The server answered after reading only part of the prompt."""


class LanguageModel:
    """One served model. Threads may share it."""

    def __init__(self, spec: ModelSpec, settings: Settings) -> None:
        """Opens no connection yet. Raises SettingsError for OpenAI without a key."""
        self.spec = spec
        self.name = spec.name
        self._settings = settings
        self._key = _key(spec, settings)
        register_secret(self._key)
        self._dialect = dialect.known(settings.home / dialect.FILE, self.identity)
        self._backend: Backend = self._openai(spec.base_url)
        if spec.kind == "ollama":
            self._backend = self._ollama(spec.base_url)
        self._pace = ReadingPace(settings.home, self.identity)
        self._context: int | None = None

    def warm_up(self) -> None:
        """Starts to load a GGUF file in the background, for a question that will need it; `prepare` reports what fails."""
        if self.spec.kind == "gguf" and self._context is None:
            threading.Thread(target=self._load_quietly, name="load a model", daemon=True).start()

    def prepare(self, deadline: float) -> Iterator[Heartbeat]:
        """Loads the model and asks for its context size unless it is known already; yields heartbeats meanwhile.

        Raises ModelError when the model cannot be loaded or does not exist. A silent server is not an error here.
        """
        if self._context is None:
            for _ in async_bridge.pump(lambda _: self._learn(deadline)):
                yield Heartbeat(f"loading {self.name}")

    def stream(
        self,
        system: str,
        prompt: str,
        *,
        deadline: float | None = None,
        schema: dict[str, Any] | None = None,
        most: int | None = None,
        after: tuple[str, str] | None = None,
    ) -> Iterator[str | Heartbeat | Usage]:
        """Pieces of the reply as they arrive, heartbeats while none does, then the `Usage`.

        `deadline` (by `time.monotonic`) bounds everything including retries; the default is `llm_timeout` from now. With a
        `schema` the reply is JSON that follows it. `most` lowers the limit of tokens in the reply. `after` is an earlier
        prompt with its reply, which this one follows up. Closing the iterator ends the request at once. Raises ModelError when the model cannot be reached, refuses, stays silent, breaks off or takes
        too long, and PromptCutError, at the very end, when the server reports fewer tokens than were sent.
        """
        deadline = deadline or self.deadline()
        limits = Limits(deadline, self._settings.llm_timeout, self._first_token_seconds, self._settings.llm_silence)
        limit = min(most or self.reply_tokens, self.reply_tokens)
        request = Request(system, prompt, limit, self.context, schema, after)
        usage, text, begun = Usage(), system + "".join(after or ()) + prompt, 0.0
        reading = self._pace.start(text, self._count)
        with self._serving(deadline) as backend:
            for piece in async_bridge.pump(partial(attempt, backend, request, limits, self.spec)):
                if isinstance(piece, Usage):
                    usage = piece
                elif isinstance(piece, str):
                    if not begun:
                        begun = time.monotonic()
                        yield Heartbeat("writing")
                    yield piece
                else:
                    yield Heartbeat(str(reading)) if self.may_be_small and not begun else piece
        self._pace.end(usage, begun - reading.started)
        yield usage
        self._check_whole(usage, text)

    def deadline(self) -> float:
        """The deadline of an answer that starts now, by `time.monotonic`."""
        return time.monotonic() + self._settings.llm_timeout

    @property
    def _first_token_seconds(self) -> float:
        """A model that thinks out of sight may be silent for as long as a local one that reads."""
        usual = 0.0 if self._dialect.thinks else _FIRST_TOKEN_SECONDS.get(self.spec.kind, 0.0)
        return self._settings.llm_first_token or usual or _LONGEST_FIRST_TOKEN_SECONDS

    @property
    def identity(self) -> str:
        """The key under which findings about a model are stored: another file of the same name is another model."""
        return f"{self.name} {self.spec.path.stat().st_size}" if self.spec.kind == "gguf" else self.name

    @property
    def may_be_small(self) -> bool:
        """True for GGUF files, Ollama and llama.cpp, where the model may be too small to cite inline."""
        return self.spec.kind == "gguf" or self._backend.runs_files

    @property
    def context(self) -> int:
        """Tokens that prompt and reply may have together."""
        return self._context or self._settings.llm_context or DEFAULT_CONTEXT

    @property
    def reply_tokens(self) -> int:
        """Tokens that one reply may have; at most half of the context."""
        return min(self._settings.llm_max_tokens, self.context // 2)

    def fits(self, text: str) -> bool:
        """True when the model can read a prompt of this text and still reply."""
        return self._count(text) + _TEMPLATE_TOKENS <= self.context - self.reply_tokens

    def _count(self, text: str) -> int:
        """The number of tokens in the text, rather too high where the server does not count."""
        counted = self._counted(text)
        if counted is None:
            counted = round(tokens.count(text) * (1 if self.spec.kind == "openai" else _MARGIN))
        return counted

    def _counted(self, text: str) -> int | None:
        with self._serving(self.deadline()) as backend:
            return async_bridge.wait_for(backend.count(text))

    async def _learn(self, deadline: float) -> None:
        import httpx

        backend = await asyncio.to_thread(self._loaded, deadline)
        try:
            if isinstance(backend, OpenAIProtocol) and self.spec.kind == "http" and await backend.is_ollama():
                self._backend = backend = self._ollama(self.spec.base_url.removesuffix("/v1"))
            self._context = await backend.context(self._settings.llm_context) or DEFAULT_CONTEXT
        except (httpx.TransportError, TimeoutError):
            return  # the request itself will fail the same way and say why
        except Exception as error:
            raise ModelError(explain(error, self.spec).line) from None

    def _check_whole(self, usage: Usage, text: str) -> None:
        if not usage.prompt_tokens:
            return
        counted = self._counted(text)
        sent, how = (tokens.count(text), "estimated") if counted is None else (counted, "counted")
        if usage.prompt_tokens < _LEAST_SHARE_READ[how] * sent:
            self._context = max(usage.prompt_tokens, _SMALLEST_CONTEXT)
            raise PromptCutError(
                f"{self.name} read {usage.prompt_tokens} of about {sent} tokens of the prompt: its server cuts long "
                "prompts. Give the server a larger context, or set ASSISTANT_LLM_CONTEXT to the one that it has"
            )

    def _openai(self, url: str) -> OpenAIProtocol:
        hosted = self.spec.kind == "openai"
        return OpenAIProtocol(url, self.spec.model, self._key, hosted=hosted, dialect=self._dialect)

    def _ollama(self, root: str) -> OllamaProtocol:
        return OllamaProtocol(root, self.spec.model, self._key, DEFAULT_CONTEXT)

    @contextmanager
    def _serving(self, deadline: float) -> Iterator[Backend]:
        """The backend; the server of a GGUF file runs at least as long as the block."""
        if self.spec.kind != "gguf":
            yield self._backend
            return
        wanted = self._settings.llm_context or DEFAULT_CONTEXT
        with gguf.lease(self.spec.path, wanted, max(0.0, deadline - time.monotonic())) as address:
            if address.key != self._key:
                self._key = address.key
                self._backend = self._openai(address.base_url)
            yield self._backend

    def _load_quietly(self) -> None:
        with suppress(ModelError):
            self._loaded(self.deadline())

    def _loaded(self, deadline: float) -> Backend:
        with self._serving(deadline) as backend:
            if isinstance(backend, OpenAIProtocol):
                backend.load()
            return backend


def _key(spec: ModelSpec, settings: Settings) -> str:
    """The key for a server. Raises SettingsError for OpenAI without one."""
    if spec.kind == "gguf":
        return ""
    if settings.llm_api_key is not None:
        return settings.llm_api_key.get_secret_value()
    if spec.kind != "openai":
        return ""  # OPENAI_API_KEY is for OpenAI only and never sent elsewhere
    key = os.environ.get("OPENAI_API_KEY", "")
    if not key:
        raise SettingsError(f"{spec.name} needs OPENAI_API_KEY in the environment; set it, or use --llm quotes")
    return key
