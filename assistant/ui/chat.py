"""Answers a visitor's questions, and renders the conversation after each step."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant import Assistant, AssistantError, Filters, Plan
from assistant.citations import LISTING_FORMS
from assistant.ui.indexing import Indexing
from assistant.ui.library_cache import LibraryCache
from assistant.ui.plan_chips import changed
from assistant.ui.render import describe_model, render_turn
from assistant.ui.templates import render
from assistant.ui.text import plural
from assistant.ui.turn import Session, Turn

_LOG = logging.getLogger(__name__)
_SHOWN_TURNS = 40
"""Turns that stay on the page; with more of them, every further question would be slower to show."""


@dataclass(frozen=True, slots=True)
class View:
    """The page after a step: the turn that is being answered, and those before it."""

    live: str
    past: str


class Chat:
    """Serves all conversations of one assistant; their state is in the `Session` of each browser tab."""

    def __init__(self, assistant: Assistant, library: LibraryCache, indexing: Indexing) -> None:
        self.assistant = assistant
        self.library = library
        self.indexing = indexing

    def header(self) -> str:
        """The size of the library and the model, always shown."""
        return render("masthead", count=self.library.count, model=describe_model(self.assistant.model))

    def welcome(self) -> str:
        """The text that an empty conversation shows."""
        return render("welcome", empty=self.library.count == 0)

    def new_session(self, owner: str = "") -> Session:
        """A new conversation; without an owner nobody can come back to it."""
        owner = owner or f"nobody:{secrets.token_hex(16)}"
        return Session(owner, self.assistant, self.assistant.chat(owner=owner))

    def begin(self, question: str, session: Session, plan: Plan | None = None) -> Turn | None:
        """Opens the turn, with the plan as the visitor corrected it; None for an empty question."""
        question = question.strip()
        if not question:
            return None
        searched = self.library.count_passing(self._filters(session))
        return session.begin(question, _searching(searched), searched, plan)

    def retry(self, session: Session) -> tuple[str, Plan | None]:
        """Takes the last turn back, to be answered again without the cache; returns its question and its plan."""
        plan = session.turns[-1].plan if session.turns else None
        question = session.take_back()
        if session.assistant.settings.cache and session.assistant.model != "quotes":
            session.move_to(session.assistant.using(cache=False))
        return question, plan

    def change_plan(self, session: Session, field: str, value: str) -> tuple[str, Plan | None]:
        """Takes the last turn back, to be answered again by a plan without this part; returns question and plan."""
        answer = session.turns[-1].answer if session.turns else None
        if answer is None or answer.query is None:
            return "", None
        return session.take_back(), changed(answer.query, field, value)

    def show_waiting(self, turn: Turn, session: Session, before: int) -> View:
        """The page while others are served first."""
        turn.stage = f"Waiting: {plural(before, 'question')} {'is' if before == 1 else 'are'} before yours."
        return self.view(session)

    def show_failure(self, turn: Turn, session: Session, error: AssistantError) -> View:
        """The page when the turn cannot even wait."""
        turn.error = str(error)
        return self.view(session)

    def answer(self, turn: Turn, session: Session) -> Generator[View]:
        """The page after each step of the answer."""
        turn.stage = _searching(turn.searched)
        past = self._html(session, session.turns[-_SHOWN_TURNS:-1])
        try:
            yield View(self._html(session, [turn]), past)
            for _ in self._steps(turn, session):
                if turn.stopped:
                    return
                yield View(self._html(session, [turn]), past)
        except AssistantError as error:
            turn.error = str(error)
        except Exception:
            _LOG.exception("a question failed")
            turn.error = "Something went wrong inside the assistant; its log has the details. You can ask again."
        finally:
            # When the visitor stops or leaves, this generator is closed from outside at one of the yields above.
            turn.stop()
        if turn.error:
            yield View(self._html(session, [turn]), past)

    def stop(self, session: Session) -> str:
        """Ends the turn that is being answered, and shows its sentences so far."""
        if not session.turns:
            return ""
        session.turns[-1].stop()
        return self._html(session, session.turns[-1:])

    def rate(self, session: Session, record_id: str, rating: int) -> None:
        """Stores the reader's rating of one of their own answers; the same rating again removes it."""
        for turn in session.turns:
            if turn.answer is not None and record_id and turn.answer.record_id == record_id:
                turn.rating = 0 if turn.rating == rating else rating
                self.assistant.rate(record_id, turn.rating)

    def export_listing(self, session: Session, number: str, form: str) -> tuple[str, str]:
        """Name and text of a file with the whole table or listing of a turn; empty without one. Raises AssistantError."""
        turn = session.turn(number)
        answer = turn.answer if turn is not None else None
        if answer is None or form not in LISTING_FORMS:
            return "", ""
        if answer.table is not None:
            return f"table-{number}.{LISTING_FORMS[form]}", self.assistant.export_table(answer.table, form)
        if answer.listing is not None:
            return f"listing-{number}.{LISTING_FORMS[form]}", self.assistant.export_listing(answer.listing, form)
        return "", ""

    def view(self, session: Session) -> View:
        """The page as it is now."""
        return View(self._html(session, session.turns[-1:]), self._html(session, session.turns[-_SHOWN_TURNS:-1]))

    def _steps(self, turn: Turn, session: Session) -> Iterator[None]:
        if self.library.count == 0:
            self.indexing.start(None)
            while self.indexing.running:
                turn.stage = self.indexing.sample_progress
                yield
                self.indexing.wait(0.4)
            turn.searched = self.library.count_passing(self._filters(session))
            turn.stage = _searching(turn.searched)
            yield
        for event in session.conversation.stream(turn.question, session.filters, turn.plan):
            turn.apply(event)
            if event.answer is not None and (event.answer.listing or event.answer.table):
                turn.look_up(self.library.papers)
            yield

    @staticmethod
    def _filters(session: Session) -> Filters:
        return replace(session.filters, exclude=session.conversation.excluded)

    @staticmethod
    def _html(session: Session, turns: Sequence[Turn]) -> str:
        return "".join(render_turn(turn, session.conversation.pinned) for turn in turns)


def _searching(papers: int) -> str:
    return f"Searching {plural(papers, 'paper')}…"
