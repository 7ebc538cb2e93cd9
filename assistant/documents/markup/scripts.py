"""Writes superscripts and subscripts in plain text: `10^-3`, `CO2`, `Ca2+`, `1st`."""

from __future__ import annotations

import re

_SIGNS = "+−–-"  # the hyphen last, because it stands in classes of characters
_ORDINAL = re.compile(r"(?:st|nd|rd|th|TM|SM|er|re|e|ème)")
_CHARGE = re.compile(rf"\d*[{_SIGNS}]|[{_SIGNS}]\d*")
_BARE_CHARGE = re.compile(rf"[{_SIGNS}](?:/[{_SIGNS}])?")
"""Signs that nobody writes with a caret, as in `NH4+`, `CD4+` and `p53-/-`."""
_SIMPLE = re.compile(rf"[{_SIGNS}]?[^\W_]+(?:[.,]\d+)*[+−-]?|[{_SIGNS}]")
"""What needs no brackets after a caret."""
_MARK = re.compile(r"[*†‡§®™©′'’″°ª|¶#]+")
_REFERENCES = re.compile(r"\d{1,3}(?:\s*[,–-]\s*\d{1,3})*")


def superscript(before: str, inner: str) -> str:
    """How `inner`, raised after the text `before`, is written."""
    inner = inner.strip()
    last = before[-1:]
    if not inner or inner[0] == "^" or _MARK.fullmatch(inner) or _ORDINAL.fullmatch(inner):
        return inner
    if not last or last.isspace() or last in "([-/–":
        return inner  # of an isotope, as in `14C`
    if last in ".,;:!?" and _REFERENCES.fullmatch(inner):
        return ""  # the number of a reference
    if last.isalnum() and _BARE_CHARGE.fullmatch(inner):
        return inner
    if last.isalpha() and _CHARGE.fullmatch(inner) and inner[-1] in _SIGNS:
        return inner
    return "^" + (inner if _SIMPLE.fullmatch(inner) else f"({inner})")


def subscript(before: str, inner: str) -> str:
    """How `inner`, lowered after the text `before`, is written."""
    inner = inner.strip()
    last = before[-1:]
    joins_number = last.isdigit() and inner[:1].isdigit()
    variable = re.search(r"(?:^|[^\w])[a-zα-ω]$", before[-2:]) and inner[:1].isalpha() and len(inner) < 3
    return ("_" if inner and (joins_number or variable) else "") + inner
