"""A browser tab's conversation is found again, by nobody else, and only so many are held in memory."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.ui.chat import Chat
from assistant.ui.history import History
from assistant.ui.indexing import Indexing
from assistant.ui.library_cache import LibraryCache
from assistant.ui.sessions import MOST_HELD, Sessions

QUESTION = "How much does TideNet lower the speed error?"


@pytest.fixture
def sessions(fresh: Assistant) -> Sessions:
    library = LibraryCache(fresh)
    return Sessions(Chat(fresh, library, Indexing(fresh, library.invalidate)), History(fresh, library))


def test_a_tab_that_many_others_followed_goes_on_where_it_was(sessions: Sessions) -> None:
    tab = sessions.enter("tab", "browser:ann", "")
    answer = tab.conversation.ask(QUESTION)
    assert sessions.of("tab") is tab
    for number in range(MOST_HELD + 1):
        sessions.of(f"other {number}")
    again = sessions.of("tab")
    assert again is not tab
    assert again.owner == "browser:ann"
    assert [turn.question for turn in again.turns] == [QUESTION]
    assert again.conversation.answers == [answer]


def test_a_page_that_is_loaded_again_shows_its_conversation_to_its_owner_alone(sessions: Sessions) -> None:
    before = sessions.enter("before", "browser:ann", "")
    before.conversation.ask(QUESTION)
    known = before.conversation.conversation_id
    assert [turn.question for turn in sessions.enter("after", "browser:ann", known).turns] == [QUESTION]
    assert not sessions.enter("stranger", "browser:bob", known).turns
