"""The cache of answers, which never hides a change, and what answers cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import paper_id
from invariants import check_answer

from assistant import Assistant, Filters, Settings, Usage
from assistant.llm import ModelSpec, cost
from eval.fake_server import serve

OWL = "What does OwlRoute do for night buses?"
QUILL = "How far does part-of-speech accuracy rise with Quill?"


def test_what_was_asked_before_comes_from_the_cache(fresh: Assistant) -> None:
    first, again = list(fresh.stream(OWL)), list(fresh.stream(OWL))
    assert "cache" not in first[-1].answer.timings_ms  # type: ignore[union-attr]  # the last event holds it
    assert "cache" in again[-1].answer.timings_ms  # type: ignore[union-attr]  # as above
    assert [(e.kind, e.question, e.retrieved, e.sentence, e.citations, e.removed) for e in first] == [
        (e.kind, e.question, e.retrieved, e.sentence, e.citations, e.removed) for e in again
    ]
    assert len(fresh.records()) == 2, "each is logged as a record of its own"
    check_answer(again[-1].answer, fresh)  # type: ignore[arg-type]  # as above


def _is_cached(assistant: Assistant, **arguments: object) -> bool:
    return "cache" in assistant.ask(**{"question": OWL, **arguments}).timings_ms  # type: ignore[arg-type]  # named above


def test_whatever_could_change_the_answer_is_asked_again(
    fresh: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not _is_cached(fresh)
    assert _is_cached(fresh)
    barley = paper_id(fresh, "Barley")
    for changed in (
        {"history": [QUILL]},
        {"history": [fresh.ask(QUILL)]},
        {"filters": Filters(year_from=2020)},
        {"filters": Filters(pinned=(barley,))},
        {"filters": Filters(exclude=(barley,))},
    ):
        assert not _is_cached(fresh, **changed), changed
        assert _is_cached(fresh, **changed), changed
    assert not _is_cached(fresh.using(k=3))
    assert not _is_cached(fresh.using(cache=False))
    monkeypatch.setattr("assistant.prompt_files.fingerprint", lambda: "another prompt")
    assert not _is_cached(fresh)
    monkeypatch.undo()
    assert _is_cached(fresh)
    fresh.delete([barley])
    assert not _is_cached(fresh), "the library has changed"


def test_pins_alone_are_part_of_the_cache_key(fresh: Assistant) -> None:
    barley, bread = paper_id(fresh, "Barley"), paper_id(fresh, "Bread")
    assert not _is_cached(fresh)
    for nothing in (Filters(), Filters(pinned=("t:gone",))):
        assert _is_cached(fresh, filters=nothing), "a pin of a paper that is not stored changes nothing"
    assert not _is_cached(fresh, filters=Filters(pinned=(barley,)))
    assert not _is_cached(fresh, filters=Filters(pinned=(bread,)))
    assert not _is_cached(fresh, filters=Filters(pinned=(barley, bread)))
    assert _is_cached(fresh, filters=Filters(pinned=(barley,)))


def test_the_answer_of_a_model_that_failed_is_not_cached(fresh_home: Path) -> None:
    with (
        serve("The fleet shrinks from 14 to 9 vehicles [1].", status=(500, 500, 500, 500, 200)) as server,
        Assistant(Settings(home=fresh_home, llm=server.spec, llm_timeout=20)) as assistant,
    ):
        failed = assistant.ask("What happens to the fleet with OwlRoute?")
        assert failed.notes
        for _ in range(4):
            answer = assistant.ask("What happens to the fleet with OwlRoute?")
            assert "cache" not in answer.timings_ms
            if not answer.notes:
                break
        assert not answer.notes
        assert answer.usage.prompt_tokens > 0
        assert answer.cost is None, "what a server of one's own costs is not known"
        cached = assistant.ask("What happens to the fleet with OwlRoute?")
        assert (cached.text, cached.usage.prompt_tokens) == (answer.text, 0)


@pytest.mark.parametrize(
    ("model", "base_url", "usage", "dollars"),
    [
        ("gpt-4.1-mini", "https://api.openai.com/v1", Usage(200_000, 100_000), 0.24),
        ("gpt-6.1-terra", "https://api.openai.com/v1", Usage(200_000, 100_000), 0.7),
        ("gpt-6.1-terra", "https://api.openai.com/v1", Usage(300_000, 100), None),
        ("gpt-6.1-nobody-knows", "https://api.openai.com/v1", Usage(1000, 100), None),
        ("gpt-4o-2024-08-06", "https://api.openai.com/v1", Usage(1000, 100), 0.0035),
        ("gpt-4o-2024-05-13", "https://api.openai.com/v1", Usage(1000, 100), 0.0065),
        ("gpt-4o-audio-preview", "https://api.openai.com/v1", Usage(1000, 100), None),
        ("gpt-4.1-mini", "https://elsewhere.example/v1", Usage(1000, 100), None),
        ("gpt-4.1-mini", "https://api.openai.com/v1", Usage(), None),
    ],
)
def test_cost_is_known_or_none_and_never_nothing(
    model: str, base_url: str, usage: Usage, dollars: float | None
) -> None:
    assert cost(ModelSpec("openai", model, base_url), usage) == (dollars and pytest.approx(dollars))
    assert cost(None, usage) is None


def test_a_conversation_adds_up_what_it_took(fresh: Assistant) -> None:
    chat = fresh.chat()
    assert (chat.usage, chat.cost) == (Usage(), None)
    answer = fresh.ask(OWL)
    chat.answers += [
        replace(answer, usage=Usage(100, 10), cost=0.25),
        replace(answer, usage=Usage(50, 5), cost=0.5),
        answer,
    ]
    assert (chat.usage, chat.cost) == (Usage(150, 15), 0.75)
    chat.answers.append(replace(answer, usage=Usage(1, 1)))
    assert chat.cost is None, "unknown, not less"
