"""A message with several questions: each is answered by itself, in one answer; one question stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from invariants import check_answer

from assistant import Answer, Assistant, Settings
from assistant.query.parts import split
from eval.fake_server import serve


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("What does OwlRoute plan and how many vehicles does it need?", ["What does OwlRoute plan?", "how many vehicles does it need?"]),
        ("Is it fast, and does it need labels?", ["Is it fast?", "does it need labels?"]),
        ("1. What is Quill? 2. Who wrote it?", ["What is Quill?", "Who wrote it?"]),
        ("what is quill? how large is its lexicon?", ["what is quill?", "how large is its lexicon?"]),
        ("Thanks! Explain TideNet. Also, what does BarleyCount count?", ["Explain TideNet.", "Also, what does BarleyCount count?"]),
        (
            "Who labelled the tiles, what was counted, and does wind matter?",
            ["Who labelled the tiles?", "what was counted?", "does wind matter?"],
        ),
        ("I read about kites. What do they carry? And why?", ["I read about kites. What do they carry?", "I read about kites. And why?"]),
        (
            "What do TideNet, Quill, OwlRoute and BarleyCount read?",
            ["What do TideNet read?", "What do Quill read?", "What do OwlRoute read?", "What do BarleyCount read?"],
        ),
    ],
)  # fmt: skip
def test_several_questions(message: str, parts: list[str]) -> None:
    assert split(message) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Does Quill improve accuracy and speed over plain tokenizers?",
        "Which harbours and which years were used?",
        "How do they decide what to prune and what is kept?",
        "Does TideNet beat the tide tables, and by how much?",
        "Which methods were trained on charters and are released with a lexicon?",
        "When labels are scarce, how does BarleyCount perform?",
        "What does “Do Language Models Know When Bread Is Done?” conclude?",
        "How does Lindqvist et al. differ from BarleyCount on windy days?",
        "Does it help on CIFAR-10, CIFAR-100, SVHN and ImageNet?",
        "Compare TideNet, Quill, OwlRoute and BarleyCount.",
        "Thanks! What does Quill merge?",
    ],
)
def test_one_question_stays_whole(question: str) -> None:
    assert split(question) == [question]


def test_each_question_is_answered_in_one_answer(assistant: Assistant) -> None:
    message = (
        "By how much do waiting times drop with OwlRoute, and how many vehicles does it need? What does TideNet read?"
    )
    answer = assistant.ask(message)
    check_answer(answer, assistant)
    assert answer.question == message
    assert all(fact in answer.text for fact in ("31%", "9 vehicles", "buoy records"))
    order = [answer.text.index("31%"), answer.text.index("buoy records")]
    assert order == sorted(order)
    assert "Night Buses" in answer.standalone_question, "“it” was understood"


def test_sentences_come_before_the_next_question_is_searched(assistant: Assistant) -> None:
    kinds = [e.kind for e in assistant.stream("What does TideNet read? What does OwlRoute plan?")]
    assert kinds.count("retrieved") == kinds.count("question") == 2
    second = len(kinds) - 1 - kinds[::-1].index("retrieved")
    assert "sentence" in kinds[:second]
    assert kinds[-1] == "answer"
    assert kinds.count("answer") == 1


def test_what_is_not_stated_is_said_and_costs_the_others_nothing(assistant: Assistant) -> None:
    answer = assistant.ask("What does TideNet read? Who won the football final in 1998? Who wrote Quill?")
    check_answer(answer, assistant)
    assert answer.status == "answered"
    assert "buoy records" in answer.text
    assert len(answer.remarks) == 2
    assert all(remark in answer.text and remark in str(answer) for remark in answer.remarks)
    assert "“Who won the football final in 1998?”: " in answer.text
    assert "not recorded" in answer.remarks[1]
    assert Answer.from_dict(answer.to_dict()) == answer
    assert all(r.replace("[", "") for r in answer.remarks)
    exported = assistant.export([answer], "markdown")
    assert "football final" in exported.split("Understood as")[-1]


def test_where_no_question_is_answered_the_answer_is_an_abstention(assistant: Assistant) -> None:
    answer = assistant.ask("Who won the football final in 1998? What is the capital of Peru?")
    check_answer(answer, assistant)
    assert answer.text.count("”: ") == 2


def test_a_sentence_that_answers_two_questions_is_shown_once(assistant: Assistant) -> None:
    answer = assistant.ask(
        "Which harbours was TideNet tried on? To how many knots does TideNet lower the mean speed error?"
    )
    check_answer(answer, assistant)
    assert answer.text.count("Esbjerg") == 1


def test_the_parts_are_cached_and_replayed_together(fresh_home: Path) -> None:
    message = "What does TideNet read? Who won the football final in 1998?"
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        first = assistant.ask(message)
        again = assistant.ask(message)
    assert "cache" in again.timings_ms
    assert (again.text, again.remarks, again.citations) == (first.text, first.remarks, first.citations)


def test_a_model_answers_each_question_under_one_numbering(fresh_home: Path) -> None:
    replies = ("TideNet reads eleven years of buoy records and tide tables [1].", "Waiting times drop by 31% [1].")
    with (
        serve(*replies) as server,
        Assistant(Settings(home=fresh_home, llm=server.spec, llm_citing="inline")) as assistant,
    ):
        answer = assistant.ask("What does TideNet read? By how much do waiting times drop with OwlRoute?")
        check_answer(answer, assistant)
    assert len(server.requests) == 2
    assert [s.citations for s in answer.sentences] == [(1,), (2,)]
    assert len({c.paper_id for c in answer.citations}) == 2
    assert answer.usage.prompt_tokens > 0
