"""Reads one reply of the OpenAI protocol, whole or in chunks, in the forms that its servers give it."""

from __future__ import annotations

import json
from typing import Any

from assistant.llm import error_bodies
from assistant.llm.dialect import Dialect
from assistant.llm.protocol import BrokenOff, Garbled, NoAnswer, Request, Withheld
from assistant.llm.thinking import JsonFilter, ThinkingFilter
from assistant.types import Heartbeat, Usage

Piece = str | Heartbeat | Usage

_THINKING = ("reasoning_content", "reasoning", "reasoning_details")
"""Fields in which servers send what a model thinks."""
_CUT = frozenset({"length", "max_tokens", "max_output_tokens", "model_length"})
_WITHHELD = frozenset(
    {
        *("content_filter", "content_filtered", "guardrail_intervened", "refusal"),
        *("safety", "recitation", "prohibited_content", "blocklist", "sensitive"),
    }
)


class Reply:
    """The reply to one request as it arrives."""

    def __init__(self, request: Request, dialect: Dialect, *, may_think_aloud: bool) -> None:
        """`may_think_aloud`: the server may leave thinking in the text without an opening mark."""
        self._request = request
        self._dialect = dialect
        self._thinking = ThinkingFilter(
            opened=dialect.opens_unmarked, doubtful=may_think_aloud and request.schema is None
        )
        self._json = JsonFilter() if request.schema is not None else None
        self._finish = ""
        self._refusal = ""
        self._arguments = ""
        self._thought = False
        self._has_text = False
        self._has_usage = False

    def read(self, chunk: Any) -> list[Piece]:
        """The pieces in a chunk, or in a whole reply. The openai client validates neither.

        Raises Garbled, and Refused or Withheld when it is an error.
        """
        row = chunk.to_dict(warnings=False) if hasattr(chunk, "to_dict") else chunk
        if not isinstance(row, dict):
            raise Garbled(repr(row)[:80])
        if not isinstance(row.get("choices"), list):
            raise error_bodies.in_stream(row)
        try:
            pieces = [piece for choice in row["choices"][:1] for piece in self._choice(choice)]
            return pieces + self._usage(row)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise Garbled(repr(row)[:80]) from None

    def end(self) -> list[Piece]:
        """The pieces that were held back until the end. Raises BrokenOff, Withheld and NoAnswer."""
        if not self._finish:
            raise BrokenOff
        cut = self._finish in _CUT
        text = self._shown(self._called() or "") + self._filtered(self._thinking.close(cut=cut))
        text += self._json.close() if self._json else ""
        self._has_text = self._has_text or bool(text.strip())
        self._remember()
        if self._finish in _WITHHELD or (self._refusal and not self._has_text):
            raise Withheld(self._refusal)
        if not self._has_text:
            raise NoAnswer("thinking" if self._thought else "tools" if self._arguments else "empty")
        # Servers that do not count leave out that the limit was reached, which is known all the same.
        counted: list[Piece] = [] if self._has_usage or not cut else [Usage(0, self._request.max_tokens)]
        return [*([text] if text else []), *counted]

    def _choice(self, choice: Any) -> list[Piece]:
        message = choice.get("delta") or choice.get("message") or {}
        self._finish = str(choice.get("finish_reason") or self._finish).lower()
        if self._finish == "error":
            raise error_bodies.in_stream(choice)
        self._refusal += message.get("refusal") or ""
        self._collect_calls(message)
        content, thinks = _content(message.get("content"))
        self._thought = self._thought or thinks or any(message.get(field) for field in _THINKING)
        if content and (text := self._shown(content)):
            return [text]
        return [Heartbeat()] if message else []

    def _shown(self, content: str) -> str:
        text = self._filtered(self._thinking.feed(content))
        self._has_text = self._has_text or bool(text.strip())
        return text

    def _filtered(self, text: str) -> str:
        return self._json.feed(text) if self._json else text

    def _collect_calls(self, message: dict[str, Any]) -> None:
        calls = [message.get("function_call"), *(c.get("function") for c in message.get("tool_calls") or ())]
        self._arguments += "".join(_text(c.get("arguments")) for c in calls if c)

    def _called(self) -> str | None:
        """What a reply that consists of a tool call says: the reply in the schema, or the only text in the arguments."""
        if self._has_text or not self._arguments:
            return None
        if self._request.schema is not None:
            return self._arguments
        try:
            arguments = json.loads(self._arguments)
        except ValueError:
            return None
        texts = [v for v in arguments.values() if isinstance(v, str)] if isinstance(arguments, dict) else []
        return texts[0] if len(texts) == 1 else None

    def _usage(self, row: dict[str, Any]) -> list[Piece]:
        counted = row.get("usage") or (row.get("x_groq") or {}).get("usage")
        if not counted:
            return []
        self._has_usage = True
        details = counted.get("completion_tokens_details") or {}
        self._thought = self._thought or bool(details.get("reasoning_tokens"))
        cached = (counted.get("prompt_tokens_details") or {}).get("cached_tokens")
        return [
            Usage(int(counted.get("prompt_tokens") or 0), int(counted.get("completion_tokens") or 0), int(cached or 0))
        ]

    def _remember(self) -> None:
        self._thought = self._thought or self._thinking.thought
        if self._thought:
            self._dialect.note(thinks=True)
        if self._thinking.was_opened != self._dialect.opens_unmarked and self._has_text:
            self._dialect.note(opens_unmarked=self._thinking.was_opened)


def _content(content: Any) -> tuple[str, bool]:
    """The text of a message, and whether it holds thinking: Mistral sends a list of parts."""
    if not isinstance(content, list):
        return _text(content), False
    texts = [part["text"] for part in content if part.get("type", "text") == "text"]
    return "".join(texts), len(texts) < len(content)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)
