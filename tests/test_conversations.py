"""Follow-ups: what leans on the conversation finds its paper, what stands alone is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from invariants import check_answer
from smollm import smollm_file

from assistant import Answer, Assistant, Settings
from assistant.query import cues
from assistant.query.model_contextualize import build_prompt
from eval import questions
from eval.fake_server import CHARACTERS_A_TOKEN, serve

CONVERSATIONS = [json.loads(line) for line in (Path(__file__).parent / "conversations.jsonl").read_text().splitlines()]
"""Over the bundled sample, three turns each, with the paper that each turn is about (None: nothing in the library). The
rules were made with the dev halves in view; the test halves were written afterwards. The pointing ones name a paper by
its place: "[1]", "the first one", "go back to …"."""
OWL = "What does OwlRoute do for night buses?"
QUILL = "How far does part-of-speech accuracy rise with Quill?"


@pytest.mark.parametrize(
    ("earlier", "question", "title"),
    [
        ([OWL], "And where does it transfer without retraining?", "Night Buses"),
        ([OWL, QUILL], "How many signs does its lexicon have?", "Quill"),
        ([OWL, QUILL], "By how much did its waiting times drop?", "Night Buses"),
        ([OWL, "Who won the football final?"], "Was it tested in a simulator?", "Night Buses"),
        ([OWL], "Which city?", "Night Buses"),
    ],
)
def test_a_follow_up_is_about_the_paper_that_is_meant(
    assistant: Assistant, earlier: list[str], question: str, title: str
) -> None:
    chat = assistant.chat()
    for before in earlier:
        chat.ask(before)
    assert title in chat.ask(question).standalone_question
    assert title in assistant.ask(question, history=earlier).standalone_question, "and so from the questions alone"


@pytest.mark.parametrize(
    "question",
    [
        "What is AccordBench?",
        "And BarleyCount?",
        "How does BarleyCount count its ears?",
        "Is it possible to judge the doneness of bread from written descriptions?",
        "Which paper shows that harbour currents can be forecast from buoys?",
        "How do harbour pilots get their forecasts of currents?",
    ],
)
def test_a_question_that_names_its_subject_stands_alone(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question, history=[OWL]).standalone_question == question


def test_the_papers_of_the_answer_count_not_those_of_a_new_search(assistant: Assistant) -> None:
    answer = assistant.ask(QUILL)
    other = Answer.from_dict(answer.to_dict() | {"question": OWL, "standalone_question": OWL})
    assert "Quill" in assistant.ask("What is it trained on?", history=[other]).standalone_question


def test_several_papers_can_be_meant(assistant: Assistant) -> None:
    chat = assistant.chat()
    chat.ask("Compare the accuracy of Quill on charters and the error rate of NoteHound on accordion pages.")
    understood = chat.ask("Which of them has the larger test set?").standalone_question
    assert "Quill" in understood
    assert "Accordion" in understood


@pytest.mark.parametrize(
    ("question", "back", "names"),
    [
        ("Does it need labels?", True, ()),
        ("Why?", True, ()),
        ("What does the method assume?", True, ()),
        ("What does the method of Lindqvist assume?", False, ()),
        ("Which paper shows that models fail?", False, ()),
        ("Is that faster?", True, ()),
        ("Are there papers on buses?", False, ()),
        ("Does BarleyCount beat it?", True, ("BarleyCount",)),
        ("And on CIFAR-10, is it any good?", True, ()),
    ],
)
def test_cues(question: str, back: bool, names: tuple[str, ...]) -> None:
    found = cues.cues_of(question)
    assert (found.points_back, found.names) == (back, names)


@pytest.mark.slow
def test_right_paper_first_in_conversations_without_a_model(sample: Assistant) -> None:
    """The aim is .85, in the conversations here and in those of the question set."""
    shares = {
        split: [_right(sample, c["turns"]) for c in CONVERSATIONS if c["split"] == split]
        for split in ("dev", "test", "pointing, dev", "pointing, test")
    }
    titles = {p.paper_id: p.title for p in sample.papers()}
    asked = [q for q in questions.load() if q.type == "follow-up"]
    shares["questions"] = [
        _right(
            sample,
            [
                *({"question": h, "paper": None} for h in q.history),
                {"question": q.question, "paper": titles[q.gold_papers[0]]},
            ],
        )
        for q in asked
    ]
    for name, pairs in shares.items():
        right, wanted = sum(r for r, _ in pairs), sum(n for _, n in pairs)
        print(f"{name}: right paper first {right / wanted:.2f} ({wanted} follow-ups)")
        assert wanted >= 13
        assert right / wanted >= 0.85, f"{name}: {right} of {wanted}"


def _right(sample: Assistant, turns: list[dict[str, str]]) -> tuple[int, int]:
    """How many follow-ups found their paper first, of how many."""
    chat, found = sample.chat(), []
    for turn in turns:
        *events, last = chat.stream(turn["question"])
        assert last.answer is not None
        retrieved = [p.paper.title for e in events for p in e.retrieved or ()]
        listed = [p.title for p in last.answer.listing.papers] if last.answer.listing else []
        found.append([*retrieved, *listed][:1] == [turn["paper"]])  # what a record says is listed, not retrieved
    wanted = [f for f, turn in zip(found[1:], turns[1:], strict=True) if turn["paper"]]
    return sum(wanted), len(wanted)


def _asked(request: dict[str, object]) -> str:
    return str(request["messages"][-1]["content"])  # type: ignore[index]  # the protocol's shape


def test_a_model_puts_the_follow_up_into_its_own_words(fresh_home: Path) -> None:
    wording = "Where does OwlRoute transfer without retraining?"
    with (
        serve(wording, "The policy transfers to Turku without retraining [1].") as server,
        Assistant(Settings(home=fresh_home, llm=server.spec)) as assistant,
    ):
        answer = assistant.ask("And where does it transfer without retraining?", history=[OWL])
    assert answer.standalone_question == wording
    assert "Turku" in answer.text
    assert OWL in _asked(server.requests[0])
    sent = sum(len(_asked(request)) for request in server.requests)
    assert len(server.requests) == 2
    assert answer.usage.prompt_tokens * CHARACTERS_A_TOKEN >= sent, "both requests count"


@pytest.mark.parametrize(
    "reply", ["", "Turku.", "Where does NightBus 9000 transfer without retraining, 12 times?", "word " * 200]
)
def test_where_the_model_makes_nonsense_of_it_the_rule_stands(fresh_home: Path, reply: str) -> None:
    with (
        serve(reply, "The policy transfers to Turku without retraining [1].") as server,
        Assistant(Settings(home=fresh_home, llm=server.spec)) as assistant,
    ):
        answer = assistant.ask("And where does it transfer without retraining?", history=[OWL])
    assert "(about “Learning to Route Night Buses" in answer.standalone_question


def test_the_newest_turns_are_the_ones_kept(assistant: Assistant) -> None:
    history: list[str | Answer] = [f"Question number {n} about {'boats ' * 200}?" for n in range(20)]
    prompt = build_prompt("And how fast is it?", [*history, assistant.ask(OWL)], lambda _: True)
    assert "Learning to Route Night Buses" in prompt.user
    assert "number 19" in prompt.user
    assert "number 1 " not in prompt.user
    assert prompt.user.index("number 19") < prompt.user.index("Night Buses"), "oldest first"
    narrow = build_prompt("And how fast is it?", [*history, OWL], lambda text: len(text) < 3000)
    assert OWL in narrow.user
    assert len(narrow.user) < 3000


@pytest.mark.llm
def test_a_weak_model_does_not_lead_a_conversation_astray(fresh_home: Path) -> None:
    """Whatever it makes of the follow-up: the paper stays the right one, and the answer keeps its promises."""
    with Assistant(Settings(home=fresh_home, llm=f"gguf:{smollm_file()}", llm_max_tokens=160)) as assistant:
        chat = assistant.chat()
        chat.ask(OWL)
        events = list(chat.stream("And where does it transfer without retraining?"))
        check_answer(chat.answers[-1], assistant)
        assert chat.answers[-1].usage.prompt_tokens > 0
    retrieved = next(e.retrieved for e in events if e.retrieved is not None)
    assert "Night Buses" in retrieved[0].paper.title
