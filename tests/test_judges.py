"""A language model as judge: one request about all that is in doubt, before the one deadline, and never needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import PAPERS
from invariants import check_answer
from smollm import smollm_file

from assistant import Answer, Assistant, AssistantError, Settings
from assistant.llm import LanguageModel, gguf, parse_spec
from assistant.verification.judge_choice import Measured, make_judge, measurement, remember
from assistant.verification.judges import Thresholds
from assistant.verification.observations import Text
from eval import judge_trial
from eval.fake_server import FakeServer, serve
from eval.support import Row

QUESTION = "How much does TideNet lower the speed error?"
QUOTE = "TideNet lowers the mean speed error from 0.42 to 0.27 knots on the Leith and Esbjerg harbours."
LAST = "It trains in 40 minutes on a single laptop and needs no bathymetry."
DOUBTFUL = (
    "TideNet cannot be trained without bathymetry.",
    "TideNet reads harbour pilots' own reports beside the buoy records.",
)
"""Not what the abstract says, but without a name or a figure that it lacks, so that no rule decides."""
DRAFT = " ".join(f"{s.rstrip('.')} [1]." for s in (QUOTE, *DOUBTFUL, LAST))


def said(*words: str) -> str:
    return json.dumps({"verdicts": [{"n": n, "verdict": word} for n, word in enumerate(words, 1)]})


def ask(assistant: Assistant, server: FakeServer, **values: Any) -> Answer:
    answer = assistant.using(llm=server.spec, **{"judge": "llm", **values}).ask(QUESTION)
    check_answer(answer, assistant)
    return answer


def judged(assistant: Assistant, *replies: str) -> tuple[Answer, FakeServer]:
    with serve(DRAFT, *replies, "NOT STATED") as server:
        return ask(assistant, server), server


def verdicts(answer: Answer) -> dict[str, str]:
    shown = {s.text: str(s.verdict) for s in answer.sentences}
    return shown | {r.text: str(r.verdict) for r in answer.removed}


def test_one_request_continues_the_conversation_of_the_draft(assistant: Assistant) -> None:
    answer, server = judged(assistant, said("supported", "partial"))
    assert len(server.requests) == 2, "and none of them is rewritten"
    draft, judging = server.requests
    *earlier, last = judging["messages"]
    assert earlier == [*draft["messages"], {"role": "assistant", "content": DRAFT}]
    assert all(text in last["content"] for text in DOUBTFUL)
    assert QUOTE not in last["content"], "what is certain is not asked about"
    rows = judging["response_format"]["json_schema"]["schema"]["properties"]["verdicts"]
    assert (rows["minItems"], rows["maxItems"]) == (2, 2)
    assert [s.text for s in answer.sentences] == [QUOTE, *DOUBTFUL, LAST], "in the order of the draft"
    assert [s.verdict for s in answer.sentences] == ["supported", "supported", "partial", "supported"]


def test_what_the_judge_refuses_is_taken_out_and_the_reason_names_it(assistant: Assistant) -> None:
    answer, server = judged(assistant, said("contradicted", "unsupported"))
    assert [s.text for s in answer.sentences] == [QUOTE, LAST]
    assert [(r.text, r.verdict) for r in answer.removed] == list(
        zip(DOUBTFUL, ("contradicted", "unsupported"), strict=True)
    )
    assert all("the model scripted judges that" in r.why for r in answer.removed)
    assert len(server.requests) == 3, "both are rewritten in one request, and the judge is not asked again"


def test_the_tokens_of_the_judge_are_counted(assistant: Assistant) -> None:
    answer, server = judged(assistant, said("supported", "supported"))
    sent = [len(json.dumps(request)) // 4 for request in server.requests]
    assert len(sent) == 2
    assert answer.usage.prompt_tokens == sum(sent)


@pytest.mark.parametrize(
    "reply",
    [
        "I would say yes.",
        "{}",
        '{"verdicts": 3}',
        '{"verdicts": [{"n": [1], "verdict": {}}]}',
        said("maybe", "perhaps"),
        "[",
    ],
)
def test_a_reply_that_cannot_be_read_leaves_the_verdicts_of_the_verifier(assistant: Assistant, reply: str) -> None:
    with serve(DRAFT, "NOT STATED") as server:
        alone = ask(assistant, server, judge="default")
    answer, _ = judged(assistant, reply)
    assert verdicts(answer) == verdicts(alone)
    assert answer.notes == ()


def test_one_verdict_may_be_missing_and_a_fence_does_not_matter(assistant: Assistant) -> None:
    with serve(DRAFT, "NOT STATED") as server:
        alone = verdicts(ask(assistant, server, judge="default"))
    answer, _ = judged(assistant, f"```json\n{said('partial')}\n```")
    assert verdicts(answer) == alone | {DOUBTFUL[0]: "partial"}


def test_a_silent_judge_is_waited_for_until_the_deadline_of_the_answer(assistant: Assistant) -> None:
    with serve(DRAFT, hang="start", hang_from=2) as server:
        answer = ask(assistant, server, llm_timeout=3.0)
    assert len(server.requests) == 2, "no time was left for anything after it"
    assert {QUOTE, LAST} <= {s.text for s in answer.sentences}, "what waited behind the judge is shown all the same"


def test_an_answer_can_be_stopped_while_its_judge_is_silent(assistant: Assistant) -> None:
    with serve(DRAFT, hang="start", hang_from=2) as server:
        events = assistant.using(llm=server.spec, judge="llm").stream(QUESTION)
        shown = []
        for event in events:
            if event.sentence is not None:
                shown.append(event.sentence.text)
            if event.waiting is not None and server.silent.is_set():
                break
        events.close()  # type: ignore[attr-defined]  # it is a generator
        assert shown == [QUOTE], "it did not wait"
        assert server.left.wait(5), "the judge's request was given up"


def test_a_draft_that_breaks_off_is_judged_by_the_verifier_alone(assistant: Assistant) -> None:
    with serve(DRAFT, hang="middle") as server:
        answer = ask(assistant, server, llm_silence=1.0)
    assert len(server.requests) == 1
    assert answer.sentences[0].text == QUOTE
    assert "may be incomplete" in answer.notes[0]


def test_sentences_bound_to_a_schema_are_judged_together(assistant: Assistant) -> None:
    draft = json.dumps({"sentences": [{"source": 1, "sentence": text} for text in DOUBTFUL]})
    with serve(draft, said("partial", "partial")) as server:
        answer = ask(assistant, server, llm_citing="select")
    drafting, judging = (r["messages"] for r in server.requests)
    assert judging[:-1] == [*drafting, {"role": "assistant", "content": draft}]
    assert [(s.text, s.verdict) for s in answer.sentences] == [(text, "partial") for text in DOUBTFUL]


def chosen(home: Path, spec: str, **values: Any) -> object:
    settings = Settings(home=home, llm=spec, llm_api_key="k", **values)
    return make_judge(settings, LanguageModel(parse_spec(spec, home), settings))


@pytest.mark.parametrize(
    ("spec", "judges"),
    [
        ("openai:gpt-5", True),
        ("https://models.example.org/v1#large", True),
        ("https://127.0.0.1:8443/v1#m", False),
        ("http://models.example.org/v1#m", False),
        ("http://127.0.0.1:8080/v1#m", False),
        ("ollama:m", False),
    ],
)
def test_auto_asks_hosted_models(tmp_path: Path, spec: str, judges: bool) -> None:
    assert (chosen(tmp_path, spec) is not None) == judges
    assert chosen(tmp_path, spec, judge="llm") is not None
    assert chosen(tmp_path, spec, judge="default") is None
    assert make_judge(Settings(home=tmp_path, llm="quotes"), None) is None


def test_auto_asks_a_model_that_was_measured_to_be_better(tmp_path: Path) -> None:
    for spec, auroc, judges in (("ollama:good", 0.9, True), ("ollama:bad", 0.7, False), ("openai:bad", 0.7, False)):
        settings = Settings(home=tmp_path)
        assert remember(settings, spec, Measured(auroc, 0.8, Thresholds(1.0, 0.5)))
        assert (chosen(tmp_path, spec) is not None) == judges
    (tmp_path / "judges.json").write_text("[", encoding="utf-8")
    assert chosen(tmp_path, "ollama:good") is None, "a damaged file is no measurement"


def test_a_judge_is_believed_as_far_as_it_was_measured(assistant: Assistant, fresh_home: Path) -> None:
    with serve(DRAFT, said("supported", "supported")) as server:
        remember(Settings(home=fresh_home), server.spec, Measured(0.9, 0.8, Thresholds(2.0, 0.5)))
        with Assistant(Settings(home=fresh_home, llm=server.spec)) as measured:
            answer = measured.ask(QUESTION)
    assert [s.verdict for s in answer.sentences] == ["supported", "partial", "partial", "supported"]


def test_a_judge_is_measured_beside_the_verifier_and_remembered(tmp_path: Path) -> None:
    tide = (Text(str(PAPERS[0]["title"]), str(PAPERS[0]["abstract"])),)
    rows = [
        Row("1", QUOTE, tide, "true", True, question=QUESTION),
        Row("2", DOUBTFUL[0], tide, "swap", False, question="Is bathymetry needed?"),
        Row("3", DOUBTFUL[1], tide, "swap", False, question="Is bathymetry needed?"),
    ]
    settings = Settings(home=tmp_path)
    with serve(said("supported"), said("contradicted", "partial")) as server:  # one reply for each question
        found = judge_trial.measure(server.spec, rows, settings, store=True)
    assert len(server.requests) == 2
    assert found["auroc"] == 1.0
    measured = measurement(settings, server.spec)
    assert measured is not None
    assert (measured.auroc, measured.thresholds) == (1.0, Thresholds(1.0, 1.0))
    with serve("nothing") as server, pytest.raises(AssistantError, match="judged only 0"):
        judge_trial.measure(server.spec, rows, settings, store=True)


@pytest.mark.llm
def test_a_real_model_judges_by_the_schema(library_home: Path) -> None:
    settings = {"home": library_home, "llm": f"gguf:{smollm_file()}", "judge": "llm", "cache": False}
    with Assistant(Settings(**settings, llm_citing="inline", llm_max_tokens=160)) as assistant:
        answer = assistant.ask(QUESTION)
        check_answer(answer, assistant)
    gguf.stop()
    assert answer.notes == ()
