"""A set of ids that may outgrow the memory: SQLite keeps it in a temporary file of its own.

Knows nothing about what the ids stand for.
"""

from __future__ import annotations

import sqlite3


class SeenIds:
    """Grows by `add` and answers `in`; some microseconds each, and a few megabytes whatever it holds."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # an empty name: a file that is gone when it is closed
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("CREATE TABLE seen (id TEXT PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def add(self, identifier: str) -> bool:
        """Puts the id in; True when it was there before."""
        return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (identifier,)).rowcount == 0

    def __contains__(self, identifier: str) -> bool:
        return self._db.execute("SELECT 1 FROM seen WHERE id = ?", (identifier,)).fetchone() is not None

    def close(self) -> None:
        """Frees the file."""
        self._db.close()
