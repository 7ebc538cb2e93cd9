"""Turns marked-up text (HTML, JATS, entities, LaTeX) into plain text before anything is chunked or cited."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.documents.clean import clean
from assistant.documents.markup.boilerplate import may_hold_notice, without_notices
from assistant.documents.markup.characters import SUSPENDED, may_be_special, plain_characters
from assistant.documents.markup.commands import holds_commands, plain_commands
from assistant.documents.markup.entities import unescape
from assistant.documents.markup.tags import strip_tags

_ROUNDS = 12
"""How often markup within markup is resolved; only hostile text needs more."""
_HYPHEN = re.compile(rf"-(?<=[\w%]-)(?:\s+(?!(?:{'|'.join(sorted(SUSPENDED))})\b)[a-z]|-\d)")
"""A hyphen at which a word is broken, or the first of a range such as `5--10`."""
_TAG = re.compile(r"<[A-Za-z/!?]")
_ENTITY = re.compile(r"&(?:#|\w+;|amp|lt|gt|nbsp|quot)")
_SYNTAX = str.maketrans("", "", "<>&\\$~{}")

__all__ = ["plain_abstract", "plain_text"]


def plain_text(text: str) -> str:
    """The text on one line, without markup; formulas stay readable. Plain text comes back as it is."""
    return _settled(text, _plain, _may_be_marked)


def plain_abstract(text: str) -> str:
    """`plain_text` of an abstract, without what publishers add to its end and archives to its beginning."""
    if _may_be_marked(text):
        return _settled(text, _plain_abstract, _may_need_work)
    text = clean(text)
    while may_hold_notice(text) and (rest := clean(without_notices(text))) != text:
        text = rest
    return text


def _may_need_work(text: str) -> bool:
    return _may_be_marked(text) or may_hold_notice(text)


def _plain_abstract(text: str) -> str:
    text = _plain(text)
    return without_notices(clean(text)) if may_hold_notice(text) else text


def _may_be_marked(text: str) -> bool:
    """A cheap test, which most texts fail: LaTeX in formulas alone is none to resolve."""
    return (
        ("<" in text and _TAG.search(text) is not None)
        or ("&" in text and _ENTITY.search(text) is not None)
        or ("``" in text)
        or (not text.isascii() and may_be_special(text))
        or ("-" in text and _HYPHEN.search(text) is not None)
        or (("\\" in text or "~" in text) and holds_commands(text))
    )


def _plain(text: str) -> str:
    if "<" in text:
        text = strip_tags(text)
    if "&" in text:
        text = unescape(text)
    return plain_characters(plain_commands(text))


def _settled(text: str, step: Callable[[str], str], needs_it: Callable[[str], bool]) -> str:
    """The text after as many steps as it needs and as change it."""
    if not needs_it(text):
        return clean(text)
    text = clean(step(text))
    for _ in range(_ROUNDS):
        if not needs_it(text) or (found := step(text)) == text:
            return text
        text = clean(found)
    return clean(step(clean(text.translate(_SYNTAX))))
