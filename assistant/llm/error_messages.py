"""Explains a failed request in one line for the user, and says whether repeating it may help."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.llm.model_spec import ModelSpec
from assistant.llm.protocol import BrokenOff, Garbled, NoAnswer, Refused, Withheld
from assistant.llm.redaction import redact

_RESPONSES = re.compile(r"\bresponses\b.*\b(?:endpoint|api|completions)|v1/responses", re.I | re.S)
_LONGEST_REASON = 120
_REWORD = "its content filter or the model itself refused; reword the question, or take another model"
_NO_ANSWER = {
    "thinking": "used up its tokens thinking; raise ASSISTANT_LLM_MAX_TOKENS, or take a model that thinks less",
    "tools": "answers only with calls of tools, and none is offered; take a model or an address that answers in text",
    "empty": "gave an empty answer; ask again, raise ASSISTANT_LLM_MAX_TOKENS, or take another model",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A failed request."""

    line: str
    transient: bool
    """Whether the same request may work in a moment."""
    wait: float | None = None
    """Seconds that the server asks to wait before that."""


def explain(error: BaseException, spec: ModelSpec) -> Fault:
    """The fault behind an exception of a protocol, of openai or of httpx. It never contains a key."""
    if isinstance(error, Refused):
        line, transient = _refused(error, spec)
        return Fault(redact(f"{spec.name} {line}"), transient, error.retry_after)
    if isinstance(error, Withheld):
        return Fault(redact(f"{spec.name} withheld the answer{_reason(error.text)}; {_REWORD}"), False)
    if isinstance(error, NoAnswer):
        return Fault(f"{spec.name} {_NO_ANSWER[error.why]}", False)
    if isinstance(error, Garbled):
        return Fault(f"{spec.name} sent something that is not a model's answer; check the address", False)
    if isinstance(error, BrokenOff):
        return Fault(f"{spec.name} broke off in the middle of its answer; ask again", True)
    kind = type(error).__name__
    if kind in ("ConnectError", "ConnectTimeout", "APIConnectionError", "APITimeoutError"):
        return Fault(f"no connection to {spec.base_url or spec.name}; {_start_hint(spec)}", True)
    if kind in ("RemoteProtocolError", "ReadError", "WriteError"):
        return Fault(f"{spec.name} closed the connection in the middle of its answer; ask again", True)
    return Fault(redact(f"{spec.name} failed ({kind}{_reason(str(error))})"), False)


def _start_hint(spec: ModelSpec) -> str:
    if spec.kind == "ollama":
        return "check that Ollama runs (`ollama serve`)"
    return "check the network" if spec.kind == "openai" else "check that the server runs at that address"


def _refused(error: Refused, spec: ModelSpec) -> tuple[str, bool]:
    reason = _reason(error.text)
    if error.status in (401, 403):
        variable = "OPENAI_API_KEY" if spec.kind == "openai" else "ASSISTANT_LLM_API_KEY"
        return f"refused the key; check {variable}", False
    if error.status == 402:
        return "has no credit left for this key; check the account", False
    if error.status in (400, 404) and _RESPONSES.search(error.text):
        return "speaks only the Responses API, which is not used here; take a model with chat completions", False
    if error.status == 404:
        hint = f"`ollama pull {spec.model}` fetches it" if spec.kind == "ollama" else "check the name and the address"
        return f"does not have the model “{spec.model}”; {hint}", False
    if error.is_too_long:
        return f"cannot read a prompt of this length{reason}; set ASSISTANT_LLM_CONTEXT to its context size", False
    if error.status == 429:
        return "has too many requests; ask again later", True
    if error.status >= 500 or error.status == 408:
        return f"failed (status {error.status}{reason}); ask again, or check the server", True
    return f"refused the request (status {error.status}{reason}); check the model and the address", False


def _reason(text: str) -> str:
    words = " ".join(text.split()).rstrip(".")
    if not words:
        return ""
    return f": {words[:_LONGEST_REASON]}…" if len(words) > _LONGEST_REASON else f": {words}"
