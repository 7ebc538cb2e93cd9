"""Explains a failed request in one line for the user, and says whether repeating it may help."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.llm.model_spec import ModelSpec
from assistant.llm.protocol import BrokenOff, Garbled, Refused
from assistant.llm.redaction import redact

_TOO_LONG = re.compile(r"context (?:length|size|window)|exceed\w*[ _]context|prompt is too long|input length", re.I)
_LONGEST_REASON = 120


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
    if error.status == 404:
        hint = f"`ollama pull {spec.model}` fetches it" if spec.kind == "ollama" else "check the name and the address"
        return f"does not have the model “{spec.model}”; {hint}", False
    if error.status == 413 or _TOO_LONG.search(error.text):
        return f"cannot read a prompt of this length{reason}; set ASSISTANT_LLM_CONTEXT to its context size", False
    if error.status == 429:
        return "has too many requests; ask again later", True
    if error.status >= 500 or error.status == 408:
        return f"failed (status {error.status}{reason}); ask again, or check the server", True
    return f"refused the request (status {error.status}{reason})", False


def _reason(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        return ""
    return f": {words[:_LONGEST_REASON]}…" if len(words) > _LONGEST_REASON else f": {words}"
