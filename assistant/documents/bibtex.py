"""Reads BibTeX entry by entry, so that a broken entry costs only itself and is reported with its line.

bibtexparser 2 keeps 8 of 15 kinds of faulty entries where this keeps 12, about as fast (1.5 s of processor time for 5,000
entries against 1.3), but holds the whole file in memory, 5.6 times its size: `python -m eval.bibtex_readers FOLDER`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from assistant.documents.bibtex_entry import Entry, parse_fields
from assistant.documents.bibtex_values import decoded
from assistant.documents.record import paper_or_failure, to_paper
from assistant.documents.source import RECORD_LIMIT, TOO_LONG, Source
from assistant.errors import DocumentError
from assistant.types import Item, Paper

_START = re.compile(r"\s*@\s*([A-Za-z]+)\s*[{(]")
_NEXT = re.compile(r"(?<=[})])\s*(?=@\s*[A-Za-z]+\s*\{[^\s{},]+\s*,)")
_PARENTS = ("proceedings", "mvproceedings", "book", "mvbook", "collection", "mvcollection", "periodical")
_NO_PAPERS = ("xdata", "set")
"""What biblatex has beside publications: fields that several entries share, and lists of entries."""
_UNSTATED = ("misc", "string")
"""Types of entries that say nothing about a publication."""


def recognizes(head: str) -> bool:
    """Whether the text contains the first line of an entry."""
    return re.search(r"^[^\S\n]*@\s*[A-Za-z]+\s*[{(]\s*[^\s,{}]+\s*(?:,|$|=)", head, re.M) is not None


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per entry; comments, preambles and text between entries are skipped."""
    parents: dict[str, dict[str, str]] | None = None
    for line, key, entry in _records(source):
        where = f"{key}: " if key else ""
        if isinstance(entry, str):
            yield source.failure(where + entry, line)
            continue
        if entry.fields.get("entrytype") in _NO_PAPERS:
            continue
        for parent in (entry.fields.get("crossref"), *re.split(r"\s*,\s*", entry.fields.get("xdata", ""))):
            if parent:
                parents = _parents(source) if parents is None else parents
                entry.fields = {**parents.get(parent.lower(), {}), **entry.fields}
        item = paper_or_failure({**decoded(entry.fields), "citekey": key}, source, line, where)
        yield item
        if isinstance(item, Paper):
            yield from (source.notice(f"{where}a field was left out: {fault}", line) for fault in entry.faults)


def _parents(source: Source) -> dict[str, dict[str, str]]:
    """What the entries of proceedings and books hand down to those that refer to them, by key in lower case."""
    found = dict[str, dict[str, str]]()
    for _, key, entry in _records(source):
        if not isinstance(entry, str) and key and entry.fields.get("entrytype") in _PARENTS:
            handed: dict[str, str] = {
                name: entry.fields[name] for name in ("year", "date", "month") if name in entry.fields
            }
            title = entry.fields.get("booktitle") or entry.fields.get("title") or ""
            found[key.lower()] = handed | {"booktitle": title}
        elif not isinstance(entry, str) and key and entry.fields.get("entrytype") == "xdata":
            found[key.lower()] = {name: value for name, value in entry.fields.items() if name != "entrytype"}
    return found


def keyed(source: Source) -> Iterator[tuple[str, Paper]]:
    """The key and the paper of each entry that has a title; the title stands for an abstract where there is none."""
    for _, key, entry in _records(source):
        if not isinstance(entry, str) and key and "title" in entry.fields:
            with contextlib.suppress(DocumentError):
                yield key, to_paper(decoded({"abstract": entry.fields["title"], **entry.fields}), source.name)


def _records(source: Source) -> Iterator[tuple[int, str, Entry | str]]:
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
            entry = parse_fields(text, match.end(), macros, kind == "string")
        except DocumentError as error:
            yield line, key, str(error)
            continue
        if kind == "string":
            macros.update(entry.fields)
        else:
            if kind not in _UNSTATED:
                entry.fields.setdefault("entrytype", kind)
            yield line, key, entry


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
