"""The tables of the library's file for logged answers, their conversations and the answer cache."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.library.database import Database
from assistant.reports import AnswerRecord, ConversationInfo
from assistant.types import Answer

SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    conversation_id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    pinned TEXT NOT NULL,
    excluded TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answers (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL,
    created TEXT NOT NULL,
    rating INTEGER NOT NULL DEFAULT 0,
    answer TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS answers_conversation ON answers (conversation_id);
CREATE TABLE IF NOT EXISTS answer_cache (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    answer TEXT NOT NULL
);
"""
_LOG = logging.getLogger(__name__)
_RECORD = "record_id, conversation_id, created, rating, answer"
_INFO = (
    "SELECT c.conversation_id, c.title, c.created, c.updated, count(a.number) FROM conversations c "
    "LEFT JOIN answers a USING (conversation_id)"
)


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A conversation without its answers."""

    info: ConversationInfo
    owner: str
    pinned: tuple[str, ...]
    excluded: tuple[str, ...]


class AnswerStore:
    """Reads and writes the answers in a library's file."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, record: AnswerRecord) -> None:
        """Stores an answer. Raises LibraryError when it cannot be written."""
        document = json.dumps(record.answer.to_dict(), ensure_ascii=False)
        row = (record.record_id, record.conversation_id, record.created, record.rating, document)
        with self._db.transaction():
            self._db.execute(f"INSERT INTO answers ({_RECORD}) VALUES (?, ?, ?, ?, ?)", row)  # noqa: S608 - a constant

    def records(self, conversation_id: str | None = None, limit: int | None = None) -> Iterator[AnswerRecord]:
        """Logged answers, newest first; those of one conversation if given."""
        where = "" if conversation_id is None else "WHERE conversation_id = ?"
        values: list[object] = [] if conversation_id is None else [conversation_id]
        sql = f"SELECT {_RECORD} FROM answers {where} ORDER BY number DESC LIMIT ?"  # noqa: S608 - constants
        rows = map(_record, self._rows(sql, [*values, -1 if limit is None else limit]))
        yield from (record for record in rows if record is not None)

    def record(self, record_id: str) -> AnswerRecord | None:
        """One logged answer, or None."""
        sql = f"SELECT {_RECORD} FROM answers WHERE record_id = ?"  # noqa: S608 - a constant
        return next(map(_record, self._rows(sql, [record_id])), None)

    def rate(self, record_id: str, rating: int) -> bool:
        """Stores a reader's rating; False when the answer does not exist."""
        with self._db.transaction():
            return self._db.execute("UPDATE answers SET rating = ? WHERE record_id = ?", (rating, record_id)) > 0

    def delete(self, record_id: str) -> None:
        """Deletes an answer, if it exists."""
        with self._db.transaction():
            self._db.execute("DELETE FROM answers WHERE record_id = ?", (record_id,))

    def save_conversation(self, conversation: StoredConversation) -> None:
        """Creates or updates a conversation."""
        info = conversation.info
        with self._db.transaction():
            self._db.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (conversation_id) DO UPDATE "
                "SET title = excluded.title, updated = excluded.updated, pinned = excluded.pinned, excluded = excluded.excluded",
                (
                    info.conversation_id,
                    conversation.owner,
                    info.title,
                    info.created,
                    info.updated,
                    json.dumps(conversation.pinned),
                    json.dumps(conversation.excluded),
                ),
            )

    def conversations(self, owner: str) -> list[ConversationInfo]:
        """The owner's conversations that have answers, the most recently continued first, whatever the clock said."""
        sql = f"{_INFO} WHERE c.owner = ? GROUP BY c.conversation_id HAVING count(a.number) ORDER BY max(a.number) DESC"
        return [ConversationInfo(*row) for row in self._rows(sql, [owner])]

    def conversation(self, conversation_id: str, owner: str) -> StoredConversation | None:
        """One conversation of this owner, or None."""
        sql = "SELECT pinned, excluded FROM conversations WHERE conversation_id = ? AND owner = ?"
        found = next(self._rows(sql, [conversation_id, owner]), None)
        if found is None:
            return None
        row = next(self._rows(f"{_INFO} WHERE c.conversation_id = ? GROUP BY c.conversation_id", [conversation_id]))
        try:
            pinned, excluded = (tuple(json.loads(ids)) for ids in found)
        except (ValueError, TypeError) as error:
            _LOG.warning("pins of conversation %s are damaged and left out (%s)", conversation_id, error)
            pinned, excluded = (), ()
        return StoredConversation(ConversationInfo(*row), owner, pinned, excluded)

    def delete_conversation(self, conversation_id: str) -> None:
        """Deletes a conversation with its answers."""
        with self._db.transaction():
            self._db.execute("DELETE FROM answers WHERE conversation_id = ?", (conversation_id,))
            self._db.execute("DELETE FROM conversations WHERE conversation_id = ?", (conversation_id,))

    def cached(self, key: str) -> str | None:
        """The document cached under this key, or None."""
        row = next(self._rows("SELECT answer FROM answer_cache WHERE key = ?", [key]), None)
        return None if row is None else str(row[0])

    def cache(self, key: str, document: str, limit: int) -> None:
        """Caches a document under the key, and drops all but the `limit` newest. Raises LibraryError."""
        with self._db.transaction():
            self._db.execute("INSERT OR REPLACE INTO answer_cache (key, answer) VALUES (?, ?)", (key, document))
            self._db.execute(
                "DELETE FROM answer_cache WHERE number <= (SELECT max(number) FROM answer_cache) - ?", (limit,)
            )

    def _rows(self, sql: str, values: list[object]) -> Iterator[tuple[Any, ...]]:
        """The rows; none when the file is read-only and comes from a release without these tables."""
        if self._db.read_only and self._db.one("SELECT 1 FROM sqlite_master WHERE name = 'answers'") is None:
            return iter(())
        return self._db.rows(sql, values)


def _record(row: tuple[Any, ...]) -> AnswerRecord | None:
    """The record, or None with a warning when it cannot be read, so that the others still can."""
    record_id, conversation_id, created, rating, answer = row
    try:
        return AnswerRecord(record_id, conversation_id, created, rating, Answer.from_dict(json.loads(answer)))
    except (ValueError, KeyError, TypeError) as error:
        _LOG.warning("logged answer %s is damaged and left out (%s)", record_id, error)
        return None
