"""Lists, reopens, deletes and exports the conversations of the visitor whose `Session` is given."""

from __future__ import annotations

from assistant import Assistant
from assistant.citations import REFERENCE_FORMS
from assistant.ui.library_cache import LibraryCache
from assistant.ui.templates import render
from assistant.ui.turn import Session, Turn

_LISTED = 50
_SUFFIXES = {"markdown": "md", "pandoc": "md", **REFERENCE_FORMS}
"""The forms in which a conversation can be exported, with the suffix of the file."""


class History:
    """Serves all visitors; stores nothing of them."""

    def __init__(self, assistant: Assistant, library: LibraryCache) -> None:
        self._assistant = assistant
        self._library = library

    def render(self, session: Session) -> str:
        """The visitor's conversations as a list that unfolds, newest first; invisible without any."""
        known = self._assistant.conversations(session.owner)
        return render(
            "history",
            count=len(known),
            conversations=known[:_LISTED],
            current=session.conversation.conversation_id,
            exportable=bool(session.conversation.answers),
        )

    def open(self, session: Session, conversation_id: str) -> None:
        """Puts the session into that conversation. Raises NotFoundError for one that is not the visitor's."""
        conversation = session.assistant.chat(conversation_id, owner=session.owner)
        records = reversed(self._assistant.records(conversation_id))
        papers = self._library.papers
        session.conversation = conversation
        session.turns = [Turn.restored(i, record, papers) for i, record in enumerate(records, 1)]

    def forget(self, session: Session, conversation_id: str) -> bool:
        """Deletes that conversation; True if it was the open one. Raises NotFoundError as `open` does."""
        self._assistant.delete_conversation(conversation_id, owner=session.owner)
        return conversation_id == session.conversation.conversation_id

    def export(self, session: Session, form: str) -> tuple[str, str]:
        """Name and text of a file with the open conversation's answers; empty without any.

        The file is made in the browser from this text: Gradio's DownloadButton would serve one from the server's disk.
        Raises AssistantError when the answers cannot be exported.
        """
        answers = session.conversation.answers
        if form not in _SUFFIXES or not answers:
            return "", ""
        text = self._assistant.export(answers, form)
        return f"conversation-{session.conversation.conversation_id}.{_SUFFIXES[form]}", text
