"""Answers and conversations as they are kept in the library. The only place that writes them.

Knows nothing about how answers come about. Where the library cannot be written, nothing is kept and answering goes on.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace
from datetime import UTC, datetime

from assistant.errors import LibraryError, SettingsError
from assistant.library.answer_store import KeptConversation
from assistant.library.library import Library
from assistant.reports import AnswerRecord, ConversationInfo
from assistant.settings import Settings
from assistant.types import Answer

_LOG = logging.getLogger(__name__)
_LONGEST_TITLE = 80


class AnswerLog:
    """What is kept of one library's answers."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._store = library.store.answers
        self._wanted = settings.log_answers

    def keep(self, answer: Answer, conversation_id: str = "") -> Answer:
        """Keeps the answer and returns it with its id; with a note instead where it cannot be kept."""
        if not self._wanted:
            return answer
        kept = replace(answer, record_id=new_id())
        try:
            self._store.keep(AnswerRecord(kept.record_id, conversation_id, now(), 0, kept))
        except LibraryError as error:
            _LOG.warning("%s", error)
            return replace(answer, notes=(*answer.notes, "this answer is not kept, for the library cannot be written"))
        return kept

    def newest(self, conversation_id: str | None = None, limit: int | None = None) -> list[AnswerRecord]:
        """Kept answers, newest first."""
        return list(self._store.records(conversation_id, limit))

    def get(self, record_id: str) -> AnswerRecord:
        """One kept answer. Raises LibraryError for one that is not there."""
        found = self._store.record(record_id)
        if found is None:
            raise LibraryError(f"no answer {record_id!r} is kept; `assistant answers list` shows those that are")
        return found

    def rate(self, record_id: str, rating: int) -> None:
        """Keeps what the reader thinks of an answer. Raises SettingsError for another rating than -1, 0 or 1."""
        if rating not in (-1, 0, 1):
            raise SettingsError(f"rating {rating}: -1, 0 or 1 can be given")
        self.get(record_id)
        self._store.rate(record_id, rating)

    def forget(self, record_id: str) -> None:
        """Removes one answer, if it is there."""
        if record_id:
            self._store.forget(record_id)

    # -- conversations ---------------------------------------------------------------------------------------------

    def conversations(self, owner: str) -> list[ConversationInfo]:
        """The owner's conversations, newest first."""
        return self._store.conversations(owner)

    def conversation(self, conversation_id: str, owner: str) -> KeptConversation:
        """One conversation. Raises LibraryError for one that is not there or belongs to somebody else."""
        found = self._store.conversation(conversation_id, owner)
        if found is None:
            raise LibraryError(
                f"no conversation {conversation_id!r} is kept; `assistant answers list` shows those that are"
            )
        return found

    def keep_conversation(self, kept: KeptConversation) -> None:
        """Keeps a conversation's state, where anything can be kept at all."""
        if not self._wanted:
            return
        info = replace(kept.info, title=_shortened(kept.info.title), updated=now())
        try:
            self._store.keep_conversation(replace(kept, info=info))
        except LibraryError as error:
            _LOG.warning("%s", error)

    def forget_conversation(self, conversation_id: str, owner: str) -> None:
        """Removes a conversation with its answers. Raises LibraryError as `conversation` does."""
        self.conversation(conversation_id, owner)
        self._store.forget_conversation(conversation_id)


def new_id() -> str:
    """Twelve random hex digits: short enough to type, and 2^48 of them."""
    return secrets.token_hex(6)


def now() -> str:
    """The time as it is kept: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"
