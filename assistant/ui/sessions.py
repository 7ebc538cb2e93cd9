"""Finds the session of a browser tab. Those used last are held in memory; the others are read again from the library."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field

from assistant import Assistant, AssistantError, Filters
from assistant.ui.chat import Chat
from assistant.ui.history import History
from assistant.ui.turn import Session

MOST_HELD = 64
"""Sessions with their turns: some 0.1 MB each. As many visitors may wait for an answer at the same time."""
_MOST_KNOWN = 10_000
"""Tabs whose conversation can be found again while the program runs."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What is needed to read a session again."""

    owner: str = ""
    conversation_id: str = ""
    assistant: Assistant | None = None
    filters: Filters = field(default_factory=Filters)


class Sessions:
    """The sessions of all tabs, by the id that the page gives each tab. Safe to use from several threads.

    A closed tab is not forgotten at once: after a lost connection it looks the same, and goes on under the same id.
    """

    def __init__(self, chat: Chat, history: History) -> None:
        self._chat = chat
        self._history = history
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Session] = OrderedDict()
        self._places: OrderedDict[str, _Place] = OrderedDict()

    def of(self, tab: str | None) -> Session:
        """The session of a tab; a new one for a tab that has never been seen."""
        tab = tab or ""
        with self._lock:
            session = self._held.get(tab) or self._read(self._places.get(tab, _Place()))
            self._hold(tab, session)
        return session

    def enter(self, tab: str | None, owner: str, conversation_id: str) -> Session:
        """A session for a page that was just loaded, in that conversation if it is one of the owner's.

        A visitor may be faster than the page: a session in which a question was asked already stays.
        """
        tab = tab or ""
        with self._lock:
            held = self._held.get(tab)
            session = held if held and held.turns else self._read(_Place(owner, conversation_id))
            self._hold(tab, session)
        return session

    def _read(self, place: _Place) -> Session:
        session = self._chat.new_session(place.owner)
        session.filters = place.filters
        if place.assistant is not None:
            session.move_to(place.assistant)
        if place.conversation_id:
            with suppress(AssistantError):  # deleted, never stored, or somebody else's
                self._history.open(session, place.conversation_id)
        return session

    def _hold(self, tab: str, session: Session) -> None:
        self._held[tab] = session
        self._held.move_to_end(tab)
        idle = (name for name, held in self._held.items() if not (held.turns and held.turns[-1].running))
        for name in list(idle)[: max(0, len(self._held) - MOST_HELD)]:
            left = self._held.pop(name)
            known = left.conversation.conversation_id
            self._places[name] = _Place(left.owner, known, left.assistant, left.filters)
        while len(self._places) > _MOST_KNOWN:
            self._places.popitem(last=False)
