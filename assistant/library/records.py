"""Reads what the records of all papers hold, without reading the papers themselves."""

from __future__ import annotations

from collections.abc import Collection

from assistant.documents.identity import title_key
from assistant.library.database import Database
from assistant.library.selection import AUTHOR_COUNT

_LISTS = frozenset({"authors", "categories", "sources", "keywords", "collections"})


class Records:
    """The records of one library's papers."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def values(self, field: str) -> tuple[str, ...]:
        """The distinct values of a field of `Paper` that holds names, sorted."""
        if field in _LISTS:
            sql = f"SELECT DISTINCT value FROM papers, json_each(record, '$.{field}') ORDER BY value"  # noqa: S608 - a field of Paper
        else:
            sql = f"SELECT DISTINCT json_extract(record, '$.{field}') FROM papers ORDER BY 1"  # noqa: S608 - as above
        return tuple(str(value) for (value,) in self._db.rows(sql) if value is not None)

    def some_titles(self) -> list[str]:
        """The titles of a few papers, always the same ones."""
        sql = "SELECT json_extract(record, '$.title') FROM papers ORDER BY paper_id LIMIT 50"
        return [str(title) for (title,) in self._db.rows(sql)]

    def has_author(self, name: str) -> bool:
        """Whether any paper has an author of this name; see `selection.same_author`."""
        sql = "SELECT 1 FROM papers, json_each(record, '$.authors') WHERE is_author(value, ?) LIMIT 1"
        return self._db.one(sql, (name,)) is not None

    def titled(self, key: str, *, head: bool) -> tuple[str, ...]:
        """Ids of the papers whose title has this key or, if `head`, whose part before a colon has it."""
        found = [str(i) for (i,) in self._db.rows("SELECT paper_id FROM papers WHERE title_key = ?", (key,))]
        if found or not head:
            return tuple(found)
        sql = (
            "SELECT paper_id, json_extract(record, '$.title') FROM papers "
            "WHERE title_key > ?1 || ' ' AND title_key < ?1 || '!'"
        )
        rows = self._db.rows(sql, (key,))
        return tuple(str(i) for i, title in rows if title_key(str(title).partition(":")[0]) == key)

    def without(self, field: str, paper_ids: Collection[str] | None = None) -> int:
        """How many papers leave a field of `Paper` empty, among all or among these."""
        return sum(paper_ids is None or i in paper_ids for i in self.lacking(field))

    def lacking(self, field: str) -> list[str]:
        """Sorted ids of the papers that leave a field of `Paper` empty."""
        if field == "author_count":
            empty = f"{AUTHOR_COUNT} IS NULL"
        elif field in _LISTS:
            empty = f"coalesce(json_array_length(record, '$.{field}'), 0) = 0"
        elif field == "added":
            empty = "paper_id NOT IN (SELECT paper_id FROM arrivals)"
        else:
            empty = f"json_extract(record, '$.{field}') IS NULL"
        return [str(i) for (i,) in self._db.rows(f"SELECT paper_id FROM papers WHERE {empty} ORDER BY paper_id")]  # noqa: S608 - a field of Paper
