"""Reads requests for chat completions, and writes answers as completions or as chunks of a stream.

The text of an answer ends with its numbered sources, so that a client that shows only text shows them too; sentences that
are not verified are marked in it, and those that were taken out are listed. As data the sources are in `citations`, and the
document of `assistant ask --json` is in `answer`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant import Answer, Sentence
from assistant.citations import plain
from assistant.servers.openai.errors import RequestError

MODEL = "abstract-assistant"
"""The name under which the assistant answers as it is set up; `quotes` answers without a language model."""
MODELS = (MODEL, "quotes")
_MAX_HISTORY = 20
"""Earlier questions that are considered, the newest ones."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """The parts of a request that are used. Sampling parameters are not, because every answer is checked."""

    model: str
    question: str
    history: tuple[str, ...]
    stream: bool
    usage: bool
    """Whether a stream ends with the number of tokens used."""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> ChatRequest:
        """Reads the request: the last message is the question, the user's earlier ones are the history.

        System messages are ignored; they cannot change how answers are checked. Raises RequestError.
        """
        model = document.get("model")
        if model not in MODELS:
            raise RequestError(
                404, f"this server has no model {model!r}; use one of: {', '.join(MODELS)}", "model_not_found"
            )
        messages = document.get("messages")
        if not isinstance(messages, list) or not messages or not all(isinstance(m, dict) for m in messages):
            raise RequestError(400, "messages must be a list with at least one message")
        if messages[-1].get("role") != "user":
            raise RequestError(400, "the last message must be the user's question")
        if document.get("n") not in (None, 1):
            raise RequestError(400, "a question has one answer; omit n")
        asked = [_text(message) for message in messages if message.get("role") == "user"]
        options = document.get("stream_options")
        usage = isinstance(options, dict) and options.get("include_usage") is True
        return cls(model, asked[-1], tuple(asked[:-1][-_MAX_HISTORY:]), document.get("stream") is True, usage)


@dataclass(frozen=True, slots=True)
class Completion:
    """Formats one answer for the client."""

    model: str
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The response to a request without streaming."""
        message = {"role": "assistant", "content": answer.text + _last_part(answer), **_data(answer)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return {**self._head("chat.completion"), "choices": [choice], "usage": _usage(answer)}

    def begin(self) -> dict[str, Any]:
        """The first chunk of a stream."""
        return self._chunk({"role": "assistant", "content": ""})

    def sentence(self, sentence: Sentence, first: bool) -> dict[str, Any]:
        """The chunk of one sentence."""
        return self._chunk({"content": ("" if first else " ") + str(sentence)})

    def end(self, answer: Answer) -> list[dict[str, Any]]:
        """The rest of the text after the sentences, and the last chunk, which carries the data."""
        text = "".join(f" {remark}" for remark in answer.remarks) if answer.sentences else answer.text
        text += _last_part(answer)
        return [self._chunk({"content": text}), self._chunk(_data(answer), "stop")]

    def used(self, answer: Answer) -> dict[str, Any]:
        """The chunk with the tokens used, which follows the last one if the client asked for it."""
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": _usage(answer)}

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def _text(message: Mapping[str, Any]) -> str:
    """The text of a message, joined if it comes in parts."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(part, dict) and part.get("type") == "text" for part in content):
        return "\n".join(str(part.get("text", "")) for part in content)
    raise RequestError(400, "a message must consist of text")


def _last_part(answer: Answer) -> str:
    """Sources, nearest quotes, removed sentences and notes as text.

    What a model wrote and the check removed is escaped: many clients render Markdown, and would load the images in it.
    """
    lines = [f"[{c.n}] {c.title}: “{c.quote}”" for c in answer.citations]
    lines += [f"{e.title}: “{e.quote}”" for e in answer.nearest]
    blocks = ["\n".join(lines)] if lines else []
    blocks += [f"{answer.tally}."] if answer.tally else []
    blocks += [f"Removed by the check ({r.verdict}: {plain(r.why)}): {plain(r.text)}" for r in answer.removed]
    return "".join(f"\n\n{block}" for block in (*blocks, *answer.notes))


def _data(answer: Answer) -> dict[str, Any]:
    return {"citations": [asdict(c) for c in answer.citations], "answer": answer.to_dict()}


def _usage(answer: Answer) -> dict[str, int]:
    read, written = answer.usage.prompt_tokens, answer.usage.completion_tokens
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
