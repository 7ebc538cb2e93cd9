"""When the library first stored each paper; papers that earlier releases stored have no such time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from assistant.library.database import Database, marks

SCHEMA = """
CREATE TABLE IF NOT EXISTS arrivals (paper_id TEXT PRIMARY KEY, added TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS arrivals_added ON arrivals (added);
"""
_IDS_PER_QUERY = 500


class Arrivals:
    """The times, ISO 8601 in UTC to the second, at which papers came in."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, paper_ids: Sequence[str]) -> dict[str, str]:
        """Paper id -> time; papers without one are left out."""
        found: dict[str, str] = {}
        for i in range(0, len(paper_ids), _IDS_PER_QUERY):
            part = paper_ids[i : i + _IDS_PER_QUERY]
            sql = f"SELECT paper_id, added FROM arrivals WHERE paper_id IN ({marks(part)})"  # noqa: S608 - only question marks
            found |= dict(self._db.rows(sql, part))
        return found

    def newest(self, count: int) -> list[tuple[str, str]]:
        """The (paper id, time) of the papers that came in last, newest first."""
        return list(
            self._db.rows("SELECT paper_id, added FROM arrivals ORDER BY added DESC, paper_id LIMIT ?", (count,))
        )

    def note(self, papers: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Notes the time for papers that have none, inside the caller's transaction.

        `papers`: each id with those that the same paper had before, whose earliest time it keeps.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
        new: list[tuple[str, str]] = []
        for paper_id, before in papers:
            known = self.of([i for i in before if i != paper_id]) if before else {}
            new.append((paper_id, min(known.values(), default=now)))
            self.forget(known)
        self._db.execute_many("INSERT OR IGNORE INTO arrivals VALUES (?, ?)", new)

    def forget(self, paper_ids: Iterable[str]) -> None:
        """Drops the times of papers that are deleted, inside the caller's transaction."""
        self._db.execute_many("DELETE FROM arrivals WHERE paper_id = ?", [(paper_id,) for paper_id in paper_ids])
