"""Reads BibTeX entry by entry, so that a broken entry costs only itself and is reported with its line.

bibtexparser 2.1 keeps 8 of 15 kinds of faulty entries where this keeps 11, as fast (1.1 s of processor time for 5,000
entries), but holds the whole file in memory, 5.6 times its size. `python -m eval.bibtex_readers` measures it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from assistant.documents.latex import decode
from assistant.documents.record import paper_or_failure, to_paper
from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.errors import DocumentError
from assistant.types import Item, Paper

_START = re.compile(r"\s*@\s*([A-Za-z]+)\s*[{(]")
_NEXT = re.compile(r"(?<=[})])\s*(?=@\s*[A-Za-z]+\s*\{[^\s{},]+\s*,)")
_FIELD = re.compile(r"[\s,]*([^\s=,{}\"#()]+(?:[ \t]+[^\s=,{}\"#()]+)*)\s*=\s*")
"""A field's name, which in Scopus' exports may hold a space: `funding_text 1={`."""
_QUOTE = r'"(?=\s*(?:[,#})]|[\w-]+\s*=|$))'
"""A quote that can end a value, by what follows it; `"A "b" c"` holds two that cannot."""
_LAST_QUOTE = re.compile(r'"\s*(?:,\s*[\w-]+\s*=|,?\s*[})]\s*$)', re.M)
"""The quote before the next field, or before the end of the entry."""
_ATOM = re.compile(r"[^\s,{}\"#()=]+")
_DECODED = (
    "title", "abstract", "note", "journal", "journaltitle", "booktitle", "keywords", "categories", "type", "language", "langid",
)  # fmt: skip
_UNSTATED = ("misc", "string")
"""Types of entries that say nothing about a publication."""


def recognizes(head: str) -> bool:
    """Whether the text contains the first line of an entry."""
    return re.search(r"^\s*@\s*[A-Za-z]+\s*[{(]\s*[^\s,{}]+\s*(?:,|$|=)", head, re.M) is not None


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per entry; comments, preambles and text between entries are skipped."""
    for line, key, record in _records(source):
        if isinstance(record, str):
            yield source.failure(f"{key}: {record}" if key else record, line)
        else:
            yield paper_or_failure({**decoded(record), "citekey": key}, source, line, f"{key}: " if key else "")


def keyed(source: Source) -> Iterator[tuple[str, Paper]]:
    """The key and the paper of each entry that has a title; the title stands for an abstract where there is none."""
    for _, key, record in _records(source):
        if not isinstance(record, str) and key and "title" in record:
            with contextlib.suppress(DocumentError):
                yield key, to_paper(decoded({"abstract": record["title"], **record}), source.name)


def _records(source: Source) -> Iterator[tuple[int, str, dict[str, str] | str]]:
    """The line, the key and the fields of each entry, or in their place the reason why it cannot be read."""
    macros: dict[str, str] = {}
    for line, text in _entries(source):
        if text is None:
            yield line, "", TOO_LONG
            continue
        match = _START.match(text)
        kind = match[1].lower() if match else "comment"
        if match is None or kind in ("comment", "preamble"):
            continue
        named = re.match(r"\s*([^\s,{}=]+)\s*,", text[match.end() :])
        key = named[1] if named else ""
        try:
            record = _fields(text, match.end(), macros, kind == "string")
        except DocumentError as error:
            yield line, key, str(error)
            continue
        if kind == "string":
            macros.update(record)
        else:
            if kind not in _UNSTATED:
                record.setdefault("entrytype", kind)
            yield line, key, record


def _entries(source: Source) -> Iterator[tuple[int, str | None]]:
    """The line of each `@` and the text from there to the next one, or None where that text is too long."""
    start, parts, size = 1, list[str](), 0
    for number, line in source.lines():
        if line is None:
            yield number, None
            continue
        for piece in _NEXT.split(line):
            if _START.match(piece):
                yield start, "".join(parts)
                start, parts, size = number, [], 0
            size += len(piece)
            if size > RECORD_LIMIT:
                yield start, None
                parts, size = [], 0
            parts.append(piece)
    yield start, "".join(parts)


def _fields(text: str, at: int, macros: dict[str, str], bare: bool) -> dict[str, str]:
    """The fields of an entry whose body begins at `at`, with a key unless `bare`. Raises DocumentError at a fault."""
    if not bare:
        key = re.compile(r"[^,{}=]*").match(text, at)
        at = key.end() if key and text[key.end() : key.end() + 1] in (",", "}") else at
    record: dict[str, str] = {}
    while match := _FIELD.match(text, at):
        value, at = _value(text, match.end(), macros, match[1])
        record.setdefault(match[1].lower(), value)
    rest = text[at:].lstrip(" \t\n,")
    if not rest.startswith(("}", ")")):
        raise DocumentError(
            "the entry is cut off or a brace is missing"
            if not rest
            else f"cannot be read from '{' '.join(rest[:30].split())}' on; is a comma or a brace missing?"
        )
    return record


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


def decoded(fields: dict[str, str]) -> dict[str, object]:
    """An entry's fields with their LaTeX and braces resolved; `author` becomes a list."""
    record: dict[str, object] = {
        name: decode(value) if name in _DECODED else value.strip("{} \n") for name, value in fields.items()
    }
    if "author" in fields:
        record["author"] = [_author(author) for author in _authors(fields["author"])]
    return record


def _authors(value: str) -> list[str]:
    """The names in `value`: in BibTeX only an "and" outside braces separates authors, and a comma is part of a name."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"\\.|[{}]|\s+and(?=\s)", value):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth == 0 and match[0].endswith("and"):
            parts.append(value[start : match.start()])
            start = match.end()
    return [part.strip() for part in (*parts, value[start:])]


def _author(name: str) -> str | dict[str, str]:
    """The decoded name; one in braces is an institution or has a comma of its own, and is not split."""
    whole = re.fullmatch(r"\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}", name)
    return {"literal": decode(whole[1])} if whole and ("," in name or " and " in name) else decode(name)
