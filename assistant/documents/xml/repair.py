"""Mends the faults of a single record's XML that leave its meaning clear."""

from __future__ import annotations

import re
from html.entities import html5
from xml.sax.saxutils import escape

_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.S)
_BREAK = re.compile("[\x0b\x0c]")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#(\d{1,7}|[xX][0-9a-fA-F]{1,6});|(\w{2,32};)|)")
_BARE_LESS = re.compile(r"<(?![A-Za-z_:/!?])")
_VOID = re.compile(r"<(br|hr|img|wbr)\b([^<>]*?)/?>(?:\s*</\1>)?", re.I)
_KEPT = {"amp;", "lt;", "gt;", "quot;", "apos;"}


def repair(text: str) -> str:
    """The text with HTML's entities as characters, bare `&` and `<` escaped, and control characters left out."""
    parts = _CDATA.split(_ILLEGAL.sub("", _BREAK.sub(" ", text)))
    return "".join(part if index % 2 else _repair_markup(part) for index, part in enumerate(parts))


def _repair_markup(text: str) -> str:
    text = _VOID.sub(r"<\1\2/>", text)
    return _BARE_LESS.sub("&lt;", _REFERENCE.sub(_reference, text))


def _reference(match: re.Match[str]) -> str:
    number, name = match.groups()
    if number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        return match[0].lower() if code < 0x110000 and not _ILLEGAL.match(chr(code)) else ""
    if name in _KEPT:
        return match[0]
    return escape(html5[name]) if name in html5 else "&amp;" + match[0][1:]
