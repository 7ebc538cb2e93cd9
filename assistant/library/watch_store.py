"""The tables of the library's file for standing questions, what they found last, and how that changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.library.database import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS watches (
    watch_id TEXT PRIMARY KEY,
    created TEXT NOT NULL,
    ran TEXT NOT NULL,
    revision INTEGER NOT NULL,
    question TEXT NOT NULL,
    found TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS watch_changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    watch_id TEXT NOT NULL REFERENCES watches ON DELETE CASCADE,
    created TEXT NOT NULL,
    change TEXT NOT NULL
);
"""
_WATCH = "watch_id, created, ran, revision, question, found"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A standing question; documents are plain JSON."""

    watch_id: str
    created: str
    """ISO 8601, UTC."""
    ran: str
    """When it was asked last."""
    revision: int
    """The library's revision up to which it has read."""
    question: Document
    found: list[Document]


class WatchStore:
    """Reads and writes the standing questions in a library's file."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> list[WatchRow]:
        """All standing questions, oldest first."""
        if not self._exists():
            return []
        rows = self._db.rows(f"SELECT {_WATCH} FROM watches ORDER BY created, watch_id")  # noqa: S608 - a constant
        return [WatchRow(i, made, ran, at, json.loads(q), json.loads(f)) for i, made, ran, at, q, f in rows]

    def add(self, row: WatchRow) -> None:
        """Stores a new standing question. Raises LibraryError."""
        values = (row.watch_id, row.created, row.ran, row.revision, _text(row.question), _text(row.found))
        with self._db.transaction():
            self._db.execute(f"INSERT INTO watches ({_WATCH}) VALUES (?, ?, ?, ?, ?, ?)", values)  # noqa: S608 - as above

    def advance(self, before: WatchRow, revision: int, found: list[Document], created: str, change: Document) -> bool:
        """Stores what a run found and, if it is not empty, the change, both or neither.

        False, storing nothing, where another run was faster or the question is gone. Raises LibraryError.
        """
        with self._db.transaction():
            moved = self._db.execute(
                "UPDATE watches SET revision = ?, ran = ?, found = ? WHERE watch_id = ? AND revision = ?",
                (revision, created, _text(found), before.watch_id, before.revision),
            )
            if moved and change:
                row = (before.watch_id, created, _text(change))
                self._db.execute("INSERT INTO watch_changes (watch_id, created, change) VALUES (?, ?, ?)", row)
        return moved > 0

    def changes(self) -> Iterator[tuple[int, str, str, Document]]:
        """Number, watch id, time and document of every change, newest first."""
        if self._exists():
            rows = self._db.rows("SELECT number, watch_id, created, change FROM watch_changes ORDER BY number DESC")
            yield from ((number, watch_id, created, json.loads(text)) for number, watch_id, created, text in rows)

    def remove(self, watch_id: str) -> bool:
        """Removes a standing question with its changes; False when there is none."""
        with self._db.transaction():
            return self._db.execute("DELETE FROM watches WHERE watch_id = ?", (watch_id,)) > 0

    def _exists(self) -> bool:
        """False in a file of an earlier release that cannot be written."""
        return self._db.one("SELECT 1 FROM sqlite_master WHERE name = 'watches'") is not None


def _text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True)
