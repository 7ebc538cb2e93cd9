"""Follow-ups that point at what was shown: numbers, ordinals, "another one", records, "back to", courtesies."""

from __future__ import annotations

import json

import pytest
from invariants import check_answer

from assistant import Answer, Assistant, Conversation, Settings

TWO = "Compare the accuracy of Quill on charters and the error rate of NoteHound on accordion pages."
OWL = "What does OwlRoute do for night buses?"
TIDE = "What does TideNet read?"


def _papers(answer: Answer) -> list[str]:
    return list(dict.fromkeys(c.title for c in answer.citations or answer.nearest))


@pytest.fixture
def chat(assistant: Assistant) -> Conversation:
    return assistant.chat()


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("How large is the test set of [{last}]?", -1),
        ("What does citation 1 say about accuracy?", 0),
        ("How large is the second paper's collection?", 1),
        ("Tell me more about the last one", -1),
        ("And the first one?", 0),
        ("What mistakes does the latter make?", 1),
        ("And number one?", 0),
        ("What does the first of these merge?", 0),
    ],
)
def test_a_pointer_means_the_paper_that_was_shown(
    assistant: Assistant, chat: Conversation, question: str, place: int
) -> None:
    shown = chat.ask(TWO)
    answer = chat.ask(question.format(last=len(shown.citations)))
    check_answer(answer, assistant)
    assert _papers(answer) == [_papers(shown)[place]]


def test_an_ordinal_counts_the_papers_of_the_conversation(chat: Conversation) -> None:
    chat.ask(OWL)
    chat.ask(TIDE)
    assert "Night Buses" in _papers(chat.ask("How many vehicles did the first one need?"))[0]
    assert "TideNet" in _papers(chat.ask("What about the other one, is it fast to train?"))[0]
    assert "Night Buses" in _papers(chat.ask("Back to the night buses: where does that transfer?"))[0]
    assert "TideNet" in _papers(chat.ask("Let's go back to TideNet"))[0]


@pytest.mark.parametrize(
    "question", ["Which was the first model that counts barley?", "What is the last step of Quill?"]
)
def test_an_ordinal_that_counts_something_else_points_at_nothing(chat: Conversation, question: str) -> None:
    chat.ask(OWL)
    assert chat.ask(question).standalone_question == question


def test_a_number_that_was_not_shown_is_not_guessed(assistant: Assistant, chat: Conversation) -> None:
    chat.ask(OWL)
    answer = chat.ask("What does [9] say?")
    check_answer(answer, assistant)
    assert answer.status == "abstained"
    assert "[9]" in answer.text


@pytest.mark.parametrize(
    "question", ["another one on this", "Anything else on this topic?", "Are there similar papers?"]
)
def test_another_one_is_none_of_those_shown(chat: Conversation, question: str) -> None:
    shown = _papers(chat.ask("Which papers measure how well models read or judge text and pages?"))
    assert not set(shown) & set(_papers(chat.ask(question)))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("recorded")
    papers = [
        {
            "title": "Moss as a Clock",
            "abstract": "Moss grows at a steady rate on north walls. MossClock dates a wall to within four years.",
            "authors": ["Ines Falk", "Tomas Brodie"],
            "date": "2022-05-17",
            "doi": "10.1234/moss.1",
        },
        {
            "title": "Ferns and Echoes",
            "abstract": "Ferns damp the echo of a courtyard. FernEcho predicts the damping from photographs of leaves.",
        },
    ]
    (folder / "papers.jsonl").write_text("\n".join(map(json.dumps, papers)), encoding="utf-8")
    assistant = Assistant(Settings(home=folder / "home", llm="quotes", log_answers=False, cache=False))
    assistant.add([folder / "papers.jsonl"])
    return assistant


@pytest.mark.parametrize(
    ("question", "stated"),
    [
        ("who wrote it?", "Ines Falk and Tomas Brodie"),
        ("When was it published?", "2022-05-17"),
        ("link?", "https://doi.org/10.1234/moss.1"),
        ("Where did it appear?", "not recorded"),
    ],
)
def test_the_record_answers_what_no_abstract_states(recorded: Assistant, question: str, stated: str) -> None:
    chat = recorded.chat()
    chat.ask("How exactly does MossClock date a wall?")
    answer = chat.ask(question)
    check_answer(answer, recorded)
    assert "Moss as a Clock" in answer.text
    assert stated in answer.text
    assert "MossClock" in str(chat.ask("How exact is it?")), "the conversation stays on the paper"


def test_a_record_is_asked_for_by_title_and_by_number(recorded: Assistant) -> None:
    assert "Tomas Brodie" in recorded.ask("Who wrote Moss as a Clock?").text
    assert "not recorded" in recorded.ask("Who are the authors of “Ferns and Echoes”?").text
    chat = recorded.chat()
    chat.ask("What does FernEcho predict?")
    assert "The authors of “Ferns and Echoes” are not recorded" in chat.ask("Who wrote [1]?").text


@pytest.mark.parametrize(
    "said", ["thanks!", "Thank you, very helpful", "Great, thanks a lot!", "ok great, thanks", "hello"]
)
def test_courtesy_gets_courtesy(assistant: Assistant, chat: Conversation, said: str) -> None:
    chat.ask(OWL)
    events = list(chat.stream(said))
    answer = chat.answers[-1]
    check_answer(answer, assistant)
    assert "not what the library is about" not in answer.text
    assert "welcome" in answer.text or "Hello" in answer.text
    assert answer.standalone_question == said
    assert not any(e.retrieved for e in events), "nothing is searched for"
    assert "Night Buses" in chat.ask("Which city was it made for?").standalone_question


def test_a_paper_whose_title_is_named_is_the_only_one_quoted(sample: Assistant) -> None:
    assert _papers(sample.ask("What are Dual Path Networks?")) == ["Dual Path Networks"]
