"""Parses the fields of one BibTeX entry, and what can still be read of an entry with a fault."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.errors import DocumentError

_FIELD = re.compile(r"[\s,]*([^\s=,{}\"#()]+(?:[ \t]+[^\s=,{}\"#()]+)*)\s*=\s*")
"""A field's name, which in Scopus' exports may hold a space: `funding_text 1={`."""
_QUOTE = r'"(?=\s*(?:[,#})]|[\w-]+\s*=|$))'
"""A quote that can end a value, by what follows it; `"A "b" c"` holds two that cannot."""
_LAST_QUOTE = re.compile(r'"\s*(?:,\s*[\w-]+\s*=|,?\s*[})]\s*$)', re.M)
"""The quote before the next field, or before the end of the entry."""
_ATOM = re.compile(r"[^\s,{}\"#()=]+")
_FIELD_LINE = re.compile(r"\n[ \t]*,?[ \t]*(?=[A-Za-z][\w-]*(?:[ \t]\d+)?\s*=\s*[{\"\w])")
"""The end of a line before one that begins a field."""
_CLOSED = re.compile(r"""[{"](.*)[}"]\s*,?\s*\Z""", re.S)
_NEEDED = {"title", "abstract"}


@dataclass
class Entry:
    """The fields of an entry, their names in lower case, and the reasons why others are left out."""

    fields: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def parse_fields(text: str, at: int, macros: dict[str, str], bare: bool) -> Entry:
    """The fields of an entry whose body begins at `at`, with a key unless `bare`.

    Raises DocumentError at a fault, if it costs the title or the abstract.
    """
    if not bare:
        key = re.compile(r"[^,{}=]*").match(text, at)
        at = key.end() if key and text[key.end() : key.end() + 1] in (",", "}") else at
    fault = None
    try:
        entry = Entry(_strictly(text, at, macros))
        if bare or entry.fields.keys() >= _NEEDED:
            return entry
    except DocumentError as error:
        entry, fault = Entry(), error
    by_line = _line_by_line(text, at, macros)
    if by_line.fields.keys() & _NEEDED > entry.fields.keys() & _NEEDED and by_line.fields.keys() >= _NEEDED:
        return by_line
    if fault:
        raise fault
    return entry


def _strictly(text: str, at: int, macros: dict[str, str]) -> dict[str, str]:
    """The fields from `at` on. Raises DocumentError at the first fault."""
    record: dict[str, str] = {}
    while match := _FIELD.match(text, at):
        value, at = _value(text, match.end(), macros, match[1])
        name = match[1].lower()
        record[name] = record.get(name) or value
    rest = text[at:].lstrip(" \t\n,")
    if not rest.startswith(("}", ")")):
        raise DocumentError(
            "the entry is cut off or a brace is missing"
            if not rest
            else f"cannot be read from '{' '.join(rest[:30].split())}' on; is a comma or a brace missing?"
        )
    return record


def _line_by_line(text: str, at: int, macros: dict[str, str]) -> Entry:
    """The fields that begin on lines of their own, so that a brace that is missing costs one of them."""
    entry = Entry()
    pieces = _FIELD_LINE.split("\n" + text[at:])
    pieces[-1] = re.sub(r"[\s,]*[})]\s*\Z", "", pieces[-1]) if _closes(pieces[-1]) else pieces[-1]
    for piece in pieces[1:]:
        at = 0
        while match := _FIELD.match(piece, at):
            try:
                value, at = _value(piece, match.end(), macros, match[1])
            except DocumentError as error:
                closed = _CLOSED.match(piece, match.end())
                if not closed:
                    entry.faults.append(str(error))
                    break
                value, at = closed[1], len(piece)
            name = match[1].lower()
            entry.fields[name] = entry.fields.get(name) or value
    return entry


def _closes(piece: str) -> bool:
    """Whether the last piece of an entry holds the bracket that closes the entry, after that of its value."""
    return re.search(r"[}\"\w][\s,]*[})]\s*\Z", piece) is not None


def _value(text: str, at: int, macros: dict[str, str], name: str) -> tuple[str, int]:
    """A field's value, its parts joined at `#`, and the offset of its end."""
    parts = []
    while True:
        if text[at : at + 1] in ("{", '"'):
            end = _closing(text, at)
            if end is None:
                raise DocumentError(f"the {name} is never closed; is a brace or a quote missing?")
            parts.append(text[at + 1 : end])
            at = end + 1
        elif match := _ATOM.match(text, at):
            parts.append(macros.get(match[0].lower(), match[0]))
            at = match.end()
        else:
            raise DocumentError(f"the {name} has no value")
        joined = re.compile(r"\s*#\s*").match(text, at)
        if not joined:
            return "".join(parts), at
        at = joined.end()


def _closing(text: str, at: int) -> int | None:
    """The offset at which the value that opens at `at` closes, or None.

    Escaped braces count only when the value does not close without them, although BibTeX always counts them.
    """
    for tokens in (rf"\\.|[{{}}]|{_QUOTE}", rf"[{{}}]|{_QUOTE}"):
        depth = 0
        for match in re.compile(tokens, re.S).finditer(text, at + 1):
            if match[0] == "{":
                depth += 1
            elif depth == 0 and match[0] == ("}" if text[at] == "{" else '"'):
                return match.start()
            elif match[0] == "}":
                depth -= 1
                if depth < 0:
                    break
    # Braces that do not balance between quotes, as in `"by 15{{\\%}."`, do not hide where the value ends.
    end = _LAST_QUOTE.search(text, at + 1) if text[at] == '"' else None
    return end.start() if end else None
