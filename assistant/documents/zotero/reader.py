"""Reads a database of Zotero item by item, from a copy in a temporary folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.documents import fields
from assistant.documents.clean import shorten
from assistant.documents.record import to_paper
from assistant.documents.source import TOO_LONG, Source
from assistant.documents.zotero import items, snapshot
from assistant.documents.zotero.locate import BETTER_BIBTEX, DATABASE, NAME, other_databases, source_name
from assistant.documents.zotero.record import link, to_record
from assistant.errors import DocumentError
from assistant.types import Complete, Failure, Item, Paper

_SUFFIXES = (".sqlite", ".sqlite3", ".db", ".bak")
_SHORT = 100
"""Characters of an abstract that may be no more than a remark such as `No abstract available`."""


def recognizes(path: Path) -> bool:
    """Whether the file may be a database of Zotero: it has its name, or is any SQLite database."""
    return path.name == DATABASE or (path.suffix.lower() in _SUFFIXES and snapshot.is_sqlite(path))


def read(source: Source) -> Iterator[Item]:
    """One paper or failure per item that has an abstract, and at the end a `Complete`.

    Raises DocumentError for a file that is no database of Zotero, or a damaged or empty one.
    """
    if not snapshot.is_sqlite(source.path):
        raise DocumentError(
            "not a Zotero database, or an encrypted or damaged one: it does not begin as SQLite files do"
        )
    name = source_name(source.path)
    with TemporaryDirectory(prefix="assistant-zotero-", ignore_cleanup_errors=True) as folder:
        copied = snapshot.copy(source.path, Path(folder), items.TABLES)
        with closing(snapshot.open_copy(copied)) as db:
            try:
                items.prepare(db)
                yield from _citekeys(db, source, Path(folder))
                yield from _items(db, source, name)
            except sqlite3.DatabaseError as error:
                raise DocumentError(
                    f"the database is damaged ({error}); restore a backup, such as zotero.sqlite.bak"
                ) from error
    for path in other_databases() if name == NAME else ():
        yield source.notice(f"another Zotero library is at {path.parent}; read it with zotero:{path.parent}")


def _items(db: sqlite3.Connection, source: Source, name: str) -> Iterator[Item]:
    total, read, bare = items.count(db), 0, 0
    if not total:
        raise DocumentError("the Zotero library holds no items; nothing was read, and nothing removed")
    for done, item in enumerate(items.items(db), 1):
        if _has_abstract(item):
            found = _paper(item, f"{name}:{item.group}" if item.group else name)
            read += isinstance(found, Paper)
            yield found
        else:
            bare += 1
        source.advance(done / total)
    without = f"; {bare:,} more without an abstract" if bare else ""
    count = f"{read:,} item{'' if read == 1 else 's'}"
    yield Complete(name, source.label, f"read from Zotero: {count}{without}")


def _has_abstract(item: items.ZoteroItem) -> bool:
    """Whether there is one; translators also write that there is none."""
    text = item.fields.get("abstractNote", "")
    if len(text) > _SHORT:
        return True
    try:
        return bool(fields.abstract({"abstract": text}))
    except DocumentError:
        return False


def _paper(item: items.ZoteroItem, name: str) -> Paper | Failure:
    record = to_record(item)
    try:
        if item.too_long:
            raise DocumentError(TOO_LONG)
        return to_paper(record, name)
    except DocumentError as error:
        title = record["title"]
        return Failure(link(item), None, str(error), shorten(title) if isinstance(title, str) else None)


def _citekeys(db: sqlite3.Connection, source: Source, folder: Path) -> Iterator[Item]:
    """Adds Better BibTeX's citekeys, where it keeps a database; the items are read without it as well."""
    path = source.path.with_name(BETTER_BIBTEX)
    if not path.is_file():
        return
    try:
        items.add_citekeys(db, str(snapshot.copy(path, folder, ("citationkey",))))
    except (DocumentError, sqlite3.DatabaseError, OSError) as error:
        yield source.notice(f"the citekeys in {BETTER_BIBTEX} were not read ({error})")
