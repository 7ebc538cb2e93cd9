"""Courtesies are no questions; a courteous question is one."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.query.courtesy import is_courtesy


@pytest.mark.parametrize(
    "said",
    ["Hello!", "hi there, how are you?", "Good morning! How is it going today?", "thanks, that was helpful!", "What can you do?",
     "Tell me a joke about pelicans", "help", "How was your weekend?"],
)  # fmt: skip
def test_courtesies(said: str) -> None:
    assert is_courtesy(said)


@pytest.mark.parametrize(
    "asked",
    ["Hello, which error rate does NoteHound reach?", "How are you able to train TideNet on a laptop?", "harbour currents",
     "Can you help me find papers on barley?", "What can you do against label noise?", "Thanks. And on piano pages?"],
)  # fmt: skip
def test_courteous_questions(asked: str) -> None:
    assert not is_courtesy(asked)


def test_a_greeting_gets_no_quotes(assistant: Assistant) -> None:
    answer = assistant.ask("Hello, how are you?")
    assert (answer.status, answer.reason) == ("abstained", "outside_corpus")
