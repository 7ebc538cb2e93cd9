"""The library on disk: papers, chunks, vectors and answers in one SQLite file. Everything else can be rebuilt from it.

Every committed change raises `revision`, and each paper carries the revision of its last change, so that a derived
index can catch up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.documents.identity import title_key
from assistant.errors import LibraryError
from assistant.library import answer_store, arrivals, fact_store, identities, paper_checksums, watch_store, word_store
from assistant.library.database import Database, marks
from assistant.library.editorial import name_papers
from assistant.library.notes import Notes
from assistant.library.records import Records
from assistant.library.rows import (
    SCHEMA,
    SCHEMA_VERSION,
    Entry,
    StoredPaper,
    read_paper,
    record_text,
    variants_text,
)
from assistant.library.selection import define_functions, selection
from assistant.types import Chunk, Filters, Paper, Vectors

_OTHER_TABLES = "".join(
    part.SCHEMA for part in (paper_checksums, identities, answer_store, word_store, arrivals, fact_store, watch_store)
)
_IDS_PER_QUERY = 500
_NAMED = 5
"""Damaged papers that are listed by id."""


class Store:
    """One library file, safe to use from several threads; writers first take the lock (`Library.writing`)."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Opens or creates the file. Raises LibraryError when it cannot be read, or was written by a newer release."""
        self._db = Database(path, SCHEMA + _OTHER_TABLES, create=create)
        self._path = path
        self._db.define("checksum", paper_checksums.checksum)
        self.answers = answer_store.AnswerStore(self._db)
        self.words = word_store.WordStore(self._db)
        self.arrivals = arrivals.Arrivals(self._db)
        self.facts = fact_store.FactStore(self._db)
        self.records = Records(self._db)
        self.identities = identities.Identities(self._db)
        define_functions(self._db)
        self.watches = watch_store.WatchStore(self._db)
        self._notes = Notes(self._db, path)
        self._notes.settle_schema(SCHEMA_VERSION, {4: lambda: name_papers(self)})

    def close(self) -> None:
        """Releases the file."""
        self._db.close()

    @property
    def read_only(self) -> bool:
        """True where the file or its folder cannot be written."""
        return self._db.read_only

    # -- reading ---------------------------------------------------------------------------------------------------

    @property
    def revision(self) -> int:
        """Number of committed changes; 0 for an empty library."""
        return self._notes.revision

    @property
    def fingerprint(self) -> str:
        """16 hex digits that depend only on the papers and their text."""
        return self._notes.fingerprint

    def get(self, key: str) -> str | None:
        """The library's note under this key, or None."""
        return self._notes.get(key)

    def damage(self) -> str:
        """A description of damage found by SQLite's own check or the papers' checksums; empty when the file is sound."""
        try:
            row = self._db.one("PRAGMA quick_check(1)")
            if row != ("ok",):
                return f"{self._path}: {row[0] if row else 'unreadable'}"
            changed = paper_checksums.changed(self._db, _NAMED)
        except LibraryError as error:
            return str(error)
        return f"{self._path}: not as they were stored: {', '.join(changed)}" if changed else ""

    def count(self) -> int:
        """Number of papers."""
        row = self._db.one("SELECT count(*) FROM papers")
        return int(row[0]) if row else 0

    def count_chunks(self) -> int:
        """Number of chunks, each with one vector."""
        row = self._db.one("SELECT count(*) FROM chunks")
        return int(row[0]) if row else 0

    def every_paper(self) -> Iterator[Paper]:
        """All papers, ordered by id, which is their order in the file."""
        for (record,) in self._db.rows("SELECT record FROM papers ORDER BY paper_id"):
            yield read_paper(record)

    def papers(self, paper_ids: Sequence[str] | None = None) -> Iterator[Paper]:
        """All papers ordered by title, or those with the given ids in the given order; unknown ids are skipped."""
        if paper_ids is None:
            for (record,) in self._db.rows("SELECT record FROM papers ORDER BY title_key, paper_id"):
                yield read_paper(record)
            return
        for part in _slices(paper_ids):  # so that memory does not grow with the number of papers
            papers = (read_paper(record) for (record,) in self._of_papers("SELECT record FROM papers", part))
            found = {paper.paper_id: paper for paper in papers}
            yield from (found[i] for i in part if i in found)

    def titles(self, paper_ids: Sequence[str]) -> dict[str, str]:
        """Paper id -> title; unknown ids are skipped."""
        return dict(self._of_papers("SELECT paper_id, json_extract(record, '$.title') FROM papers", paper_ids))

    def years(self, paper_ids: Sequence[str]) -> Iterator[int | None]:
        """The year of each of these papers, in no order; unknown ids are skipped."""
        yield from (year for (year,) in self._of_papers("SELECT year FROM papers", paper_ids))

    def headed(self, names: Sequence[str]) -> list[str]:
        """Sorted ids of the papers whose title is one of these names, or one of them followed by a colon."""
        sql = (
            "SELECT paper_id, json_extract(record, '$.title') FROM papers "
            "WHERE title_key = ?1 OR (title_key > ?1 || ' ' AND title_key < ?1 || '!')"
        )
        found = {i: title for name in names for i, title in self._db.rows(sql, (title_key(name),))}
        return sorted(i for i, title in found.items() if str(title).partition(":")[0].strip() in names)

    def pinned(self, filters: Filters | None) -> list[str]:
        """Ids of the stored papers that the filters pin and do not also exclude."""
        wanted = [i for i in filters.pinned if i not in filters.exclude] if filters is not None else []
        return [p.paper_id for p in self.papers(wanted)] if wanted else []

    def merged_into(self, digest: bytes) -> str | None:
        """Id of the paper that a record with this digest was merged into, unless the paper has changed since."""
        row = self._db.one(
            "SELECT paper_id FROM merged JOIN papers USING (paper_id, revision) WHERE digest = ?", (digest,)
        )
        return None if row is None else str(row[0])

    def stale(self, signature: str) -> list[str]:
        """Ids of the papers whose chunks or vectors were made by another embedder or chunker than `signature`
        names; costs two look-ups in an index where there are none."""
        sql = "SELECT paper_id FROM papers WHERE signature < ?1 OR signature > ?1"
        return [str(r[0]) for r in self._db.rows(sql, (signature,))]

    def changed_since(self, revision: int) -> tuple[list[str], list[str]]:
        """Ids of the papers written and of those deleted after `revision`."""
        written = [r[0] for r in self._db.rows("SELECT paper_id FROM papers WHERE revision > ?", (revision,))]
        deleted = [r[0] for r in self._db.rows("SELECT paper_id FROM deleted WHERE revision > ?", (revision,))]
        return written, deleted

    def count_passing(self, filters: Filters | None) -> int:
        """Number of papers that pass the filters, whether they are excluded by their ids or not."""
        restricted = filters is not None and filters.conditions.restrict
        return len(self.select(filters.conditions)) if filters is not None and restricted else self.count()

    def select(self, filters: Filters, among: Sequence[str] | None = None) -> list[str]:
        """Sorted ids of the papers that pass the filters; `among` limits them to these papers."""
        excluded = set(filters.exclude)
        parts = [None] if among is None else _slices(among)
        found = (row[0] for part in parts for row in self._db.rows(*selection(filters, part)))
        return sorted(i for i in found if i not in excluded)

    def chunks(self, paper_ids: Sequence[str] | None = None) -> Iterator[tuple[Chunk, Vectors]]:
        """Chunks with their vectors (shape (dim,)), of all papers or of the given ones."""
        sql = 'SELECT paper_id, ordinal, start, "end", text, vector FROM chunks'
        for *values, blob in self._db.rows(sql) if paper_ids is None else self._of_papers(sql, paper_ids):
            yield Chunk(*values), np.frombuffer(blob, dtype=np.float32)

    def vectors(self, paper_ids: Sequence[str]) -> Iterator[tuple[str, Vectors]]:
        """The (paper id, vector) of every chunk of these papers."""
        for paper_id, blob in self._of_papers("SELECT paper_id, vector FROM chunks", paper_ids):
            yield paper_id, np.frombuffer(blob, dtype=np.float32)

    def chunk_ids(self, paper_ids: Sequence[str]) -> list[str]:
        """The names, in a dense index, of all chunks of these papers."""
        return [name for (name,) in self._of_papers("SELECT paper_id || '#' || ordinal FROM chunks", paper_ids)]

    def _of_papers(self, select: str, paper_ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """The rows of a SELECT without WHERE that belong to these papers."""
        for part in _slices(paper_ids):
            yield from self._db.rows(f"{select} WHERE paper_id IN ({marks(part)})", part)

    # -- writing ---------------------------------------------------------------------------------------------------

    def note(self, key: str, value: str) -> None:
        """Stores a note of the library."""
        with self._db.transaction():
            self._notes.set(key, value)

    def put(self, entries: Sequence[Entry]) -> None:
        """Stores the entries, all or none; once it returns, they survive a crash."""
        with self._db.transaction():
            revision = self._notes.advance()
            for entry in entries:
                for old in dict.fromkeys((*entry.replaces, entry.stored.paper_id)):
                    self._remove(old, revision)
                self._insert(entry, revision)
            self.identities.insert(entry.stored.paper for entry in entries)
            self.arrivals.note((entry.stored.paper_id, entry.replaces) for entry in entries)
            paper_checksums.update(self._db, [e.stored.paper_id for e in entries])
            self.words.insert({e.stored.paper_id: e.words for e in entries if e.words is not None})
            self.facts.insert({e.stored.paper_id: e.facts for e in entries if e.facts is not None})

    def update_metadata(self, papers: Sequence[StoredPaper]) -> None:
        """Stores new metadata of papers whose text did not change; the revision rises, since the indexes hold filter data."""
        with self._db.transaction():
            revision = self._notes.advance()
            self._db.execute_many(
                "UPDATE papers SET record = ?, year = ?, variants = ?, revision = ? WHERE paper_id = ?",
                [(record_text(p.paper), p.paper.year, variants_text(p), revision, p.paper_id) for p in papers],
            )
            for stored in papers:
                self._note_merged(stored)
            self.identities.replace([stored.paper for stored in papers])
            paper_checksums.update(self._db, [p.paper_id for p in papers])

    def delete(self, paper_ids: Sequence[str]) -> int:
        """Deletes papers with their chunks; returns how many there were."""
        with self._db.transaction():
            revision = self._notes.advance()
            self.arrivals.forget(paper_ids)
            return sum(self._remove(paper_id, revision) for paper_id in paper_ids)

    def _insert(self, entry: Entry, revision: int) -> None:
        stored, paper = entry.stored, entry.stored.paper
        self._db.execute("DELETE FROM deleted WHERE paper_id = ?", (paper.paper_id,))
        self._db.execute(
            "INSERT INTO papers VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                paper.paper_id,
                stored.title_key,
                stored.text_hash,
                entry.signature,
                revision,
                paper.year,
                record_text(paper),
                variants_text(stored),
            ),
        )
        self._db.execute_many(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)",
            [
                (paper.paper_id, c.ordinal, c.start, c.end, c.text, np.asarray(v, dtype=np.float32).tobytes())
                for c, v in zip(entry.chunks, entry.vectors, strict=True)
            ],
        )
        self._note_merged(stored)
        self._notes.toggle_fingerprint(paper.paper_id, stored.text_hash)

    def _note_merged(self, stored: StoredPaper) -> None:
        """Notes which records were merged into this revision of the paper; its next revision makes the rows void."""
        sql = "INSERT OR REPLACE INTO merged SELECT ?1, paper_id, revision FROM papers WHERE paper_id = ?2"
        self._db.execute_many(sql, [(digest, stored.paper_id) for digest in stored.digests])

    def _remove(self, paper_id: str, revision: int) -> int:
        row = self._db.one("SELECT text_hash FROM papers WHERE paper_id = ?", (paper_id,))
        if row is None:
            return 0
        self._db.execute("DELETE FROM papers WHERE paper_id = ?", (paper_id,))
        self._db.execute("INSERT OR REPLACE INTO deleted VALUES (?, ?)", (paper_id, revision))
        self._notes.toggle_fingerprint(paper_id, str(row[0]))
        return 1


def _slices(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for i in range(0, len(ids), _IDS_PER_QUERY):
        yield ids[i : i + _IDS_PER_QUERY]
