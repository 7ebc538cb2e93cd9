"""Reads the errors of model servers, which wrap their text in no, one or two objects under many names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.llm.protocol import Refused, Withheld
from assistant.retry_policy import retry_after

if TYPE_CHECKING:
    from openai import APIStatusError

_TEXTS = ("message", "msg", "detail", "error", "errors", "error_description", "title", "reason")
_MARKUP = re.compile(r"^\s*<(?:!doctype|html|\?xml|head|body)", re.I)
_TITLE = re.compile(r"<title>([^<]{1,200})", re.I)
_FILTER = re.compile(
    r"content[ _-]?(?:filter|policy|management|moderation)|moderation|responsible ?ai|safety (?:system|filter)|flagged"
    r"|inappropriate content|data_inspection_failed",
    re.I,
)
_EMPTY_ACCOUNT = frozenset({"insufficient_quota", "billing_not_active", "billing_hard_limit_reached"})


def refusal(error: APIStatusError) -> Refused | Withheld:
    """What an answer with an error status says."""
    response = error.response
    body = _unquoted(error.body)
    text = message(body) or _page_title(response.text) or response.reason_phrase
    codes = set(_values(body, ("code", "type")))
    if error.status_code in (400, 403, 422, 451) and _FILTER.search(" ".join((text, *codes))):
        return Withheld(text)
    if codes & _EMPTY_ACCOUNT:
        return Refused(402, text)  # a 429 that waiting does not help
    return Refused(error.status_code, text, retry_after(response.headers), parameters=_parameters(body))


def in_stream(body: Any) -> Refused | Withheld:
    """What an error says that came in the place of a reply, or in the middle of one."""
    text = message(body)
    codes = _values(body, ("code", "status", "type"))
    if _FILTER.search(" ".join((text, *codes))):
        return Withheld(text)
    statuses = [int(c) for c in codes if c.isdigit() and 400 <= int(c) < 600]
    return Refused(statuses[0] if statuses else 500, text)


def message(body: Any) -> str:
    """The text of an error's body; empty when it holds none."""
    if isinstance(body, str):
        return _page_title(body) if _MARKUP.match(body) else body
    if isinstance(body, list):
        return "; ".join(filter(None, map(message, body)))[:1000]
    if isinstance(body, dict):
        return next((text for key in _TEXTS if (text := message(body.get(key)))), "")
    return ""


def _unquoted(body: Any) -> Any:
    """The only error of a list, as Google's servers send it."""
    return body[0] if isinstance(body, list) and len(body) == 1 else body


def _values(body: Any, names: tuple[str, ...]) -> list[str]:
    """The values of these fields, wherever they are in the body."""
    return [str(value) for key, value in _fields(body) if key in names and isinstance(value, str | int)]


def _fields(body: Any) -> Iterator[tuple[str, Any]]:
    for key, value in body.items() if isinstance(body, dict) else ():
        yield key, value
        yield from _fields(value)
    for row in body if isinstance(body, list) else ():
        yield from _fields(row)


def _parameters(body: Any) -> tuple[str, ...]:
    """The options that an error names: OpenAI under `param`, servers made with FastAPI under `loc`."""
    found = [str(value) for key, value in _fields(body) if key in ("param", "parameter") and value]
    found += [".".join(map(str, value)) for key, value in _fields(body) if key == "loc" and isinstance(value, list)]
    return tuple(found)


def _page_title(page: str) -> str:
    found = _TITLE.search(page)
    return " ".join(found[1].split()) if found else ""
