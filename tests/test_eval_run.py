"""Whole runs on the invented papers: what is scored, what is not, and the report and page of a run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, write_papers
from typer.testing import CliRunner

from assistant import Answer, Assistant, AssistantError, Citation, Sentence, Settings
from eval import invariants, judging, llm_judge, questions, scoring, summary
from eval.__main__ import app
from eval.chat_server import Reply, serve
from eval.questions import Question
from eval.run import run

TIDENET = Question(
    "q-1", "dev", "figure", "How much does TideNet lower the speed error?", (), True, (), (("0.27",),), ""
)
CHEESE = Question("q-2", "dev", "out-of-domain", "What goes well with blue cheese?", (), False, (), (), "")


@pytest.fixture(scope="module")
def gold(assistant: Assistant) -> Question:
    paper = next(p for p in assistant.papers() if p.title.startswith("TideNet"))
    return Question("q-1", "dev", "figure", TIDENET.question, (), True, (paper.paper_id,), (("0.27",),), "")


def test_a_right_answer_and_a_right_refusal(assistant: Assistant, gold: Question) -> None:
    answered, refused = run(assistant, [gold, CHEESE], judging.VerifierJudge(assistant))
    assert answered.scores["hit@1"] == answered.scores["key_facts"] == answered.scores["citation_precision"] == 1.0
    assert answered.scores["over_refusal"] == 0.0
    assert refused.scores["false_answer"] == 0.0
    assert refused.scores["citation_recall"] is refused.scores["coverage"] is None, "a refusal is not ungrounded"
    assert answered.broken == refused.broken == ()
    assert "timings_ms" not in (answered.answer or {})


def test_hidden_gold_papers_are_not_used(assistant: Assistant, gold: Question) -> None:
    (derived,) = questions.without_gold([gold])
    (record,) = run(assistant, [derived], judging.VerifierJudge(assistant))
    assert gold.gold_papers[0] not in record.retrieved
    assert record.scores["false_answer"] in (0.0, 1.0)


def test_what_fails_is_unscored_and_the_rest_goes_on(assistant: Assistant, gold: Question) -> None:
    too_long = Question("q-3", "dev", "figure", "why " * 2000, (), True, gold.gold_papers, (("1",),), "")
    failed, fine = run(assistant, [too_long, gold], judging.VerifierJudge(assistant))
    assert failed.answer is None
    assert "characters" in failed.error
    assert {failed.scores[n] for n in ("hit@1", "key_facts", "over_refusal")} == {"unscored"}
    assert failed.scores["false_answer"] is None
    assert fine.scores["key_facts"] == 1.0


def test_a_judge_that_fails_leaves_unscored(assistant: Assistant, gold: Question) -> None:
    def nobody(answer: Answer) -> Any:
        return lambda sentence, numbers: None

    (record,) = run(assistant, [gold], nobody)
    assert record.scores["citation_recall"] == record.scores["citation_precision"] == "unscored"


def test_the_judge_looks_where_the_citation_points(assistant: Assistant) -> None:
    answer = assistant.ask(TIDENET.question)
    right = answer.citations[0]
    judge = judging.VerifierJudge(assistant)
    claim = "TideNet lowers the mean speed error from 0.42 to 0.27 knots on the Leith and Esbjerg harbours."
    cited = next(c for c in answer.citations if "0.27" in c.quote)
    assert judge(answer)(claim, (cited.n,)) is True
    other = next(p for p in assistant.papers() if p.paper_id != right.paper_id)
    elsewhere = Citation(1, other.paper_id, other.title, other.abstract[:40], 0, 40)
    moved = Answer(**{**_fields(answer), "citations": (elsewhere,)})
    assert judge(moved)(claim, (1,)) is False
    abstract = next(p.abstract for p in assistant.papers() if p.paper_id == cited.paper_id)
    beginning = Citation(1, cited.paper_id, cited.title, abstract[:20], 0, 20)
    assert judge(Answer(**{**_fields(answer), "citations": (beginning,)}))(claim, (1,)) is False, "not in that span"


def _fields(answer: Answer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in answer.__dataclass_fields__}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"citations": ()}, "markers"),
        ({"sentences": (Sentence("x", (), "supported"),)}, "cited"),
        ({"status": "abstained", "reason": "no_match"}, "abstention"),
        ({"reason": "no_match"}, "abstention"),
        ({"text": "no markers"}, "markers"),
    ],
)
def test_broken_invariants_are_named(assistant: Assistant, change: dict[str, Any], name: str) -> None:
    answer = assistant.ask(TIDENET.question)
    abstracts = {p.paper_id: p.abstract for p in assistant.papers()}
    assert invariants.broken(answer, ["x"], abstracts) == []
    assert name in invariants.broken(Answer(**{**_fields(answer), **change}), ["x"], abstracts)
    assert invariants.broken(answer, [], abstracts) == ["nothing_found"]
    assert invariants.broken(answer, ["x"], abstracts, [c.paper_id for c in answer.citations]) == ["allowed"]
    assert "spans" in invariants.broken(answer, ["x"], dict.fromkeys(abstracts, "another text"))


def test_an_invented_number_lowers_span_validity(assistant: Assistant) -> None:
    answer = assistant.ask(TIDENET.question)
    abstracts = {p.paper_id: p.abstract for p in assistant.papers()}
    invented = Sentence("x", (99,), "supported")
    shown = Answer(**{**_fields(answer), "sentences": (*answer.sentences, invented)})
    n = len(answer.citations)
    assert invariants.span_validity(shown, abstracts) == n / (n + 1)


# -- a model as judge ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replies", "supported", "unanimous"),
    [
        (['{"supported": true}'] * 3, True, True),
        (['{"supported": true}', '{"supported": false}', '{"supported": false}'], False, False),
        (["yes", '{"supported": "true"}', '{"supported": true}'], None, False),
    ],
)
def test_three_votes(replies: list[str], supported: bool | None, unanimous: bool) -> None:
    def respond(body: dict[str, Any], key: str) -> Reply:
        return Reply(replies[body["seed"] - 1])

    with serve(respond) as url:
        vote = llm_judge.LanguageModelJudge(url, "m", f"{url}#m").vote("passage", "claim")
    assert (vote.supported, vote.unanimous) == (supported, unanimous)


def test_a_judge_out_of_reach_is_one_clear_line() -> None:
    with pytest.raises(AssistantError, match="--judge"):
        llm_judge.LanguageModelJudge("http://127.0.0.1:9/v1", "m", "http://127.0.0.1:9/v1#m").vote("a", "b")


def test_a_judges_error_is_taken_out() -> None:
    assert llm_judge.corrected(0.74, 0.9, 0.9) == pytest.approx(0.8)  # .8 * .9 + .2 * .1
    assert llm_judge.corrected(1.0, 0.8, 1.0) == 1.0
    assert llm_judge.corrected(0.5, 0.5, 0.5) is None, "no better than chance"


# -- from the command line -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus and a question set for it, in the place of the real one."""
    folder = tmp_path_factory.mktemp("small")
    corpus = write_papers(folder / "papers.jsonl")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_HOME", str(folder / "unused"))
        with Assistant(Settings(home=folder / "home", llm="quotes")) as assistant:
            assistant.add([corpus])
            ids = {p.title.split(":")[0]: p.paper_id for p in assistant.papers()}
    rows = [
        _row("s-1", "figure", TIDENET.question, [ids["TideNet"]], [["0.27"]]),
        _row("s-2", "method", "What does Quill learn to merge?", [ids["Quill"]], [["abbreviation signs"]]),
        _row(
            "s-3",
            "figure",
            "Which error rate does NoteHound reach on accordion pages?",
            [ids["A Benchmark of Sheet Music Readers for Accordion Scores"]],
            [["12.4%"]],
        ),
        _row("s-4", "out-of-domain", CHEESE.question, [], []),
        _row("s-5", "out-of-domain", "Who won the regatta of 1988?", [], []),
    ]
    (folder / "questions.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    traps = questions.TRAPS.read_text(encoding="utf-8").splitlines(keepends=True)[:2]
    (folder / "traps.jsonl").write_text("".join(traps), encoding="utf-8")
    return folder


def _row(number: str, kind: str, question: str, gold: list[str], facts: list[list[str]]) -> dict[str, Any]:
    return {
        "id": number,
        "split": "dev",
        "type": kind,
        "question": question,
        "history": [],
        "answerable": bool(facts),
        "gold_papers": gold,
        "key_facts": facts,
        "note": "",
    }


@pytest.fixture
def options(small: Path, tmp_path: Path) -> list[str]:
    """Options of `python -m eval` for the small set, with a baseline in the test's own folder."""
    files = {"corpus": small / "papers.jsonl", "questions": small / "questions.jsonl", "traps": small / "traps.jsonl"}
    folders = {"home": small / "home", "baseline": tmp_path / "baseline.json"}
    return [part for name, path in (files | folders).items() for part in (f"--{name}", str(path))]


@pytest.fixture
def command(options: list[str]) -> Any:
    """Runs `python -m eval` on the small set."""
    return lambda *arguments: CliRunner().invoke(app, [*options, *arguments])


@pytest.mark.slow
def test_twice_the_same_bytes_and_a_gate_that_closes(
    command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = command("--out", str(tmp_path / "a"), "--write-baseline")
    assert first.exit_code == 0, first.output
    second = command("--out", str(tmp_path / "b"), "--gate", "--json")
    assert second.exit_code == 0, second.output
    report = (tmp_path / "a" / "report.json").read_bytes()
    assert report == (tmp_path / "b" / "report.json").read_bytes()
    assert str(tmp_path).encode() not in report, "no path of this machine"
    document = json.loads(report)
    assert document["summary"]["answerable"]["key_facts"] == pytest.approx(
        {"value": 1.0, "n_scored": 3, "n_total": 3, "low": 0.0, "high": 1.0}
    )
    assert {q["type"] for q in document["questions"]} >= {"gold-removed", "adversarial", "scripted"}
    assert "by construction" in first.output, "quotes that cite themselves"
    assert ("figure", "citation_recall") in summary.by_construction(document)
    assert not any(group == "scripted" for group, _ in summary.by_construction(document))
    assert json.loads((tmp_path / "b" / "timings.json").read_text())["stages_ms"]["total"]["p50"] > 0

    monkeypatch.setenv("ASSISTANT_MIN_CONFIDENCE", "1")  # a threshold broken on purpose
    third = command("--out", str(tmp_path / "c"), "--gate")
    assert third.exit_code == 1
    assert "answerable questions refused" in str(third.exception)


@pytest.mark.slow
def test_a_broken_prompt_closes_the_gate(command: Any, options: list[str], tmp_path: Path) -> None:
    assert command("--out", str(tmp_path / "a"), "--write-baseline").exit_code == 0
    checkout = tmp_path / "checkout"
    prompts = shutil.copytree(ROOT / "prompts", checkout / "prompts")
    for package in ("assistant", "eval"):
        (checkout / package).symlink_to(ROOT / package)

    def gate(out: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "eval", *options, "--out", str(tmp_path / out), "--gate"]
        return subprocess.run(
            command, cwd=checkout, env=os.environ | {"PYTHONPATH": str(checkout)}, capture_output=True, text=True
        )

    asked = (prompts / "question.md").read_text(encoding="utf-8")
    (prompts / "question.md").write_text(asked.replace("Question: ", "Asked: "), encoding="utf-8")
    unharmed = gate("b")
    assert unharmed.returncode == 0, "another wording asks the same"
    (prompts / "question.md").write_text(asked.replace("$question", "?"), encoding="utf-8")
    broken = gate("c")
    assert broken.returncode == 1
    assert "$question" in broken.stderr


def test_usage_and_missing_files_are_reported_in_one_line(command: Any, tmp_path: Path) -> None:
    assert command("--split", "train").exit_code == 2
    missing = command("--compare", str(tmp_path / "none.json"))
    assert missing.exit_code == 1
    assert isinstance(missing.exception, AssistantError)


def test_scores_have_words(assistant: Assistant) -> None:
    (record,) = run(assistant, [TIDENET], judging.VerifierJudge(assistant))
    assert set(record.scores) | {"lies_shown"} == set(scoring.ABOUT)
