"""What the store keeps of a paper, and how it is written into a row. Knows nothing about the database."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from assistant.errors import LibraryError
from assistant.types import Chunk, Paper, Vectors

SCHEMA_VERSION = 2
"""1: papers alone; 2: answers, conversations and the cache beside them. Tables that only make things faster count not."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS papers (
    paper_id TEXT PRIMARY KEY,
    title_key TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    signature TEXT NOT NULL,
    revision INTEGER NOT NULL,
    year INTEGER,
    record TEXT NOT NULL,
    variants TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS papers_title ON papers (title_key);
CREATE INDEX IF NOT EXISTS papers_revision ON papers (revision);
CREATE INDEX IF NOT EXISTS papers_year ON papers (year);
CREATE INDEX IF NOT EXISTS papers_signature ON papers (signature);
CREATE TABLE IF NOT EXISTS chunks (
    paper_id TEXT NOT NULL REFERENCES papers ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (paper_id, ordinal)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS merged (
    digest BLOB PRIMARY KEY,
    paper_id TEXT NOT NULL,
    revision INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deleted (paper_id TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A paper as it is stored, with what decides whether a record of it is news."""

    paper: Paper
    title_key: str
    text_hash: str
    """Of title and abstract."""
    variants: frozenset[str] = frozenset()
    """Hashes of other versions of its text that were merged into it."""
    digests: frozenset[bytes] = frozenset()
    """Of the records that went into it since it was stored."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper ready to be stored: with its chunks, one vector row a chunk, and what made them."""

    known: Known
    signature: str
    """Names embedder and chunker: vectors of different signatures cannot be compared."""
    chunks: tuple[Chunk, ...]
    vectors: Vectors
    replaces: str | None = None
    """Id under which the same paper was stored before, when a better id became known."""


def digest(record: Paper) -> bytes:
    """16 bytes that stand for everything that a record says, its source included."""
    return hashlib.blake2b(repr(record).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def variants_text(known: Known) -> str:
    """The hashes of merged versions, as they are stored."""
    return json.dumps(sorted(known.variants))


def record_text(paper: Paper) -> str:
    """A paper as it is stored."""
    return json.dumps(paper.to_dict(), ensure_ascii=False)


def read_paper(record: object) -> Paper:
    """The paper behind a stored record. Raises LibraryError for one that cannot be read."""
    try:
        values = json.loads(str(record))
        for name in ("authors", "categories", "sources"):
            values[name] = tuple(values[name])
        return Paper(**values)
    except (ValueError, KeyError, TypeError) as error:
        raise LibraryError(
            f"a stored paper is damaged ({error}); restore library.sqlite3 from a backup, or move it away with the "
            "folder index and index the files again"
        ) from error
