"""Converts author names from the spellings that files use to `First Last`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.documents.clean import clean

_NOT_AUTHORS = ("et al.", "et al", "others")
_NO_NAME = ("null", "NULL", "None", "none", "undefined", "nan", "NaN", "n/a", ".", "-")
_SUFFIX = re.compile(r"(?:jr|sr|[1-9](?:st|nd|rd|th)|i{2,3}|iv|vi{0,3})\.?", re.I)
_OF_INSTITUTION = re.compile(r"\b(?:of|for|and|the)\b|&")
"""Words that no person's name has: a comma in `Ministry of Health, Labour and Welfare` does not turn it around."""


def author_names(value: object) -> tuple[str, ...]:
    """The names in a list of strings, of `{"name": ...}` or of `[last, first, suffix]`, or in one string such as
    `A; B`, `A, B and C` or `Last, First and Last, First`."""
    if isinstance(value, str):
        return _split_text(clean(value))
    if not isinstance(value, (list, tuple)):
        return ()
    found = (_author_name(item) for item in value)
    return tuple(name for name in found if name and name.lower() not in _NOT_AUTHORS)


def _author_name(item: object) -> str:
    if isinstance(item, (list, tuple)):
        parts = [part for part in item if isinstance(part, str)]
        # arXiv's authors_parsed: last name, first names, suffix.
        return clean(" ".join([*parts[1:2], *parts[:1], *parts[2:3]]))
    if isinstance(item, Mapping):
        whole = item.get("name") or item.get("full_name") or item.get("literal")
        if isinstance(whole, str):
            return clean(whole)
        given = [item.get(key) for key in ("given", "firstName", "first", "family", "lastName", "last")]
        return clean(" ".join(part for part in given if isinstance(part, str)))
    return _first_last(clean(item)) if isinstance(item, str) else ""


def _split_text(text: str) -> tuple[str, ...]:
    while (bare := re.sub(r"\([^()]*\)", "", text)) != text:
        text = bare  # affiliations
    if ";" in text:
        parts = [_first_last(part) for part in text.split(";")]
    else:
        pieces = re.split(r"\s+(?:and|&)\s+", text)
        if all(re.fullmatch(r"[^,]+,[^,]+", piece) for piece in pieces) and _is_last_first(pieces):
            parts = [_first_last(piece) for piece in pieces]
        else:
            parts = [part for piece in pieces for part in piece.split(",")]
    stripped = (clean(part).removeprefix("and ") for part in parts)
    return tuple(name for name in stripped if name and name.lower() not in _NOT_AUTHORS)


def _is_last_first(pieces: list[str]) -> bool:
    """`Doe, Jane` is one author and `Jane Doe, Ann Lee` are two: a single word before the comma is a last name."""
    return len(pieces) > 1 or " " not in pieces[0].split(",")[0].strip()


def _first_last(name: str) -> str:
    """`Last, First` as `First Last`; `Last, Jr, First` and `Last, First, Jr` as `First Last Jr`."""
    if "," not in name:
        return clean(name)
    if _OF_INSTITUTION.search(name):
        return clean(name).strip(", ")
    # Programs write `null` for a name that they do not have, and EndNote a comma after the name of an institution.
    parts = [part for piece in name.split(",") if (part := piece.strip()) and part not in _NO_NAME]
    if len(parts) == 2:
        return clean(parts[0] + " " + parts[1] if _SUFFIX.fullmatch(parts[1]) else parts[1] + " " + parts[0])
    if len(parts) == 3:
        last, second, third = parts
        return clean(f"{second} {last} {third}" if _SUFFIX.fullmatch(third) else f"{third} {last} {second}")
    return clean(parts[0] if len(parts) == 1 else name)
