"""The only file that talks to a language model: any server of the OpenAI protocol, through llama-index.

Knows nothing about papers, prompts or citations. No request leaves the machine unless the spec names where it goes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import ModelError, SettingsError
from assistant.settings import Settings
from assistant.types import Usage

_OPENAI_URL = "https://api.openai.com/v1"
_CONNECT_SECONDS = 5.0
_SILENCE_SECONDS = 120.0
"""Longest wait between two pieces; a local model may need this long before the first one."""
KNOWN_SPECS = "auto, quotes, openai:MODEL or http://host:port/v1#MODEL"


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Where a model is served and under which name."""

    base_url: str
    model: str
    is_openai: bool

    @property
    def name(self) -> str:
        """What answers are labelled with."""
        return f"openai:{self.model}" if self.is_openai else f"{self.base_url}#{self.model}"


def parse_spec(spec: str) -> ModelSpec | None:
    """The model behind a setting, None for `quotes` and `auto`. Raises SettingsError for anything else unknown.

    `auto` never picks a hosted or running model by itself: a key lying in the environment is not a wish to use it.
    """
    if spec in ("auto", "quotes"):
        return None
    if spec.startswith("openai:") and spec[7:].strip():
        return ModelSpec(os.environ.get("OPENAI_BASE_URL") or _OPENAI_URL, spec[7:].strip(), True)
    if spec.startswith(("http://", "https://")):
        base, _, model = spec.partition("#")
        if not model.strip() or not urlsplit(base).hostname:
            raise SettingsError(f"model {spec!r}: write it as http://host:port/v1#MODEL")
        return ModelSpec(base.rstrip("/"), model.strip(), False)
    raise SettingsError(f"model {spec!r} is not known; use {KNOWN_SPECS}")


class LanguageModel:
    """One served model; safe to use from several threads."""

    def __init__(self, spec: ModelSpec, settings: Settings) -> None:
        """Raises SettingsError when OpenAI is asked for without a key."""
        self.name = spec.name
        self._spec = spec
        self._settings = settings
        self._client: Any = None
        self._key = _key(spec, settings)

    def stream(self, system: str, prompt: str) -> Iterator[str | Usage]:
        """Pieces of the answer as they come, then its `Usage`.

        Raises ModelError when the model cannot be reached, refuses, breaks off, or takes longer than the settings'
        `llm_timeout`. Closing the iterator ends the request.
        """
        from llama_index.core.llms import ChatMessage, MessageRole

        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=system),
            ChatMessage(role=MessageRole.USER, content=prompt),
        ]
        deadline = time.monotonic() + self._settings.llm_timeout
        usage = Usage()
        pieces: Any = None
        try:
            pieces = self._open().stream_chat(messages)
            for piece in pieces:
                usage = _usage(piece.raw) or usage
                if piece.delta:
                    yield piece.delta
                if time.monotonic() > deadline:
                    raise ModelError(
                        f"{self.name} took longer than {self._settings.llm_timeout:.0f} s; raise ASSISTANT_LLM_TIMEOUT"
                    )
            yield usage
        except ModelError:
            raise
        except Exception as error:  # openai's errors, and httpx's own when a stream breaks (openai-python #3811)
            raise ModelError(self._explain(error)) from None
        finally:
            if pieces is not None:
                pieces.close()

    def _open(self) -> Any:
        if self._client is None:
            import httpx
            from llama_index.llms.openai_like import OpenAILike

            self._client = OpenAILike(  # type: ignore[call-arg]  # http_client is handed on to its parent, untyped
                model=self._spec.model,
                api_base=self._spec.base_url,
                api_key=self._key,
                is_chat_model=True,
                context_window=self._settings.llm_context,
                max_tokens=self._settings.llm_max_tokens,
                temperature=0.0,
                max_retries=1,
                http_client=httpx.Client(timeout=httpx.Timeout(_SILENCE_SECONDS, connect=_CONNECT_SECONDS)),
                additional_kwargs={"stream_options": {"include_usage": True}, "seed": 0},
            )
        return self._client

    def _explain(self, error: Exception) -> str:
        """One line without the key: servers like to repeat it in their refusals."""
        text = " ".join(str(error).split()) or type(error).__name__
        if self._key not in ("", "none"):
            text = text.replace(self._key, "***")
        kind = type(error).__name__
        hint = {
            "APIConnectionError": "check that the server runs at that address",
            "ConnectError": "check that the server runs at that address",
            "AuthenticationError": "check the key",
            "NotFoundError": "check the model's name",
            "RateLimitError": "wait, or use another model",
        }.get(kind, "the abstracts are quoted instead")
        return f"{self.name}: {kind}: {text[:200]}; {hint}"


def _key(spec: ModelSpec, settings: Settings) -> str:
    if settings.llm_api_key is not None:
        return settings.llm_api_key.get_secret_value()
    if not spec.is_openai:
        return "none"  # OPENAI_API_KEY is for OpenAI alone and never sent elsewhere
    key = os.environ.get("OPENAI_API_KEY", "")
    if not key:
        raise SettingsError(f"{spec.name} needs OPENAI_API_KEY in the environment, or use --llm quotes")
    return key


def _usage(raw: Any) -> Usage | None:
    counted = getattr(raw, "usage", None)
    if counted is None:
        return None
    return Usage(int(counted.prompt_tokens or 0), int(counted.completion_tokens or 0))
