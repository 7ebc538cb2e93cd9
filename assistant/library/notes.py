"""The library's notes, a value under each key: its layout, its revision, its fingerprint, and what other parts leave there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.errors import LibraryError
from assistant.library.database import Database


class Notes:
    """The table `meta`; what writes to it runs inside the caller's transaction."""

    def __init__(self, db: Database, path: Path) -> None:
        """`path` is that of the library's file, for messages."""
        self._db = db
        self._path = path

    @property
    def revision(self) -> int:
        """Number of committed changes; 0 for an empty library."""
        return self._number("revision", 0)

    @property
    def fingerprint(self) -> str:
        """16 hex digits that depend only on the papers and their text."""
        return self.get("fingerprint") or "0" * 16

    def get(self, key: str) -> str | None:
        """The note under this key, or None."""
        row = self._db.one("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else str(row[0])

    def set(self, key: str, value: str) -> None:
        """Writes a note, in place of an earlier one."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def settle_schema(self, current: int, steps: Mapping[int, Callable[[], None]]) -> None:
        """Brings the file to the layout `current`; `steps` fill in what each layout added, where that is more than tables.

        Raises LibraryError for a file of a newer layout.
        """
        version = self._number("schema", current)
        if version > current:
            raise LibraryError(f"{self._path} was written by a newer release (layout {version}); update this package")
        if self.get("schema") != str(current) and not self._db.read_only:
            with self._db.transaction():
                for number in range(self._number("schema", current) + 1, current + 1):
                    if number in steps:
                        steps[number]()
                self.set("schema", str(current))

    def advance(self) -> int:
        """Raises the revision by one and returns it."""
        revision = self.revision + 1
        self.set("revision", str(revision))
        return revision

    def toggle_fingerprint(self, paper_id: str, text_hash: str) -> None:
        """Takes a paper into the fingerprint, or out of it.

        The fingerprint is the XOR of one hash per paper: it does not depend on the order in which papers are added, and
        is cheap to update.
        """
        digest = hashlib.sha256(f"{paper_id}\n{text_hash}".encode()).hexdigest()[:16]
        self.set("fingerprint", f"{int(self.fingerprint, 16) ^ int(digest, 16):016x}")

    def _number(self, key: str, default: int) -> int:
        value = self.get(key)
        try:
            return default if value is None else int(value)
        except ValueError:
            raise LibraryError(f"{self._path} is damaged ({key} {value!r}); restore it from a backup") from None
