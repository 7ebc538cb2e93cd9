"""Remembers what one model at one address was found to refuse, so that no later request pays for it again."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from assistant.llm import findings
from assistant.llm.protocol import Refused

FILE = "dialects.json"
"""In the library's folder; deleting it makes every server be tried afresh."""
_OPTIONAL = frozenset({"temperature", "seed", "stream_options", "response_format", "reasoning_effort", "extra_body"})
"""Options that a request can do without."""
_TOGETHER = ({"temperature", "seed"},)
"""Options that are refused for one reason: a model that takes no temperature takes no seed either, or does not need it."""
_MOST_NAMED = 3
"""Refusals after which all that can be left out is."""
_STATUSES = frozenset({400, 415, 422, 501})
_BROKEN = 500
"""The status by which some servers report an option that they cannot handle."""
_WORDS = {
    "temperature": r"temperature",
    "seed": r"seed",
    "stream_options": r"stream_options|include_usage",
    "response_format": r"response_format|json_schema|json_object|json schema|json mode|structured outputs?|guided|grammar",
    "reasoning_effort": r"reasoning_effort|reasoning effort",
    "extra_body": r"chat_template_kwargs",
    "max_tokens": r"max_tokens",
    "max_completion_tokens": r"max_completion_tokens",
    "stream": r"stream(?:ing)?",
}
"""What an error calls an option, as a pattern."""
_SYSTEM = re.compile(
    r"\b(?:system|developer)\b.{0,40}\b(?:roles?|messages?|prompts?|instructions?)\b"
    r"|\broles?\b.{0,60}\bsystem\b|\broles must alternate\b",
    re.I | re.S,
)
SYSTEM_ROLE = "system role"
JSON_SCHEMA = "json_schema"


class Dialect:
    """What one model does not take, and whether it thinks before it answers. Threads may share it."""

    def __init__(self, path: Path | None = None, identity: str = "") -> None:
        """`path`: the file of findings; without it, nothing outlives the process."""
        self._path, self._identity = path, identity
        self._lock = threading.Lock()
        known = findings.recall(path).get(identity) if path else None
        known = known if isinstance(known, dict) else {}
        refused = known.get("refused")
        self.refused: frozenset[str] = frozenset(map(str, refused)) if isinstance(refused, list) else frozenset()
        self.thinks = bool(known.get("thinks"))
        """It thinks, which takes tokens of the reply."""
        self.opens_unmarked = bool(known.get("opens_unmarked"))
        """Its replies begin with thinking that no mark opens."""

    def note(self, *, thinks: bool | None = None, opens_unmarked: bool | None = None) -> None:
        """Remembers how the model thinks; None: as before."""
        before = self.thinks, self.opens_unmarked
        self.thinks = before[0] if thinks is None else thinks
        self.opens_unmarked = before[1] if opens_unmarked is None else opens_unmarked
        if (self.thinks, self.opens_unmarked) != before:
            self._store()

    def refuse(self, names: Collection[str]) -> None:
        """Remembers what the model does not take."""
        if new := set(names) - self.refused:
            self.refused |= new
            self._store()

    def _store(self) -> None:
        if self._path is not None:
            row = {"refused": sorted(self.refused), "thinks": self.thinks, "opens_unmarked": self.opens_unmarked}
            with self._lock:
                findings.remember(self._path, self._identity, row)


@cache
def known(path: Path, identity: str) -> Dialect:
    """The dialect of a model, shared by all who talk to it in this process."""
    return Dialect(path, identity)


def to_leave_out(refusal: Refused, options: Mapping[str, Any], times: int) -> frozenset[str]:
    """What the next attempt had better leave out or say otherwise; nothing when another attempt is of no use.

    `times`: refusals so far. Where the error names nothing, what matters least is left out first.
    """
    if refusal.is_too_long:
        return frozenset()
    new = _named(refusal, options)
    if refusal.status == _BROKEN:
        return frozenset(new - {"stream"})  # which an error of a server may well name for another reason
    if refusal.status not in _STATUSES:
        return frozenset()
    optional = frozenset(_OPTIONAL & options.keys())
    if not new or times >= _MOST_NAMED:
        new |= optional - {"response_format"} or optional
    return frozenset(new - {"response_format"} if JSON_SCHEMA in new else new)


def _named(refusal: Refused, options: Mapping[str, Any]) -> set[str]:
    """What the error names among the options that were sent, by its fields or else in its text."""
    found = _options_in(" ".join(refusal.parameters), options)
    if not found and (_SYSTEM.search(refusal.text) or any("role" in p for p in refusal.parameters)):
        return {SYSTEM_ROLE} if options["messages"][0]["role"] == "system" else set()
    found = found or _options_in(refusal.text, options)
    for group in _TOGETHER:
        found |= group & options.keys() if found & group else set()
    return found


def _options_in(text: str, options: Mapping[str, Any]) -> set[str]:
    found = {name for name, words in _WORDS.items() if name in options and re.search(rf"\b(?:{words})\b", text, re.I)}
    return found | ({JSON_SCHEMA} if "response_format" in found and _is_schema(options) else set())


def _is_schema(options: Mapping[str, Any]) -> bool:
    return bool(options["response_format"].get("type") == JSON_SCHEMA)


def folded(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    """The messages with the system message at the head of the first one of the user."""
    system, first, *rest = messages
    return [{**first, "content": f"{system['content']}\n\n{first['content']}"}, *rest]


def limit_name(refused: Collection[str], *, hosted: bool) -> str | None:
    """The option that limits the reply, by the name that this model takes; None when it takes neither."""
    names = ("max_completion_tokens", "max_tokens") if hosted else ("max_tokens", "max_completion_tokens")
    return next((name for name in names if name not in refused), None)
