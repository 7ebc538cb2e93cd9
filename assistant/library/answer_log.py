"""The log of answers and conversations; where the library cannot be written, nothing is logged and answering goes on."""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace
from datetime import UTC, datetime

from assistant.errors import LibraryError, NotFoundError, SettingsError
from assistant.library.answer_store import StoredConversation
from assistant.library.library import Library
from assistant.reports import AnswerRecord, ConversationInfo
from assistant.settings import Settings
from assistant.types import Answer

_LOG = logging.getLogger(__name__)
_LONGEST_TITLE = 80


class AnswerLog:
    """The logged answers and conversations of one library."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._store = library.store.answers
        self._enabled = settings.log_answers
        # That a read-only library takes no answer is no news in a log; the answer's note says so.
        self._level = logging.INFO if library.store.read_only else logging.WARNING

    def log(self, answer: Answer, conversation_id: str = "") -> Answer:
        """Logs the answer and returns it with its id, or with a note when it cannot be written."""
        if not self._enabled:
            return answer
        logged = replace(answer, record_id=new_id())
        try:
            self._store.add(AnswerRecord(logged.record_id, conversation_id, now(), 0, logged))
        except LibraryError as error:
            _LOG.log(self._level, "%s", error)
            return replace(
                answer, notes=(*answer.notes, "this answer was not logged, because the library cannot be written")
            )
        return logged

    def newest(self, conversation_id: str | None = None, limit: int | None = None) -> list[AnswerRecord]:
        """Logged answers, newest first; those of one conversation if given."""
        return list(self._store.records(conversation_id, limit))

    def get(self, record_id: str) -> AnswerRecord:
        """One logged answer. Raises NotFoundError for an unknown id."""
        found = self._store.record(record_id)
        if found is None:
            raise NotFoundError(f"the log has no answer {record_id!r}; `assistant answers list` lists them")
        return found

    def rate(self, record_id: str, rating: int) -> None:
        """Stores a reader's rating. Raises SettingsError for a rating other than -1, 0 or 1, NotFoundError for an unknown id."""
        if rating not in (-1, 0, 1):
            raise SettingsError(f"rating {rating} is not allowed; give -1, 0 or 1")
        self.get(record_id)
        self._store.rate(record_id, rating)

    def delete(self, record_id: str) -> None:
        """Deletes an answer, if it exists; the id of one that was not logged is empty."""
        if record_id:
            self._store.delete(record_id)

    def conversations(self, owner: str) -> list[ConversationInfo]:
        """The owner's conversations, newest first."""
        return self._store.conversations(owner)

    def conversation(self, conversation_id: str, owner: str) -> StoredConversation:
        """One conversation. Raises NotFoundError for an unknown id, or one that belongs to somebody else."""
        found = self._store.conversation(conversation_id, owner)
        if found is None:
            raise NotFoundError(f"the log has no conversation {conversation_id!r}; `assistant answers list` lists them")
        return found

    def save_conversation(self, conversation: StoredConversation) -> None:
        """Stores a conversation's state, where the library can be written."""
        if not self._enabled:
            return
        title = conversation.info.title
        if len(title) > _LONGEST_TITLE:
            title = title[: _LONGEST_TITLE - 1].rstrip() + "…"
        info = replace(conversation.info, title=title, updated=now())
        try:
            self._store.save_conversation(replace(conversation, info=info))
        except LibraryError as error:
            _LOG.log(self._level, "%s", error)

    def delete_conversation(self, conversation_id: str, owner: str) -> None:
        """Deletes a conversation with its answers. Raises NotFoundError as `conversation` does."""
        self.conversation(conversation_id, owner)
        self._store.delete_conversation(conversation_id)


def new_id() -> str:
    """Twelve random hex digits: short enough to type, and 2^48 of them."""
    return secrets.token_hex(6)


def now() -> str:
    """The current time as it is stored: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
