"""What a service says in place of papers: that something is wrong, or that it found none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.documents.fields import field_key
from assistant.documents.services.containers import ENVELOPES, LISTS
from assistant.documents.services.values import Record

_ERRORS = ("error", "errors", "serviceerror", "errmsg", "errormessage", "errordescription", "fault", "exception")
_SAYING = (
    "message",
    "detail",
    "details",
    "reason",
    "description",
    "msg",
    "statustext",
    "title",
    "text",
    "faultstring",
    "code",
)
"""The names under which an error says what is wrong, the clearest first."""
_AROUND = frozenset("code status statuscode name type message detail details success ok path timestamp url".split())
"""What an answer may hold that has a message alone."""
_FAILED = ("error", "failed", "fail", "failure")
_DEPTH = 4


def in_place_of_papers(answer: Record) -> str | None:
    """The words for a user whose file holds an error or an empty answer of a service; None for anything else."""
    named = {field_key(name): value for name, value in answer.items()}
    said = list(dict.fromkeys(_said(named)))[:3]
    if said:
        return f"the service reports an error, not papers: {' '.join(said)}; correct or repeat the request and save its answer"
    empty = _empty_list(answer)
    return f"an answer without papers, its list '{empty}' is empty; check the query" if empty else None


def _empty_list(answer: Record, depth: int = 0) -> str | None:
    """The name of the list that should hold papers, where no list holds any."""
    lists = {name: value for name, value in answer.items() if isinstance(value, list) and field_key(name) in LISTS}
    around = [value for name, value in answer.items() if isinstance(value, Mapping) and field_key(name) in ENVELOPES]
    if any(lists.values()):
        return None
    inner = (_empty_list(value, depth + 1) for value in around if depth < _DEPTH)
    return next(iter(lists), None) or next(filter(None, inner), None)


def _said(named: Record) -> Iterator[str]:
    errors = [named[name] for name in _ERRORS if named.get(name)]
    for error in errors:
        yield from _texts(error)
    failed = named.get("success") is False or str(named.get("status", "")).lower() in _FAILED
    if errors or failed or (named and named.keys() <= _AROUND):
        for name in ("message", "detail"):
            yield from _texts(named.get(name))


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    """The text of an error: itself, or the clearest of those in it."""
    if isinstance(value, str) and (text := value.strip()):
        yield text
    elif isinstance(value, list) and value and depth < _DEPTH:
        yield from _texts(value[0], depth + 1)
    elif isinstance(value, Mapping) and depth < _DEPTH:
        named = {field_key(name): inner for name, inner in value.items()}
        parts = (list(_texts(named.get(name), depth + 1)) for name in (*_SAYING, *_ERRORS, "status"))
        yield from next((part for part in parts if part), [])
