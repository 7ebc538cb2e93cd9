"""What happens when a visitor asks, stops or tries again. Gives out HTML; knows nothing about Gradio.

All that is kept of a conversation is in the `Session` that is handed in and out, one for each browser tab.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant import Assistant, AssistantError, Filters
from assistant.ui.indexing import Indexing
from assistant.ui.library_cache import Shelf
from assistant.ui.render import model_words, render_turn
from assistant.ui.text import esc, plural
from assistant.ui.turn import Session, Turn

_LOG = logging.getLogger(__name__)
_KEPT = 40
"""Turns that stay on the page; earlier ones would only make every further question slower."""


@dataclass(frozen=True, slots=True)
class View:
    """The page after a step: the turn that is being answered, and those before it."""

    live: str
    past: str
    session: Session


class Chat:
    """Serves all conversations of one assistant; holds none of them."""

    def __init__(self, assistant: Assistant, shelf: Shelf, indexing: Indexing) -> None:
        self.assistant = assistant
        self.shelf = shelf
        self.indexing = indexing

    def header(self) -> str:
        """The library and what answers, always in sight."""
        count = self.shelf.count
        library = "The library is empty" if count == 0 else plural(count, "paper")
        model = esc(model_words(self.assistant.model))
        return (
            '<header class="masthead"><h1>Abstract assistant</h1><p class="facts">'
            f'<span class="library">{library}</span><span class="answers-with">{model}</span></p></header>'
        )

    def welcome(self) -> str:
        """What stands where the conversation will be."""
        words = (
            "Ask about the papers in this library. Every sentence of an answer cites an exact span of an abstract; "
            "when the abstracts do not state it, you are told so."
        )
        if self.shelf.count == 0:
            words += " The library is still empty: add files in the Library tab, or ask, and the sample is read first."
        return f'<p class="welcome">{words}</p>'

    def enter(self, owner: str = "") -> Session:
        """A new conversation; without an owner it belongs to nobody who could come back."""
        owner = owner or f"nobody:{secrets.token_hex(16)}"
        return Session(owner, self.assistant, self.assistant.chat(owner=owner))

    def begin(self, question: str, session: Session) -> Turn | None:
        """Opens the turn; None for an empty question."""
        question = question.strip()
        if not question:
            return None
        searched = self.shelf.passing(self._filters(session))
        return session.begin(question, f"Searching {plural(searched, 'paper')}…", searched)

    def again(self, session: Session) -> str:
        """Takes the last turn back, to be answered anew and not from the cache; returns its question."""
        question = session.take_back()
        if session.assistant.settings.cache and session.assistant.model != "quotes":
            session.move_to(session.assistant.using(cache=False))
        return question

    def waiting(self, turn: Turn, session: Session, before: int) -> View:
        """The page while others are served first."""
        turn.stage = f"Waiting: {plural(before, 'question')} {'is' if before == 1 else 'are'} before yours."
        return self.view(session)

    def refuse(self, turn: Turn, session: Session, error: AssistantError) -> View:
        """The page when the turn cannot even wait."""
        turn.error = str(error)
        return self.view(session)

    def answer(self, turn: Turn, session: Session) -> Generator[View]:
        """The turn, told as it comes about."""
        turn.stage = f"Searching {plural(turn.searched, 'paper')}…"
        past = self._html(session.turns[-_KEPT:-1])
        try:
            yield View(self._html([turn]), past, session)
            for _ in self._steps(turn, session):
                if turn.stopped:
                    return
                yield View(self._html([turn]), past, session)
        except AssistantError as error:
            turn.error = str(error)
        except Exception:
            _LOG.exception("a question failed")
            turn.error = "Something went wrong inside the assistant; its log says more. You can ask again."
        finally:
            # A visitor who stops or leaves ends this generator from outside, at one of the yields above.
            turn.stopped = turn.stopped or turn.running
        if turn.error:
            yield View(self._html([turn]), past, session)

    def stop(self, session: Session | None) -> str:
        """Ends the turn that is being answered, and shows what there is of it."""
        if session is None or not session.turns:
            return ""
        turn = session.turns[-1]
        turn.stopped = turn.stopped or turn.running
        return self._html([turn])

    def rate(self, session: Session, record_id: str, rating: int) -> None:
        """Keeps what the reader thinks of one of their own answers; the same again takes it back."""
        for turn in session.turns:
            if turn.answer is not None and record_id and turn.answer.record_id == record_id:
                turn.rating = 0 if turn.rating == rating else rating
                self.assistant.rate(record_id, turn.rating)

    def view(self, session: Session) -> View:
        """The page as it stands."""
        return View(self._html(session.turns[-1:]), self._html(session.turns[-_KEPT:-1]), session)

    def _steps(self, turn: Turn, session: Session) -> Iterator[None]:
        if self.shelf.count == 0:
            self.indexing.start(None)
            while self.indexing.running:
                turn.stage = f"Reading the bundled sample: {plural(self.indexing.pace.stored, 'paper')} so far…"
                yield
                self.indexing.wait(0.4)
            turn.searched = self.shelf.passing(self._filters(session))
            turn.stage = f"Searching {plural(turn.searched, 'paper')}…"
            yield
        for event in session.conversation.stream(turn.question, session.filters):
            turn.take(event)
            yield

    @staticmethod
    def _filters(session: Session) -> Filters:
        return replace(session.filters, exclude=session.conversation.excluded)

    @staticmethod
    def _html(turns: Sequence[Turn]) -> str:
        return "".join(render_turn(turn) for turn in turns)
