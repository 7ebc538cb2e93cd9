"""A conversation: questions that follow on one another, and the papers that the reader pinned to it or shut out.

Knows nothing about how a question is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant.answering.service import AnswerService
from assistant.errors import SettingsError
from assistant.library.answer_log import AnswerLog, new_id, now
from assistant.library.answer_store import StoredConversation
from assistant.reports import ConversationInfo
from assistant.types import Answer, AnswerEvent, Filters, Usage


class Conversation:
    """Questions that follow on one another; answers stay as they were given, with their citations.

    It is kept in the library from its first answer on, and can be resumed under its `conversation_id`.
    """

    def __init__(
        self,
        asking: Callable[[], AnswerService],
        records: AnswerLog,
        has_paper: Callable[[str], bool],
        owner: str = "",
        kept: StoredConversation | None = None,
    ) -> None:
        """A new conversation, or the one that was `kept`."""
        self._asking = asking
        self._records = records
        self._has_paper = has_paper
        self._owner = owner
        self._created = kept.info.created if kept else now()
        self.conversation_id = kept.info.conversation_id if kept else new_id()
        self.pinned: tuple[str, ...] = kept.pinned if kept else ()
        """Papers that every answer reads."""
        self.excluded: tuple[str, ...] = kept.excluded if kept else ()
        """Papers that no answer may use."""
        self.answers: list[Answer] = []
        """Oldest first."""
        if kept:
            self.answers += [r.answer for r in reversed(records.newest(self.conversation_id))]

    @property
    def questions(self) -> list[str]:
        """What was asked so far."""
        return [answer.question for answer in self.answers]

    @property
    def usage(self) -> Usage:
        """Tokens of all its answers together."""
        return Usage(
            sum(a.usage.prompt_tokens for a in self.answers), sum(a.usage.completion_tokens for a in self.answers)
        )

    @property
    def cost(self) -> float | None:
        """US dollars of all its answers together; None where one of them took tokens at a price that is not known."""
        paid = [a.cost for a in self.answers if a.usage != Usage()]
        return sum(c for c in paid if c is not None) if paid and None not in paid else None

    def ask(self, question: str, filters: Filters | None = None) -> Answer:
        """The next answer."""
        answer = None
        for event in self.stream(question, filters):
            answer = event.answer
        assert answer is not None  # noqa: S101 - the last event always holds the answer
        return answer

    def stream(self, question: str, filters: Filters | None = None) -> Iterator[AnswerEvent]:
        """The next answer as it comes about; it counts once its last event was taken."""
        filters = filters or Filters()
        filters = replace(filters, pinned=(*filters.pinned, *self.pinned), exclude=(*filters.exclude, *self.excluded))
        for event in self._asking().stream(question, self.answers, filters, self.conversation_id):
            if event.answer is not None:
                self.answers.append(event.answer)
                self._keep()
            yield event

    def drop_last(self) -> None:
        """Takes the last question back with its answer, to ask it again or otherwise."""
        if not self.answers:
            return
        self._records.delete(self.answers.pop().record_id)
        self._keep()

    # -- papers ----------------------------------------------------------------------------------------------------

    def pin(self, paper_id: str) -> None:
        """From now on every answer reads this paper. Raises SettingsError for one that the library does not hold."""
        self._set(paper_id, pinned=True)

    def exclude(self, paper_id: str) -> None:
        """From now on no answer uses this paper. Raises SettingsError for one that the library does not hold."""
        self._set(paper_id, excluded=True)

    def release(self, paper_id: str) -> None:
        """Neither pinned nor excluded any more."""
        self._set(paper_id)

    def _set(self, paper_id: str, *, pinned: bool = False, excluded: bool = False) -> None:
        if (pinned or excluded) and not self._has_paper(paper_id):
            raise SettingsError(f"no paper {paper_id} in the library; `assistant papers` lists them")
        self.pinned = tuple(i for i in self.pinned if i != paper_id) + ((paper_id,) if pinned else ())
        self.excluded = tuple(i for i in self.excluded if i != paper_id) + ((paper_id,) if excluded else ())
        self._keep()

    def _keep(self) -> None:
        """A conversation without an answer is not kept: opening a page and leaving again leaves no trace."""
        if self.answers:
            info = ConversationInfo(
                self.conversation_id, self.answers[0].question, self._created, self._created, len(self.answers)
            )
            self._records.save_conversation(StoredConversation(info, self._owner, self.pinned, self.excluded))
