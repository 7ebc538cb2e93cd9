"""The trust tab, and the settings that a visitor may choose."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import (
    Assistant,
    AssistantError,
    Settings,
    SettingsError,
)
from assistant.ui import trust
from assistant.ui.chat import Chat
from assistant.ui.indexing import Indexing
from assistant.ui.library_cache import LibraryCache
from assistant.ui.session_settings import OfferedSettings
from eval.trust_figures import trust_figures


def test_what_the_check_does_with_sentences_is_shown_by_kind() -> None:
    report = trust.load(None)
    shares = {
        name: {"value": v, "n_scored": 36} for name, v in (("supported", 0.05), ("marked", 0.25), ("taken_out", 0.7))
    }
    shown = trust.render_figures({**report, "support": {"sentences": {"kinds": {"swap": shares}}}})
    assert "two things that changed places" in shown
    assert "70.0&nbsp;%" in shown
    assert "Labelled claims" not in shown
    assert trust_figures({**report, "support": {}})["support"] == {}


def test_lists_are_shown_with_the_number_of_criteria() -> None:
    figure = {"value": 0.8, "low": 0.7, "high": 0.9, "n_scored": 18, "n_total": 18}
    shown = trust.render_figures({**trust.load(None), "listings": {"test": {"list_f1": figure}}})
    assert "F1 of the listed papers" in shown
    assert "70.0&nbsp;% to 90.0&nbsp;%</td><td>18</td>" in shown
    assert "F1 of the listed papers" not in trust.render_figures({**trust.load(None), "listings": {}})


def test_the_committed_figures_are_shown_with_their_origin() -> None:
    figures = trust.load(None)
    shown = trust.render_figures(figures)
    assert "126 papers (sample)" in shown
    assert "answered by quotes" in shown
    for words in ("Key facts that appear in the answer", "Unanswerable questions that are answered", "False premises"):
        assert words in shown
    assert shown.count("<tr>") > 8
    constructed = {"citation_recall", "citation_precision", "verified", "span_validity", "coverage"}
    measured = constructed & figures["summary"]["all"].keys()
    assert shown.count(">holds by construction<") == len(measured) >= 4, (
        "verbatim quotes that cite themselves prove nothing"
    )


def test_the_committed_figures_are_those_of_a_run_over_the_sample() -> None:
    report = trust.load(None)
    assert trust_figures(report) == report
    with pytest.raises(AssistantError, match="bundled sample"):
        trust_figures({**report, "manifest": {**report["manifest"], "corpus": {"name": "mine"}}})


def test_a_report_of_ones_own_is_shown_and_anything_else_is_refused(tmp_path: Path) -> None:
    figure = {"value": 0.5, "n_scored": 4, "n_total": 8, "low": 0.25, "high": 0.75}
    document = {"manifest": {"llm": "<b>model</b>"}, "summary": {"all": {"questions": 8, "hit@1": figure}}}
    (tmp_path / "report.json").write_text(json.dumps(document), encoding="utf-8")
    shown = trust.render_figures(trust.load(tmp_path))
    assert "50.0&nbsp;%" in shown
    assert "25.0&nbsp;% to 75.0&nbsp;%" in shown
    assert "&lt;b&gt;model" in shown
    assert "by construction" not in shown
    (tmp_path / "report.json").write_text("[]", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"report\.json"):
        trust.load(tmp_path)


def test_only_what_is_offered_can_be_chosen_and_each_visitor_chooses_alone(assistant: Assistant) -> None:
    library = LibraryCache(assistant)
    chat, offered = Chat(assistant, library, Indexing(assistant, library.invalidate)), OfferedSettings(assistant)
    one, other = chat.new_session("one"), chat.new_session("other")
    with pytest.raises(SettingsError, match="not offered"):
        offered.apply(one, replace(offered.default, llm="http://127.0.0.1:9/v1#spy"))
    with pytest.raises(SettingsError, match="not offered"):
        offered.apply(one, replace(offered.default, judge="nli:/etc"))
    offered.apply(one, replace(offered.default, k=3))
    assert (one.assistant.settings.k, other.assistant.settings.k) == (3, offered.default.k)


def test_settings_change_in_the_middle_of_a_conversation(fresh_home: Path) -> None:
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        library = LibraryCache(assistant)
        chat, offered = Chat(assistant, library, Indexing(assistant, library.invalidate)), OfferedSettings(assistant)
        session = chat.new_session("one")
        session.conversation.ask("What does OwlRoute do for night buses?")
        offered.apply(session, replace(offered.default, min_confidence=0.2))
        answer = session.conversation.ask("And where does it transfer without retraining?")
        assert "Turku" in answer.text
        assert len(session.conversation.answers) == 2
