"""Answers written by a model: what it says reaches the reader only with a span that carries it.

The model is scripted behind a server that speaks the OpenAI protocol; `test_models_local` runs a real one.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from invariants import check_answer

from assistant import Answer, Assistant, Settings, SettingsError
from assistant.llm import available_models, parse_spec
from eval.fake_server import serve

QUESTION = "How much does TideNet lower the speed error?"
TRUE = "TideNet lowers the mean speed error from 0.42 to 0.27 knots on the Leith and Esbjerg harbours"
LAST = "It trains in 40 minutes on a single laptop and needs no bathymetry."


def ask(assistant: Assistant, spec: str, question: str = QUESTION, **values: object) -> Answer:
    answer = assistant.using(llm=spec, **values).ask(question)
    check_answer(answer, assistant)
    return answer


def scripted(assistant: Assistant, *replies: str, question: str = QUESTION) -> Answer:
    with serve(*replies) as server:
        return ask(assistant, server.spec, question)


def test_a_right_sentence_is_shown_with_its_exact_span(assistant: Assistant) -> None:
    answer = scripted(assistant, f"{TRUE} [1].")
    assert answer.status == "answered"
    assert [s.text for s in answer.sentences] == [f"{TRUE}."]
    assert "0.27 knots" in answer.citations[0].quote
    assert answer.model.endswith("#scripted")
    assert answer.usage.prompt_tokens > 400
    assert answer.usage.completion_tokens == (len(TRUE) + len(" [1].")) // 4
    assert answer.removed == ()


def test_a_rewording_is_shown(assistant: Assistant) -> None:
    answer = scripted(assistant, "With TideNet the mean speed error falls from 0.42 to 0.27 knots [1].")
    assert answer.status == "answered"
    assert answer.sentences[0].text.startswith("With TideNet")


@pytest.mark.parametrize(
    "wrong",
    [
        "TideNet lowers the mean speed error from 0.42 to 0.17 knots [1].",  # another figure
        "TideNet lowers the mean speed error from 0.42 to 0.27 knots on the Hamburg harbour [1].",  # another place
        "TideNet does not lower the mean speed error [1].",  # negated
        "TideNet was inspired by the migration of eels and won a prize in Lisbon [1].",  # made up
        "The moon is made of cheese.",  # no citation, no support
        "TideNet: Forecasting Harbour Currents from Buoy Records [1].",  # a title is no statement
        "This sentence is about a recurrent network that lowers the mean speed error from 0.42 to 0.27 knots [1].",  # self-talk
        "Porridge is best eaten in silence [99].",  # a citation that does not exist
    ],
)
def test_a_wrong_sentence_is_never_shown(assistant: Assistant, wrong: str) -> None:
    answer = scripted(assistant, f"{TRUE} [1]. {wrong}", "NOT STATED")
    assert [s.text for s in answer.sentences] == [f"{TRUE}."]
    assert len(answer.removed) == 1
    assert answer.removed[0].why
    assert answer.removed[0].verdict in ("unsupported", "contradicted")


@pytest.mark.parametrize(
    "half",
    [
        "TideNet lowers the mean speed error from 0.42 to 0.27 knots and halves the fuel that pilots burn [1].",
        "TideNet trains in 40 minutes on a single laptop, which impressed the jury of the harbour award [1].",
    ],
)
def test_a_half_right_sentence_is_marked_or_removed(assistant: Assistant, half: str) -> None:
    answer = scripted(assistant, f"{TRUE} [1]. {half}", "NOT STATED")
    shown = {s.text: s.verdict for s in answer.sentences}
    assert shown[f"{TRUE}."] == "supported"
    assert shown.get(half.replace(" [1]", ""), "partial") == "partial"


def test_only_wrong_sentences_leave_the_quotes(assistant: Assistant) -> None:
    answer = scripted(assistant, "TideNet lowers the mean speed error from 0.42 to 0.11 knots [1].")  # twice
    assert answer.removed
    assert all(s.text in c.quote for s, c in zip(answer.sentences, answer.citations, strict=True))


def test_a_wrong_number_is_corrected_to_the_paper_that_says_it(assistant: Assistant) -> None:
    with serve("OwlRoute makes waiting times drop by 31% [2].") as server:
        answer = ask(assistant, server.spec, "What do TideNet and OwlRoute achieve?")
    assert "Night Buses" in answer.citations[0].title


def test_uncited_but_true_gets_its_citation(assistant: Assistant) -> None:
    answer = scripted(assistant, f"{TRUE}.")
    assert "0.27 knots" in answer.citations[0].quote


def test_a_refusal_is_an_abstention(assistant: Assistant) -> None:
    answer = scripted(assistant, "NOT STATED", question="Which optimizer and batch size train TideNet?")
    assert (answer.status, answer.reason) == ("abstained", "related_but_not_stated")
    assert answer.nearest


def test_an_overcautious_refusal_leaves_the_quotes(assistant: Assistant) -> None:
    answer = scripted(assistant, "NOT STATED.")
    assert answer.status == "answered"
    assert "0.27 knots" in answer.text
    assert answer.notes


def test_failing_sentences_are_rewritten_once_in_one_request_that_continues_the_draft(assistant: Assistant) -> None:
    draft = "TideNet lowers the mean speed error to 0.11 knots [1]. It trains in 90 minutes [1]. It won a prize in Lisbon [1]."
    rows = [{"n": 2, "source": 1, "sentence": LAST}, {"n": 1, "source": 1, "sentence": f"{TRUE}."}]
    with serve(draft, json.dumps({"sentences": rows})) as server:
        answer = ask(assistant, server.spec)
        first, second = (r["messages"] for r in server.requests)
    assert [s.text for s in answer.sentences] == [LAST, f"{TRUE}."]
    assert [r.text for r in answer.removed] == ["It won a prize in Lisbon."], "no second version came"
    assert second[:-1] == [*first, {"role": "assistant", "content": draft}]
    assert all(figure in second[-1]["content"] for figure in ("0.11", "90 minutes", "Lisbon"))
    assert answer.usage.completion_tokens > 60, "both requests are counted"


@pytest.mark.parametrize(
    "reply", ["Sure, here you are.", "[", "[7]", '{"sentences": [{"n": 1, "source": 1}]}', '{"sentences": [{"n": 9, "source": 1, "sentence": "It is."}]}']
)  # fmt: skip
def test_second_versions_that_cannot_be_read_leave_the_removal(assistant: Assistant, reply: str) -> None:
    answer = scripted(assistant, f"{TRUE} [1]. It won a prize in Lisbon [1].", reply)
    assert [s.text for s in answer.sentences] == [f"{TRUE}."]
    assert [r.text for r in answer.removed] == ["It won a prize in Lisbon."]
    assert answer.notes == ()


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_pieces_of_any_size_give_the_same_answer(assistant: Assistant, size: int) -> None:
    with serve(f"{TRUE} [1]. It trains in 40 minutes on a single laptop [1].", size=size) as server:
        answer = ask(assistant, server.spec)
    assert len(answer.sentences) == 2


def test_a_server_that_does_not_stream(assistant: Assistant) -> None:
    choice = {"index": 0, "message": {"role": "assistant", "content": f"{TRUE} [1]."}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 900, "completion_tokens": 20, "total_tokens": 920}
    body = json.dumps({"object": "chat.completion", "choices": [choice], "usage": usage}).encode()
    with serve(raw=body, content_type="application/json") as server:
        answer = ask(assistant, server.spec)
    assert [s.text for s in answer.sentences] == [f"{TRUE}."]
    assert answer.usage.completion_tokens == 20


def test_openai_key_goes_to_openai_alone(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary-key")
    with serve(f"{TRUE} [1].") as server:
        ask(assistant, server.spec)
        assert server.keys == ["Bearer none"]
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
        answer = ask(assistant, "openai:gpt-test")
        assert server.keys[1:] == ["Bearer canary-key"]
    assert answer.model == "openai:gpt-test"


def test_auto_never_takes_a_key_that_lies_about(library_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary-key")
    with Assistant(Settings(home=library_home)) as assistant:
        assert assistant.model == "quotes"
        assert any("--llm openai:MODEL" in c.detail for c in assistant.doctor())


def test_openai_without_a_key(library_home: Path) -> None:
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        Assistant(Settings(home=library_home, llm="openai:gpt-test"))


def test_a_second_version_that_says_nothing_new_is_not_shown_twice(assistant: Assistant) -> None:
    answer = scripted(assistant, f"{TRUE} [1]. It costs 0.11 knots [1].", f"{TRUE}.")
    assert [s.text for s in answer.sentences] == [f"{TRUE}."]
    assert len(answer.removed) == 1


@pytest.mark.parametrize("judge", ["nonsense", "llm", "nli:", "ollama:"])
def test_bad_judges(library_home: Path, judge: str) -> None:
    with pytest.raises(SettingsError), Assistant(Settings(home=library_home, llm="quotes", judge=judge)) as assistant:
        assistant.ask(QUESTION)


@pytest.mark.parametrize(
    "spec",
    [
        "nonsense",
        "openai:",
        "ollama:",
        "http://host/v1",
        "http://#m",
        "http://[::1#m",
        "http://host:port/v1#m",
        "gguf:",
        "gguf:gone",
        "http://me:secret@host/v1#m",
    ],
)
def test_bad_specs(spec: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_spec(spec, tmp_path)
    assert "secret" not in str(caught.value)


def test_a_bad_address_of_ollama_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:port")
    with pytest.raises(SettingsError, match="OLLAMA_HOST"):
        parse_spec("ollama:m", tmp_path)
    assert available_models(Settings(home=tmp_path, models_home=tmp_path))[0].spec == "quotes"
