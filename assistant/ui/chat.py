"""What happens when a visitor asks, stops or begins anew. Gives out HTML; knows nothing about Gradio.

All that is kept of a conversation is in the `Session` that is handed in and out, one for each browser tab.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant import Assistant, AssistantError
from assistant.ui.render import model_words, render_turn
from assistant.ui.shelf import Shelf
from assistant.ui.text import esc
from assistant.ui.turn import Session, Turn

_LOG = logging.getLogger(__name__)
_KEPT = 40
"""Turns that stay on the page; earlier ones would only make every further question slower."""


@dataclass(frozen=True, slots=True)
class View:
    """The page after a step: the turn that is being answered, and those before it."""

    live: str
    past: str
    session: Session | None


class Chat:
    """Serves all conversations of one assistant; holds none of them."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.shelf = Shelf(assistant)

    def header(self) -> str:
        """The library and what answers, always in sight."""
        count = self.shelf.refresh()
        library = "The library is empty" if count == 0 else f"{count} paper{'s' if count != 1 else ''}"
        model = esc(model_words(self._assistant.model))
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
        if self.shelf.refresh() == 0:
            words += " The library is still empty: the first question indexes the bundled sample."
        return f'<p class="welcome">{words}</p>'

    def ask(self, question: str, session: Session | None) -> Iterator[View]:
        """One more turn, told as it comes about."""
        session = session or Session(self._assistant.chat())
        past = self._html(session.turns[-_KEPT:])
        question = question.strip()
        if not question:
            yield View(self._html(session.turns[-1:]), self._html(session.turns[-_KEPT:-1]), session)
            return
        turn = session.begin(question, f"Searching {self.shelf.count} papers…")
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

    def _steps(self, turn: Turn, session: Session) -> Iterator[None]:
        if self.shelf.refresh() == 0:
            for message in self.shelf.fill():
                turn.stage = message
                yield
            turn.stage = f"Searching {self.shelf.count} papers…"
            yield
        for event in session.conversation.stream(turn.question):
            turn.take(event)
            yield

    def _html(self, turns: Sequence[Turn]) -> str:
        return "".join(render_turn(t, self.shelf.count, self._assistant.model) for t in turns)
