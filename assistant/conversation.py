"""A conversation: questions that may refer to one another, and the papers that the user pinned or excluded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant.library.answer_log import AnswerLog, new_id, now
from assistant.library.answer_store import StoredConversation
from assistant.library.library import Library
from assistant.plan import Plan
from assistant.reports import ConversationInfo
from assistant.types import Answer, AnswerEvent, Filters, History, Usage

Ask = Callable[[str, History, Filters | None, str, Plan | None], Iterator[AnswerEvent]]
"""Question, history, filters, conversation id and corrected plan to the events of an answer."""


class Conversation:
    """Questions that follow on one another; earlier answers stay as they were given, with their citations.

    The library stores it from its first answer on, and it can be resumed under its `conversation_id`.
    """

    def __init__(
        self, ask: Ask, library: Library, log: AnswerLog, owner: str = "", stored: StoredConversation | None = None
    ) -> None:
        """A new conversation, or the `stored` one."""
        self._ask = ask
        self._library = library
        self._log = log
        self._owner = owner
        self._created = stored.info.created if stored else now()
        self.conversation_id = stored.info.conversation_id if stored else new_id()
        self.pinned: tuple[str, ...] = stored.pinned if stored else ()
        """Ids of papers that every answer reads."""
        self.excluded: tuple[str, ...] = stored.excluded if stored else ()
        """Ids of papers that no answer may use."""
        self.answers = [r.answer for r in reversed(log.newest(self.conversation_id))] if stored else []
        """Oldest first."""

    @property
    def questions(self) -> list[str]:
        """The questions asked so far."""
        return [answer.question for answer in self.answers]

    @property
    def usage(self) -> Usage:
        """The tokens of all answers together."""
        return sum((answer.usage for answer in self.answers), Usage())

    @property
    def cost(self) -> float | None:
        """The cost of all answers in US dollars; None when one of them used tokens at an unknown price."""
        paid = [a.cost for a in self.answers if a.usage != Usage()]
        return sum(c for c in paid if c is not None) if paid and None not in paid else None

    def ask(self, question: str, filters: Filters | None = None) -> Answer:
        """The next answer. Raises as `Assistant.ask` does."""
        *_, last = self.stream(question, filters)
        assert last.answer is not None  # noqa: S101 - the last event always holds the answer
        return last.answer

    def stream(self, question: str, filters: Filters | None = None, plan: Plan | None = None) -> Iterator[AnswerEvent]:
        """The events of the next answer, which joins the conversation with its last event; `plan` as in `Assistant.ask`."""
        filters = filters if filters is not None else Filters()
        filters = replace(filters, pinned=(*filters.pinned, *self.pinned), exclude=(*filters.exclude, *self.excluded))
        meant = self._library.with_ids(filters)  # an id may have moved since
        for event in self._ask(question, self.answers, meant, self.conversation_id, plan):
            if event.answer is not None:
                self.answers.append(event.answer)
                self._store()
            yield event

    def drop_last(self) -> None:
        """Takes back the last question with its answer, so that it can be asked again or differently. Raises LibraryError."""
        if self.answers:
            self._log.delete(self.answers[-1].record_id)
            self.answers.pop()
            self._store()

    def pin(self, paper_id: str) -> None:
        """Makes every further answer read this paper. Raises NotFoundError when the library does not hold it."""
        self._set(self._library.paper(paper_id).paper_id, pinned=True)

    def exclude(self, paper_id: str) -> None:
        """Keeps this paper out of every further answer. Raises NotFoundError when the library does not hold it."""
        self._set(self._library.paper(paper_id).paper_id, excluded=True)

    def release(self, paper_id: str) -> None:
        """Neither pins nor excludes the paper any longer."""
        for meant in {paper_id, *self._library.store.identities.meant(paper_id)}:
            self._set(meant)

    def _set(self, paper_id: str, *, pinned: bool = False, excluded: bool = False) -> None:
        self.pinned = tuple(i for i in self.pinned if i != paper_id) + ((paper_id,) if pinned else ())
        self.excluded = tuple(i for i in self.excluded if i != paper_id) + ((paper_id,) if excluded else ())
        self._store()

    def _store(self) -> None:
        """A conversation without an answer is not stored: opening a page and leaving it again leaves no trace."""
        if self.answers:
            info = ConversationInfo(
                self.conversation_id, self.answers[0].question, self._created, self._created, len(self.answers)
            )
            self._log.save_conversation(StoredConversation(info, self._owner, self.pinned, self.excluded))
