"""The conversations of one visitor: listed, opened again, deleted, exported. Gives out HTML and text.

Knows nothing about Gradio. Whose conversations they are is in the `Session`; those of others are never reached.
"""

from __future__ import annotations

from assistant import Assistant, AssistantError, ConversationInfo
from assistant.ui.library_cache import Shelf
from assistant.ui.text import esc, plural
from assistant.ui.turn import Session, Turn

_LISTED = 50
FORMS = {"markdown": "md", "bibtex": "bib"}
"""What a conversation can be exported as, with the suffix of its file."""


class History:
    """Serves all visitors; holds nothing of them."""

    def __init__(self, assistant: Assistant, shelf: Shelf) -> None:
        self._assistant = assistant
        self._shelf = shelf

    def listed(self, session: Session | None) -> str:
        """The visitor's conversations as a list that unfolds, newest first; empty without any."""
        if session is None:
            return ""
        known = self._assistant.conversations(session.owner)
        rows = "".join(_row(info, session.conversation.conversation_id) for info in known[:_LISTED])
        exports = ""
        if session.conversation.answers:
            exports = "".join(
                f'<button type="button" class="act" data-do="export" data-form="{form}">Export as {name}</button>'
                for form, name in (("markdown", "Markdown"), ("bibtex", "BibTeX"))
            )
        if not rows:
            return f'<div class="history"><p class="exports">{exports}</p></div>' if exports else ""
        return (
            f'<div class="history"><details><summary>{plural(len(known), "saved conversation")}</summary>'
            f'<ul>{rows}</ul></details><p class="exports">{exports}</p></div>'
        )

    def open(self, session: Session, conversation_id: str) -> None:
        """Puts the session into that conversation. Raises LibraryError for one that is not the visitor's."""
        conversation = session.assistant.chat(conversation_id, owner=session.owner)
        records = reversed(self._assistant.records(conversation_id))
        papers = self._shelf.papers
        session.conversation = conversation
        session.turns = [Turn.kept(i, record, papers) for i, record in enumerate(records, 1)]

    def forget(self, session: Session, conversation_id: str) -> bool:
        """Deletes that conversation; True when it was the open one. Raises LibraryError as `open` does."""
        self._assistant.delete_conversation(conversation_id, owner=session.owner)
        return conversation_id == session.conversation.conversation_id

    def export(self, session: Session, form: str) -> tuple[str, str]:
        """Name and text of a file with the open conversation's answers; empty when there are none."""
        answers = session.conversation.answers
        if form not in FORMS or not answers:
            return "", ""
        try:
            text = self._assistant.export(answers, form)
        except AssistantError as error:
            return "", str(error)
        return f"conversation-{session.conversation.conversation_id}.{FORMS[form]}", text


def _row(info: ConversationInfo, current: str) -> str:
    title, open_now = esc(info.title), info.conversation_id == current
    here = ' aria-current="true"' if open_now else ""
    facts = f"{plural(info.turns, 'answer')}, {esc(info.updated[:10])}"
    return (
        f'<li><button type="button" class="open" data-do="open" data-conversation="{esc(info.conversation_id)}"{here}>'
        f'<span class="title">{title}</span> <span class="quiet">{facts}</span></button>'
        f'<button type="button" class="act" data-do="forget" data-conversation="{esc(info.conversation_id)}" '
        f'aria-label="Delete {title}">Delete</button></li>'
    )
