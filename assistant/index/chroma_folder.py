"""Opens a Chroma folder, and brings it into a state that later openings leave unchanged except for a few known bytes.

Chroma does part of its work when a folder is next opened: it removes from its log the records that are in the vector
files, and each opening writes a row.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant.index.checksums import Ranges

_DATABASE = "chroma.sqlite3"
_WRITTEN_AT_OPENING = "acquire_write"
"""The table into which Chroma inserts a row at each opening, to get SQLite's write lock."""
_HEADER = [(24, 32), (92, 100)]
"""Counters of changes and pages in a database's first page (https://sqlite.org/fileformat2.html, section 1.3)."""


def open_client(folder: Path) -> Any:
    """A client of the Chroma database in `folder`, which is created when it is not there."""
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False))


def query_once(collection: Any) -> None:
    """Runs a query, at the first of which Chroma empties its log and loads its graph."""
    vectors = collection.peek(1)["embeddings"]
    if len(vectors):
        collection.query(query_embeddings=[vectors[0]], n_results=1, include=[])


def settle(folder: Path, collection: str) -> tuple[set[str], dict[str, Ranges]]:
    """Lets Chroma finish a filled folder; returns the names of files that hold nothing, and the bytes that each
    opening will change, by the file's name. Raises whatever Chroma or SQLite raises."""
    client = open_client(folder)
    try:
        query_once(client.get_collection(collection, embedding_function=None))
    finally:
        client.close()
    with closing(sqlite3.connect(folder / _DATABASE, isolation_level=None)) as db:
        db.execute(f"DELETE FROM {_WRITTEN_AT_OPENING}")  # noqa: S608 - a constant
        # Then new rows go to the end of the file, and never to pages within it.
        db.execute("VACUUM")
        (page,) = db.execute("PRAGMA page_size").fetchone()
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (_WRITTEN_AT_OPENING,)).fetchone()
    changing = [*_HEADER, ((root - 1) * page, root * page)]
    # Vector files without their map of ids are empty still: Chroma makes them again from its log.
    unfilled = {p.name for p in folder.glob("*/*.bin") if not (p.parent / "index_metadata.pickle").exists()}
    return unfilled, {_DATABASE: changing}
