"""Converts author names from the spellings that files use to `First Last`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.documents.clean import clean
from assistant.documents.markup import plain_text

_NOT_AUTHORS = ("et al.", "et al", "others")
_NO_NAME = ("null", "NULL", "None", "none", "undefined", "nan", "NaN", "n/a", ".", "-")
_MARKED = re.compile(r"[\\<&]")
"""What the accents of LaTeX, entities and tags begin with."""
_FURTHER = re.compile(r"[,;]?\s+(?:et\s+al\b\.?|and\s+others)\s*$", re.I)
_SUFFIX = re.compile(r"(?:jr|sr|[1-9](?:st|nd|rd|th)|i{2,3}|iv|vi{0,3})\.?", re.I)
_SURE_SUFFIX = re.compile(r"(?:jr|sr|iii)\.?", re.I)
_OF_INSTITUTION = re.compile(r"\b(?:of|for|and|the)\b|&")
"""Words that no person's name has: a comma in `Ministry of Health, Labour and Welfare` does not turn it around."""
_WHOLE = ("name", "fullname", "displayname", "authname", "collectivename", "collabname", "rawauthorname")
_GIVEN = ("given", "givenname", "givennames", "firstname", "first", "forename", "initials")
_MIDDLE = ("middle", "middlename")
_FAMILY = ("family", "familyname", "lastname", "last", "surname")
_SUFFIXES = ("suffix", "namesuffix")
_INITIALS = re.compile(r"(?:[^\W\d_](?:\.[\s-]?|-|(?=[^\W\d_a-z])|$)){1,4}")
_NAMESAKE = re.compile(r"(?<=\w) 0\d{3}$")
"""The number with which DBLP tells people of one name apart: `Wei Wang 0002`."""
_PARTS = re.compile(r"\s*(?<![\w-])(family|given|prefix|suffix)\s*=\s*\"?([^,\"]*)\"?\s*(?:,|$)")


def author_names(value: object) -> tuple[str, ...]:
    """The names in a list of strings, of `{"name": ...}` or of `[last, first, suffix]`, or in one string such as
    `A; B`, `A, B and C` or `Last, First and Last, First`."""
    if isinstance(value, str):
        return _split_text(_plain(value))
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, (list, tuple)):
        return ()
    names = [name for item in value if _is_name(name := _author_name(item))]
    return tuple(map(_plain, names) if _MARKED.search("\n".join(names)) else names)


def _plain(name: str) -> str:
    return plain_text(name) if _MARKED.search(name) else clean(name)


def _is_name(name: str) -> bool:
    return bool(name) and name.lower() not in _NOT_AUTHORS and name not in _NO_NAME


def _author_name(item: object) -> str:
    if isinstance(item, (list, tuple)):
        parts = [part for part in item if isinstance(part, str)]
        # arXiv's authors_parsed: last name, first names, suffix.
        return clean(" ".join([*parts[1:2], *parts[:1], *parts[2:3]]))
    if isinstance(item, Mapping):
        return _from_object(item)
    return _first_last(_plain(item)) if isinstance(item, str) else ""


def _from_object(item: Mapping[str, object]) -> str:
    """The name in an object: its parts where it has them, or else the whole."""
    texts = {re.sub(r"[^a-z]", "", key.lower()): value for key, value in item.items() if isinstance(value, str)}
    given, middle, family, suffix, whole = (
        next((texts[key] for key in keys if _is_name(texts.get(key, ""))), "")
        for keys in (_GIVEN, _MIDDLE, _FAMILY, _SUFFIXES, _WHOLE)
    )
    if family and given:
        return clean(f"{given} {middle} {family} {suffix}")
    if literal := texts.get("literal"):
        return clean(literal)
    if whole:
        # A person's name may be inverted, but a comma in an institution's belongs to it.
        return _first_last(clean(whole)) if re.fullmatch(r"[^\s,]+(?: [^\s,]+)?, [^,]{1,40}", whole) else clean(whole)
    return clean(family or given)


def _split_text(text: str) -> tuple[str, ...]:
    text = _FURTHER.sub("", text)
    while (bare := re.sub(r"\([^()]*\)", "", text)) != text:
        text = bare  # affiliations
    if ";" in text:
        parts = [_first_last(part) for part in text.split(";")]
    else:
        pieces = re.split(r"\s+(?:and|&)\s+", text)
        if any(_PARTS.match(piece) for piece in pieces):
            parts = [_from_parts(piece) for piece in pieces]
        elif all(re.fullmatch(r"[^,]+,[^,]+", piece) for piece in pieces) and _is_last_first(pieces):
            parts = [_first_last(piece) for piece in pieces]
        else:
            parts = _with_initials([part.strip() for piece in pieces for part in piece.split(",") if part.strip()])
    stripped = (clean(part).removeprefix("and ") for part in parts)
    return tuple(name for name in stripped if _is_name(name))


def _with_initials(parts: list[str]) -> list[str]:
    """`Beek`, `A.`, `Park`, `L.` as two names; parts of other kinds are names by themselves."""
    initials = [_INITIALS.fullmatch(part) is not None for part in parts]
    if len(parts) > 2 and len(parts) % 2 == 0 and all(initials[1::2]) and not any(initials[::2]):
        return [f"{given} {last}" for last, given in zip(parts[::2], parts[1::2], strict=True)]
    return parts


def _from_parts(name: str) -> str:
    """biblatex's `family=Doe, given=Jane, suffix=Jr`."""
    parts = dict(_PARTS.findall(name))
    if not parts:
        return _first_last(name)
    return clean(" ".join(parts.get(part, "") for part in ("given", "prefix", "family", "suffix")))


def _is_last_first(pieces: list[str]) -> bool:
    """`Doe, Jane` is one author and `Jane Doe, Ann Lee` are two: a single word before the comma is a last name."""
    return len(pieces) > 1 or " " not in pieces[0].split(",")[0].strip()


def _first_last(name: str) -> str:
    """`Last, First` as `First Last`; `Last, Jr, First` and `Last, First, Jr` as `First Last Jr`."""
    if name[:1] == "{" and name[-1:] == "}":  # so BibTeX marks an institution, and exporters leave it
        return clean(name[1:-1])
    if name[-1:].isdigit():
        name = _NAMESAKE.sub("", name)
    if "," not in name:
        return clean(name)
    if _OF_INSTITUTION.search(name):
        return clean(name).strip(", ")
    # Programs write `null` for a name that they do not have, and EndNote a comma after the name of an institution.
    bare = re.sub(r"\s*\([^()]*\)", "", name)  # a mail address or role
    parts = [part for piece in bare.split(",") if (part := piece.strip()) and part not in _NO_NAME]
    if len(parts) == 2:
        # `Sun, V` is no fifth of his name.
        return clean(f"{parts[0]} {parts[1]}" if _SURE_SUFFIX.fullmatch(parts[1]) else f"{parts[1]} {parts[0]}")
    if len(parts) == 3:
        last, second, third = parts
        return clean(f"{second} {last} {third}" if _SUFFIX.fullmatch(third) else f"{third} {last} {second}")
    return clean(parts[0] if len(parts) == 1 else name)
