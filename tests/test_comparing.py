"""Comparisons of papers and topics over the years, asked as questions: a table with a span in each cell, shares per year."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from assistant import Answer, Assistant
from assistant.cli.app import app


def test_papers_on_a_topic_make_a_table(assistant: Assistant) -> None:
    answer = assistant.ask("Compare the methods, data and results of the papers on reinforcement learning")
    assert answer.query is not None
    assert answer.query.intent == "table"
    assert answer.table is not None
    assert answer.table.columns == ("method", "data", "result")
    assert "reinforcement learning" in answer.text
    for row in answer.table.rows:
        for span in (span for cell in row.cells if cell for span in cell.spans):
            paper = assistant.paper(row.paper_id)
            text = paper.title if span.where == "title" else paper.abstract
            assert text[span.start : span.end] == span.quote
    again = Answer.from_dict(json.loads(answer.to_json()))
    assert again.table == answer.table
    assert "OwlRoute" in str(answer), "the Markdown of an answer has the table"


def test_named_papers_make_a_table(assistant: Assistant) -> None:
    table = assistant.ask("Compare TideNet and OwlRoute by result").table
    assert table is not None
    assert table.columns == ("result",)
    assert [row.title.split(":")[0] for row in table.rows] == [
        "TideNet",
        "Learning to Route Night Buses under Sparse Demand",
    ]


def test_papers_that_were_shown_can_be_compared(assistant: Assistant) -> None:
    before = [
        assistant.ask("How much does TideNet lower the speed error?"),
        assistant.ask("What does OwlRoute do for night buses?"),
    ]
    table = assistant.ask("Compare the last two papers", before).table
    assert table is not None
    assert len(table.rows) == 2


def test_what_no_paper_states_makes_no_table(assistant: Assistant) -> None:
    assert assistant.ask("Compare the papers on flying carpets").table is None


def test_a_column_may_be_a_question(assistant: Assistant) -> None:
    table = assistant.ask("Compare the waiting time of the papers on reinforcement learning").table
    assert table is not None
    assert table.columns == ("waiting time",)
    cell = table.rows[0].cells[0]
    assert cell is not None
    assert "Waiting times drop by 31%" in cell.value


def test_a_topic_over_the_years(assistant: Assistant) -> None:
    answer = assistant.ask("How has interest in reinforcement learning changed over the years?")
    assert answer.trend is not None
    assert answer.listing is not None
    assert answer.trend.count == answer.listing.count == 1
    assert [year.count for year in answer.trend.years if year.year == 2022] == [1]
    assert answer.text == answer.trend.sentence
    assert Answer.from_dict(json.loads(answer.to_json())).trend == answer.trend


def test_an_answer_of_an_earlier_release_has_neither(assistant: Assistant) -> None:
    document = assistant.ask("What does OwlRoute do for night buses?").to_dict()
    del document["table"], document["trend"]
    old = Answer.from_dict(document)
    assert (old.table, old.trend) == (None, None)


def test_the_terminal_prints_both(fresh_home: Path) -> None:
    def run(question: str) -> str:
        return CliRunner().invoke(app, ["ask", question, "--home", str(fresh_home), "--llm", "quotes"]).stdout

    assert "not stated" in run("Compare TideNet and OwlRoute by code")
    assert "2022" in run("How has interest in reinforcement learning changed over the years?")
