"""What asks nothing of the papers gets an example of a question; what leans on a conversation that is not there asks back."""

from __future__ import annotations

import pytest

from assistant import Assistant

NO_QUESTION = [
    "?",
    "42",
    "#!/bin/sh\nset -e\nmake all",
    "SELECT * FROM ships WHERE length > 20;",
    "const n = xs.map((x) => x * 2).join(';');",
    "https://example.org/news/2023/05",
    "hjkdfs kjhsdf",
    "the of and",
    '{"port": 8080, "hosts": ["a", "b"]}',
    "write me a ballad about a lighthouse",
    "how much is 14 times 31?",
    "what should I eat on Sunday?",
    "The kiln was heated for two days. Pots were taken out every hour. The glaze cracked when it cooled too fast.",
]
UNCLEAR = [
    "and the second one?",
    "tell me more about [3]",
    "what about its drawbacks?",
    "why?",
    "more",
    "and in 2018?",
    "show me the source",
    "how many of them sank?",
    "summarise it",
    "the same for that paper",
]
QUESTIONS = [
    "Quill",
    "tokenizers",
    "kite photographs",
    "BarleyCount vs drones",
    "Do Language Models Know When Bread Is Done?",
    "harbour currents",
    "write a short summary of what is known about bread",
    "I photograph fields. My drone is banned. How else can I count ears?",
]


@pytest.mark.parametrize("said", NO_QUESTION)
def test_no_question(assistant: Assistant, said: str) -> None:
    answer = assistant.ask(said)
    assert (answer.status, answer.reason, answer.citations) == ("abstained", "no_question", ())
    assert "for example: What is “" in answer.text


@pytest.mark.parametrize("said", UNCLEAR)
def test_asks_back_where_nothing_was_said_before(assistant: Assistant, said: str) -> None:
    answer = assistant.ask(said)
    assert (answer.status, answer.reason) == ("abstained", "unclear")
    assert answer.text.startswith("Which paper or subject do you mean?")


@pytest.mark.parametrize("said", QUESTIONS)
def test_titles_names_and_subjects_are_questions(assistant: Assistant, said: str) -> None:
    assert assistant.ask(said).reason not in ("no_question", "unclear")


def test_the_example_is_answered(assistant: Assistant) -> None:
    example = assistant.ask("?").text.partition("for example: ")[2]
    assert assistant.ask(example).status == "answered"


def test_a_greeting_is_nothing_to_refer_to(assistant: Assistant) -> None:
    assert assistant.ask("tell me more about [3]", history=[assistant.ask("hello")]).reason == "unclear"


@pytest.mark.parametrize("said", ["how much is 14 times 31?", "SELECT * FROM ships WHERE length > 20;"])
def test_what_is_surely_no_question_is_none_in_a_conversation_either(assistant: Assistant, said: str) -> None:
    assert assistant.ask(said, history=[assistant.ask("What does TideNet forecast?")]).reason == "no_question"


def test_a_bare_why_means_the_paper_that_was_quoted_first(assistant: Assistant) -> None:
    first = assistant.ask("What does TideNet forecast?")
    why = assistant.ask("why?", history=[first, assistant.ask("thanks", history=[first])])
    assert first.citations[0].title in why.standalone_question


def test_a_conversation_gives_the_words_a_meaning(assistant: Assistant) -> None:
    first = assistant.ask("What does TideNet forecast?")
    assert assistant.ask("and how long does it train?", history=[first]).status == "answered"


@pytest.mark.parametrize(
    "question",
    [
        "What are the limitations of BarleyCount?",
        "Is Quill any good?",
        "What do the authors of TideNet plan to do next?",
        "Who funded TideNet?",
    ],
)
def test_what_no_abstract_says_of_itself_is_not_stated(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).reason == "related_but_not_stated"


def test_a_limitation_that_an_abstract_states_is_answered(assistant: Assistant) -> None:
    answer = assistant.ask("What did not help the language models to judge bread?")
    assert answer.status == "answered"
