"""Two checksums per paper, one of its record and one of its chunks.

SQLite has none for the content of its rows, so it would read a changed byte in a text or a vector as if it had been
written that way.
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
_CHUNKS = '(SELECT total(checksum(c.ordinal, c.start, c."end", c.text, c.vector)) FROM chunks c WHERE c.paper_id = p.paper_id)'


def update(db: Database, paper_ids: Iterable[str]) -> None:
    """Stores the checksums of these papers as they are now, inside the caller's transaction."""
    sql = f"INSERT OR REPLACE INTO checks SELECT p.paper_id, {_RECORD}, {_CHUNKS} FROM papers p WHERE p.paper_id = ?"  # noqa: S608 - constants
    db.execute_many(sql, [(paper_id,) for paper_id in paper_ids])


def changed(db: Database, limit: int) -> list[str]:
    """Ids of at most `limit` papers that differ from what was stored; those of earlier releases have no checksum.

    Raises LibraryError when a row cannot be read at all.
    """
    if db.one("SELECT 1 FROM sqlite_master WHERE name = 'checks'") is None:
        return []  # a read-only file of an earlier release
    sql = (
        "SELECT p.paper_id FROM papers p JOIN checks k USING (paper_id) "  # noqa: S608 - constants
        f"WHERE k.record <> {_RECORD} OR k.windows <> {_CHUNKS} LIMIT ?"
    )
    return [str(paper_id) for (paper_id,) in db.rows(sql, (limit,))]


def checksum(*values: object) -> int:
    """CRC-32 of all values and the boundaries between them; the statements here call it as an SQL function."""
    crc = 0
    for value in values:
        crc = crc32(value if isinstance(value, bytes) else str(value).encode(), crc32(b"\0", crc))
    return crc
