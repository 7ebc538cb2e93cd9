"""Reads requests for chat completions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from assistant import Filters
from assistant.servers.filters import FilterFields
from assistant.servers.openai.errors import RequestError
from assistant.servers.requests import complaint

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
    filters: Filters | None
    stream: bool
    usage: bool
    """Whether a stream ends with the number of tokens used."""
    as_json: bool
    """Whether the text is to be the document of `assistant ask --json`."""

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
        return cls(
            model=model,
            question=asked[-1],
            history=tuple(asked[:-1][-_MAX_HISTORY:]),
            filters=_filters(document.get("filters")),
            stream=document.get("stream") is True,
            usage=isinstance(options, dict) and options.get("include_usage") is True,
            as_json=_as_json(document.get("response_format")),
        )


def _filters(document: object) -> Filters | None:
    """Raises RequestError for a filter that there is not, and SettingsError for a value that no paper can have."""
    if document is None:
        return None
    try:
        return FilterFields.model_validate(document).filters()
    except ValidationError as error:
        raise RequestError(400, f"filters: {complaint(error, FilterFields.model_fields)}") from None


def _as_json(response_format: object) -> bool:
    """Raises RequestError for a schema: a client that expects its own would fail on ours later, and less clearly."""
    kind = response_format.get("type") if isinstance(response_format, dict) else response_format
    if kind not in (None, "text", "json_object"):
        raise RequestError(400, "response_format must be text or json_object, the document of `assistant ask --json`")
    return kind == "json_object"


def _text(message: Mapping[str, Any]) -> str:
    """The text of a message, joined if it comes in parts."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(part, dict) and part.get("type") == "text" for part in content):
        return "\n".join(str(part.get("text", "")) for part in content)
    raise RequestError(400, "a message must consist of text")
