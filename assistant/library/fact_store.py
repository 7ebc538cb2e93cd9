"""The tables of the library's file for the facts of its papers.

They can be made again from the papers at any time: rows of another version of the rules are as good as missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from assistant.extraction.extract import VERSION
from assistant.extraction.fact import Fact, Kind, Where
from assistant.library.database import Database, marks

SCHEMA = """
CREATE TABLE IF NOT EXISTS extractions (
    paper_id TEXT PRIMARY KEY REFERENCES papers ON DELETE CASCADE,
    version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (
    paper_id TEXT NOT NULL REFERENCES papers ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    quote TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    place TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (paper_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS facts_kind ON facts (kind, value);
"""


class FactStore:
    """Reads and writes the facts in a library's file."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, paper_ids: Sequence[str]) -> dict[str, tuple[Fact, ...]]:
        """The facts of those of these papers (a few hundred at most) that were read with the present rules."""
        if not self._exists():
            return {}
        among = f"WHERE paper_id IN ({marks(paper_ids)})"
        version = [*paper_ids, VERSION]
        found: dict[str, list[Fact]] = {
            i: []
            for (i,) in self._db.rows(f"SELECT paper_id FROM extractions {among} AND version = ?", version)  # noqa: S608 - only question marks are formatted in
        }
        columns = 'paper_id, kind, value, quote, start, "end", place, details'
        for paper_id, kind, value, quote, start, end, place, details in self._db.rows(
            f"SELECT {columns} FROM facts {among} ORDER BY paper_id, ordinal",  # noqa: S608 - as above
            paper_ids,
        ):
            if paper_id in found:
                found[paper_id].append(_fact(kind, value, quote, start, end, place, details))
        return {paper_id: tuple(facts) for paper_id, facts in found.items()}

    def of_kind(self, kind: Kind) -> Iterator[tuple[str, Fact]]:
        """The (paper id, fact) of every fact of this kind that the present rules read, by paper, the main one first."""
        columns = 'f.paper_id, kind, value, quote, start, "end", place, details'
        sql = (
            f"SELECT {columns} FROM facts f JOIN extractions e ON e.paper_id = f.paper_id AND e.version = ? "  # noqa: S608 - constants
            "WHERE kind = ? ORDER BY f.paper_id, ordinal"
        )
        for paper_id, *values in self._db.rows(sql, (VERSION, kind)) if self._exists() else ():
            yield paper_id, _fact(*values)

    def introducing(self, name: str) -> tuple[str, ...]:
        """Sorted ids of the papers that introduce a method, model or data set of this name: the whole name, its short form
        in brackets or the words before them."""
        sql = (
            "SELECT DISTINCT paper_id FROM facts WHERE kind = 'method' AND (lower(value) = ?1 "
            "OR lower(substr(value, -length(?1) - 2)) = '(' || ?1 || ')' "
            "OR lower(substr(value, 1, length(?1) + 2)) = ?1 || ' (') ORDER BY paper_id"
        )
        return tuple(str(i) for (i,) in self._db.rows(sql, (name.lower(),))) if self._exists() else ()

    def lacking(self) -> list[str]:
        """Ids of the papers that were not read with the present rules, sorted."""
        sql = (
            "SELECT paper_id FROM papers p WHERE NOT EXISTS "
            "(SELECT 1 FROM extractions e WHERE e.paper_id = p.paper_id AND e.version = ?) ORDER BY paper_id"
        )
        return [str(i) for (i,) in self._db.rows(sql, [VERSION])] if self._exists() else []

    def put(self, facts: Mapping[str, Sequence[Fact]]) -> None:
        """Stores the facts of papers, all or none. Raises LibraryError."""
        with self._db.transaction():
            self.insert(facts)

    def insert(self, facts: Mapping[str, Sequence[Fact]]) -> None:
        """Stores the facts of papers inside the caller's transaction; those of papers that are gone are left out."""
        self._db.execute_many("DELETE FROM facts WHERE paper_id = ?", [(i,) for i in facts])
        self._db.execute_many(
            "INSERT OR REPLACE INTO extractions SELECT paper_id, ?2 FROM papers WHERE paper_id = ?1",
            [(i, VERSION) for i in facts],
        )
        self._db.execute_many(
            "INSERT INTO facts SELECT paper_id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM papers WHERE paper_id = ?1",
            [
                (i, n, f.kind, f.value, f.quote, f.start, f.end, f.where, json.dumps(f.details, ensure_ascii=False))
                for i, some in facts.items()
                for n, f in enumerate(some)
            ],
        )

    def _exists(self) -> bool:
        """False in a file of an earlier release that cannot be written."""
        return self._db.one("SELECT 1 FROM sqlite_master WHERE name = 'extractions'") is not None


def _fact(kind: Kind, value: str, quote: str, start: int, end: int, place: Where, details: str) -> Fact:
    parts = tuple((str(name), str(part)) for name, part in json.loads(details))
    return Fact(kind, value, quote, start, end, place, parts)
