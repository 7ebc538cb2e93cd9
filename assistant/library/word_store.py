"""The table of the library's file for the word vectors of its papers.

They can be made again from the papers at any time, so a row that is missing or damaged costs only a little of the
ranking until the next `assistant index`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.embeddings import word_states
from assistant.library.database import Database, marks

SCHEMA = """
CREATE TABLE IF NOT EXISTS words (
    paper_id TEXT NOT NULL REFERENCES papers ON DELETE CASCADE,
    format INTEGER NOT NULL,
    count INTEGER NOT NULL,
    vectors BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (paper_id, format)
);
"""
_CHECKSUM = "checksum(paper_id, format, count, vectors)"


@dataclass(frozen=True, slots=True)
class PaperWords:
    """The word vectors of one paper."""

    count: int
    """Words of its title and abstract, repeated ones and stop words included."""
    packed: bytes
    """One vector per distinct word, as `word_states.pack` gives them."""


class WordStore:
    """Reads and writes the word vectors in a library's file."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, paper_ids: Sequence[str]) -> dict[str, PaperWords]:
        """The words of those of these papers (a few hundred at most) that have any, and undamaged ones."""
        if not self._exists():
            return {}
        sql = (
            f"SELECT paper_id, count, vectors FROM words WHERE paper_id IN ({marks(paper_ids)}) AND format = ? "  # noqa: S608 - only question marks are formatted in
            f"AND checksum = {_CHECKSUM}"
        )
        return {i: PaperWords(*row) for i, *row in self._db.rows(sql, [*paper_ids, word_states.FORMAT])}

    def lacking(self) -> list[str]:
        """Ids of the papers without words, sorted."""
        sql = (
            "SELECT paper_id FROM papers p WHERE NOT EXISTS "
            "(SELECT 1 FROM words w WHERE w.paper_id = p.paper_id AND format = ?) ORDER BY paper_id"
        )
        return [str(i) for (i,) in self._db.rows(sql, [word_states.FORMAT])]

    def put(self, words: Mapping[str, PaperWords]) -> None:
        """Stores the words of papers, all or none. Raises LibraryError."""
        with self._db.transaction():
            self.insert(words)

    def insert(self, words: Mapping[str, PaperWords]) -> None:
        """Stores the words of papers inside the caller's transaction; those of papers that are gone are left out."""
        self._db.execute_many("DELETE FROM words WHERE paper_id = ?", [(i,) for i in words])
        self._db.execute_many(
            "INSERT INTO words SELECT ?1, ?2, ?3, ?4, checksum(?1, ?2, ?3, ?4) FROM papers WHERE paper_id = ?1",
            [(i, word_states.FORMAT, w.count, w.packed) for i, w in words.items()],
        )

    def count(self) -> int:
        """Number of papers that have words."""
        row = (
            self._db.one("SELECT count(*) FROM words WHERE format = ?", [word_states.FORMAT])
            if self._exists()
            else None
        )
        return int(row[0]) if row else 0

    def remove_damaged(self) -> int:
        """Removes rows that are not as they were stored; returns how many there were."""
        with self._db.transaction():
            return self._db.execute(f"DELETE FROM words WHERE checksum <> {_CHECKSUM}")  # noqa: S608 - constants

    def damaged(self) -> int:
        """Number of rows that are not as they were stored."""
        sql = f"SELECT count(*) FROM words WHERE checksum <> {_CHECKSUM}"  # noqa: S608 - constants
        row = self._db.one(sql) if self._exists() else None
        return int(row[0]) if row else 0

    def _exists(self) -> bool:
        """False in a file of an earlier release that cannot be written."""
        return self._db.one("SELECT 1 FROM sqlite_master WHERE name = 'words'") is not None
