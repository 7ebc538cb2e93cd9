"""Follows sources that are libraries themselves, such as Zotero: what they no longer hold is removed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.documents.identity import title_key
from assistant.library.rows import StoredPaper, read_paper, record_digest, record_text
from assistant.library.store import Store
from assistant.types import Complete, Filters, Paper

_AT_ONCE = 500
"""Papers that are compared together."""
_METADATA = (
    "authors", "author_count", "date", "year", "url", "doi", "categories", "venue", "version", "pmid", "keywords",
    "language", "citekey", "publication_type",
)  # fmt: skip


class Following:
    """The records that the followed sources of one run gave, in a temporary file of SQLite."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._db = sqlite3.connect("", isolation_level=None)  # no name: a file that SQLite removes on closing
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("CREATE TABLE given (paper_id TEXT, record TEXT)")
        self._db.execute("CREATE INDEX given_paper ON given (paper_id)")
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Removes the file."""
        self._db.close()

    def note(self, record: Paper, paper_id: str, former: Sequence[str] = ()) -> None:
        """Notes that a record was found to be the paper `paper_id`, which may have had other ids."""
        for before in former:
            if before != paper_id:
                self._db.execute("UPDATE given SET paper_id = ? WHERE paper_id = ?", (paper_id, before))
        if record.zotero is not None:  # every record of a followed source has a link into it
            self._db.execute("INSERT INTO given VALUES (?, ?)", (paper_id, record_text(record)))

    def finish(self, complete: Complete) -> int:
        """Takes from the store what this source no longer gives; returns how many papers were removed.

        A paper that other sources hold stays, and loses this source. Everything that was read must be committed.
        """
        part = f"{complete.source}:"
        names = [n for n in self._store.records.values("sources") if n == complete.source or n.startswith(part)]
        ids = self._store.select(Filters(sources=tuple(names))) if names else []
        removed = 0
        for i in range(0, len(ids), _AT_ONCE):
            gone, changed = [], []
            for paper in self._store.papers(ids[i : i + _AT_ONCE]):
                records = self._records(paper.paper_id)
                now = _as_given(paper, records, names)
                if not now.sources:
                    gone.append(paper.paper_id)
                elif now != paper:
                    changed.append(self._stored(now, records))
            if gone:
                removed += self._store.delete(gone)
            if changed:
                self._store.update_metadata(changed)
        return removed

    def _records(self, paper_id: str) -> list[Paper]:
        rows = self._db.execute("SELECT record FROM given WHERE paper_id = ? ORDER BY rowid", (paper_id,))
        return [read_paper(text) for (text,) in rows.fetchall()]

    def _stored(self, paper: Paper, records: Sequence[Paper]) -> StoredPaper:
        known = self._store.identities.candidates(title_key(paper.title), (paper.paper_id,))
        digests = frozenset(record_digest(r) for r in records)
        return next(replace(k, paper=paper, digests=digests) for k in known if k.paper_id == paper.paper_id)


def _as_given(paper: Paper, records: Sequence[Paper], names: Sequence[str]) -> Paper:
    """The paper as these records of the source with these names have it; without any sources if nothing holds it."""
    given = {source for record in records for source in record.sources}
    sources = tuple(s for s in paper.sources if s not in names or s in given)
    collections = tuple(dict.fromkeys(name for record in records for name in record.collections))
    link = records[0].zotero if records else None
    paper = replace(paper, sources=sources, zotero=link, collections=collections)
    if records and set(sources) <= given:
        # No other source has a say in the metadata: what was emptied is empty.
        names_of_it = {name for r in records for name in (*r.aliases, r.paper_id)} - {paper.paper_id}
        metadata = {name: _first(records, name) for name in _METADATA}
        return replace(paper, aliases=tuple(sorted(names_of_it)), **metadata)
    return paper


def _first(records: Sequence[Paper], name: str) -> Any:
    """The value of the first record that has one, or what none of them has."""
    return next((value for r in records if (value := getattr(r, name))), getattr(records[0], name))
