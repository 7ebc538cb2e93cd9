"""Resolves the entities of HTML and XML, also where they were escaped more than once."""

from __future__ import annotations

import html
import re
from html.entities import html5

_ENTITY = re.compile(r"&(?:amp;)*(#\d{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_UNFINISHED = re.compile(r"&(?:amp;)*(amp|lt|gt|nbsp|quot|#\d{2,6})(?![\w;])")
"""Entities without a semicolon that are meant as such all the same."""


def unescape(text: str) -> str:
    """The text with named and numeric entities resolved."""
    return _UNFINISHED.sub(_character, _ENTITY.sub(_character, text))


def _character(match: re.Match[str]) -> str:
    name = match[1]
    # `html.unescape` also resolves the beginning of a name, as in `&notes;`.
    return html.unescape(f"&{name};") if name[0] == "#" or f"{name};" in html5 else f"&{name};"
