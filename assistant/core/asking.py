"""One question as a user asks it: checked, answered, kept. Knows nothing about the stages of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from assistant.core.answering import Answering
from assistant.core.records import Records
from assistant.errors import SettingsError
from assistant.types import Answer, AnswerEvent, Filters

_LONGEST_QUESTION = 4_000


class Asking:
    """Answers questions and keeps the answers."""

    def __init__(self, answering: Answering, records: Records) -> None:
        self._answering = answering
        self._records = records

    def stream(
        self, question: str, history: Sequence[str | Answer], filters: Filters | None, conversation_id: str = ""
    ) -> Iterator[AnswerEvent]:
        """The events of one answer; the last one holds the whole, as it was kept. Raises SettingsError at once for a
        question that makes no sense."""
        return self._stream(checked(question), [h for h in history if isinstance(h, Answer) or h.strip()], filters, conversation_id)

    def _stream(
        self, question: str, history: Sequence[str | Answer], filters: Filters | None, conversation_id: str
    ) -> Iterator[AnswerEvent]:
        with closing(self._answering.stream(question, history, filters)) as events:
            for event in events:
                if event.answer is None:
                    yield event
                else:
                    yield replace(event, answer=self._records.keep(event.answer, conversation_id))


def checked(question: str) -> str:
    """The question on one line. Raises SettingsError for an empty or overlong one."""
    question = " ".join(question.split())
    if not question:
        raise SettingsError("the question is empty; write what you want to know")
    if len(question) > _LONGEST_QUESTION:
        raise SettingsError(f"the question has {len(question)} characters; {_LONGEST_QUESTION} are the most")
    return question
