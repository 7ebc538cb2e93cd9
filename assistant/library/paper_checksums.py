"""A checksum a paper and one for its windows: SQLite has none for what its rows hold, so that a changed byte in a text or
a vector would be read as if it had been written so. Knows nothing about what the columns mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

from assistant.library.database import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS checks (
    paper_id TEXT PRIMARY KEY REFERENCES papers ON DELETE CASCADE,
    record INTEGER NOT NULL,
    windows INTEGER NOT NULL
) WITHOUT ROWID;
"""
_RECORD = "checksum(p.title_key, p.text_hash, p.signature, p.year, p.record, p.variants)"
_WINDOWS = '(SELECT total(checksum(c.ordinal, c.start, c."end", c.text, c.vector)) FROM chunks c WHERE c.paper_id = p.paper_id)'


def install(db: Database) -> None:
    """Gives SQLite the function that the statements here use."""
    db.define("checksum", _checksum)


def note(db: Database, paper_ids: Iterable[str]) -> None:
    """Keeps the checksums of papers as they stand now; inside the caller's transaction."""
    sql = f"INSERT OR REPLACE INTO checks SELECT p.paper_id, {_RECORD}, {_WINDOWS} FROM papers p WHERE p.paper_id = ?"  # noqa: S608 - constants
    db.execute_many(sql, [(paper_id,) for paper_id in paper_ids])


def changed(db: Database, most: int) -> list[str]:
    """Ids of at most so many papers that are not as they were stored; those of earlier releases have no checksum.

    Raises LibraryError where a row cannot be read at all.
    """
    if db.one("SELECT 1 FROM sqlite_master WHERE name = 'checks'") is None:  # an earlier release's, read-only
        return []
    sql = (
        "SELECT p.paper_id FROM papers p JOIN checks k USING (paper_id) "  # noqa: S608 - constants
        f"WHERE k.record <> {_RECORD} OR k.windows <> {_WINDOWS} LIMIT ?"
    )
    return [str(paper_id) for (paper_id,) in db.rows(sql, (most,))]


def _checksum(*values: object) -> int:
    """CRC-32 of all values, their borders included."""
    crc = 0
    for value in values:
        crc = crc32(value if isinstance(value, bytes) else str(value).encode(), crc32(b"\0", crc))
    return crc
