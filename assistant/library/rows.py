"""The rows of the library's papers: their schema, and how papers are written and read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields

from assistant.errors import LibraryError
from assistant.extraction.fact import Fact
from assistant.library.word_store import PaperWords
from assistant.types import Chunk, Paper, Vectors

SCHEMA_VERSION = 4
"""1: papers alone; 2: with answers, conversations and the answer cache; 3: papers have a venue; 4: and further names. Tables that only speed things up do not count."""
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
_FIELDS = tuple(f.name for f in fields(Paper))
_LISTS = {f.name for f in fields(Paper) if f.default == ()}


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """A stored paper, with the keys and hashes that a further record of it is compared with."""

    paper: Paper
    title_key: str
    text_hash: str
    """Hash of title and abstract."""
    variants: frozenset[str] = frozenset()
    """Hashes of the other versions of its text that were merged into it."""
    digests: frozenset[bytes] = frozenset()
    """Digests of the records that were merged into it since it was read from the store."""

    @property
    def paper_id(self) -> str:
        return self.paper.paper_id


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper that is ready to be stored, with its chunks and one vector per chunk."""

    stored: StoredPaper
    signature: str
    """Names embedder and chunker: vectors of different signatures cannot be compared."""
    chunks: tuple[Chunk, ...]
    vectors: Vectors
    replaces: tuple[str, ...] = ()
    """Ids under which the same paper was stored before a better id became known, or before its copies were seen to be one paper."""
    words: PaperWords | None = None
    """None where the embedder gives no words."""
    facts: tuple[Fact, ...] | None = None
    """What the paper states, with spans; None where it was not read."""


def record_digest(record: Paper) -> bytes:
    """A hash of 16 bytes over everything in a record, its source included."""
    return hashlib.blake2b(repr(record).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def variants_text(stored: StoredPaper) -> str:
    """The hashes of merged versions, as they are stored."""
    return json.dumps(sorted(stored.variants))


def record_text(paper: Paper) -> str:
    """A paper as it is stored: the fields that it has."""
    values = {name: value for name in _FIELDS if (value := getattr(paper, name)) not in (None, ())}
    return json.dumps(values, ensure_ascii=False)


def read_paper(record: object) -> Paper:
    """The paper of a stored record. Raises LibraryError for a record that cannot be read."""
    with _damage_reported():
        values = json.loads(str(record))
        for name in _LISTS & values.keys():
            values[name] = tuple(values[name])
        return Paper(**values)


def read_variants(variants: object) -> frozenset[str]:
    """The stored hashes of merged versions. Raises LibraryError when they cannot be read."""
    with _damage_reported():
        return frozenset(json.loads(str(variants)))


@contextmanager
def _damage_reported() -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError) as error:
        raise LibraryError(
            f"a stored paper is damaged ({error}); restore library.sqlite3 from a backup, or move it away with the "
            "folder index and index the files again"
        ) from error
