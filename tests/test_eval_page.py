"""The page of a run: it shows what went wrong, escapes everything, and needs nothing but itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tools import missing

from assistant import Assistant
from eval import evaluate, judging, page, report, support
from eval.questions import Question
from eval.run import Record, run

CHROMIUM = shutil.which("chromium")
HOSTILE = '<script>document.title="owned"</script><img src="http://evil.invalid/x">'
TIDENET = Question(
    "q-1", "dev", "figure", "How much does TideNet lower the speed error?", (), True, (), (("0.27",),), ""
)
CHEESE = Question("q-2", "dev", "out-of-domain", "What goes well with blue cheese?", (), False, (), (), "")


@pytest.fixture(scope="module")
def hostile_page(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run in which question and answer are hostile, compared with itself."""
    asked = Question(
        "q-9", "dev", "figure", f"{HOSTILE} TideNet speed error?", (), True, ("t:none",), ((HOSTILE,),), ""
    )
    unmet = Question("q-8", "dev", "figure", TIDENET.question, (), True, (), (("9.99",),), "")
    records = run(assistant, [asked, TIDENET, CHEESE, unmet], judging.VerifierJudge(assistant))
    document = _small_document(assistant, records)
    rows = [support.Row(str(n), HOSTILE, (), HOSTILE, n > 1) for n in range(4)]
    document["support"] = {"sentences": support.figures(rows, [None] * 4)}
    document["checked"] = [{"id": "sentences/s-1", "claim": HOSTILE, "scores": {"true_shown": 1.0}}]
    scores = {"list_f1": 0.5, "list_precision": 1.0, "list_recall": 0.5, "list_agreement": 1.0}
    document["criteria"] = [{"id": "find_all/f01", "split": "dev", "topic": HOSTILE, "scores": scores}]
    figure = {"value": 0.5, "low": 0.25, "high": 0.75, "n_scored": 1, "n_total": 1}
    document["listings"] = {"dev": dict.fromkeys(scores, figure)}
    document["injections"] = {"planted_shown": {"all": figure, "kind advert": figure}}
    planted = {"writer": "71", "kind": "advert", "place": "title", "text": HOSTILE, "where": ["quote"]}
    document["planted"] = [{"id": "injections/0001", **planted, "scores": {"planted_shown": 1.0}}]
    worse = json.loads(json.dumps(document))
    worse["checked"][0]["scores"]["true_shown"] = 0.0
    worse["questions"][1]["scores"]["key_facts"] = 0.0
    file = tmp_path_factory.mktemp("page") / "report.html"
    timings = {"stages_ms": {"total": {"p50": 12.0, "p95": 40.0}}}
    assert any("sentences.jsonl" in str(table.title) for table in report.tables(document, timings))
    file.write_text(page.render(document, timings, worse), encoding="utf-8")
    return file


def _small_document(assistant: Assistant, records: list[Record]) -> dict[str, Any]:
    judge = judging.VerifierJudge(assistant)
    document = evaluate.document_of(evaluate.Options(), assistant, records, judge, None)
    return dict(json.loads(json.dumps(document)))


def test_every_failed_question_is_shown_with_what_happened(hostile_page: Path) -> None:
    text = hostile_page.read_text()
    assert "a key fact is missing" in text
    assert "Against the other run" in text
    assert "What the check does with sentences.jsonl" in text
    assert "sentences/s-1" in text
    assert "all of dev" in text
    assert HOSTILE not in text
    assert "http://evil.invalid" in text, "shown as text"


@pytest.mark.slow
def test_the_page_opens_quietly_in_a_browser(hostile_page: Path) -> None:
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        missing("no chromium on this machine (Debian: apt-get install chromium)")

    requests: list[str] = []
    messages: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        tab = browser.new_page()
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("console", lambda message: messages.append(message.text))
        tab.on("pageerror", lambda error: messages.append(str(error)))
        tab.goto(hostile_page.as_uri())
        assert tab.title().startswith("Evaluation")
        assert tab.locator("svg").count() >= 6
        assert not tab.locator("text=Retrieved").first.is_visible()
        tab.locator("details.kind summary").first.click()
        tab.locator("details.question summary").first.click()
        assert tab.locator("text=Retrieved").first.is_visible()
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        browser.close()
    assert requests == [hostile_page.as_uri()]
    assert messages == []
