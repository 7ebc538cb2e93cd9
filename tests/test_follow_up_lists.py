"""A question that goes on with a list: narrowed, counted, ordered, or asked again with another year or author."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Settings

PAPERS = [
    {"title": "Tides in Narrow Harbours", "abstract": "We predict tides with graph networks. Code is available at https://example.org/a.", "year": 2021, "date": "2021-05-03", "authors": ["Mara Ilves", "Jon Day"], "venue": "NeurIPS 2021"},
    {"title": "Tides from Buoys", "abstract": "Cheap buoys measure tides. Frost spoils their batteries.", "year": 2023, "date": "2023-02-01", "authors": ["Jon Day"], "venue": "ICML 2023"},
    {"title": "Reading Ship Logs", "abstract": "A transformer reads handwritten ship logs. We release the code.", "year": 2023, "date": "2023-09-30", "authors": ["Ana Ruiz", "Mara Ilves"], "venue": "ICML 2023"},
    {"title": "Lock Gates by Reinforcement Learning", "abstract": "Lock gates waste water. An agent saves nine percent of it.", "year": 2024, "date": "2024-01-15", "authors": ["Ana Ruiz"], "venue": "NeurIPS 2024"},
]  # fmt: skip


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("harbour")
    file = folder / "harbour.jsonl"
    file.write_text("\n".join(map(json.dumps, PAPERS)), encoding="utf-8")
    with Assistant(Settings(home=folder / "home", llm="quotes", log_answers=False, cache=False)) as assistant:
        assistant.add([file])
        yield assistant


def asked(assistant: Assistant, *questions: str) -> Answer:
    """The last answer of a conversation."""
    answers: list[Answer] = []
    for question in questions:
        answers.append(assistant.ask(question, answers))
    return answers[-1]


def listed(answer: Answer) -> list[str]:
    return [] if answer.listing is None else [p.title.split()[0] + p.title.split()[-1] for p in answer.listing.papers]


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        (("papers from 2023 or later", "which ones are by Ana Ruiz?"), {"ReadingLogs", "LockLearning"}),
        (("papers about tides", "and how many of these are from 2023?"), {"TidesBuoys"}),
        (("Which papers are about tides?", "only those that release code"), {"TidesHarbours"}),
        (("How many papers are from 2021?", "and 2024?"), {"LockLearning"}),
        (("papers by Ana Ruiz", "what about Jon Day?"), {"TidesHarbours", "TidesBuoys"}),
        (("List the ICML papers", "and NeurIPS?"), {"TidesHarbours", "LockLearning"}),
        (("papers by Ana Ruiz", "the newest one?"), {"LockLearning"}),
        (("papers about tides", "how many?"), {"TidesHarbours", "TidesBuoys"}),
        (("papers about tides", "any from 2021?"), {"TidesHarbours"}),
        (("publications of Ana Ruiz sorted by year", "any from 2023?"), {"ReadingLogs"}),
        (("How many papers are about tides?", "list them"), {"TidesHarbours", "TidesBuoys"}),
    ],
)
def test_a_list_is_gone_on_with(harbour: Assistant, questions: tuple[str, ...], expected: set[str]) -> None:
    assert set(listed(asked(harbour, *questions))) == expected


def test_a_list_is_put_in_the_order_of_dates(harbour: Assistant) -> None:
    newest = asked(harbour, "list all papers", "sort them by year")
    oldest = asked(harbour, "list all papers", "sort them by date, oldest first")
    assert listed(newest) == ["LockLearning", "ReadingLogs", "TidesBuoys", "TidesHarbours"] == listed(oldest)[::-1]


@pytest.mark.parametrize(
    ("question", "columns"),
    [("Make a table of them.", None), ("compare these papers by method and data", ("method", "data"))],
)
def test_a_list_is_laid_side_by_side(harbour: Assistant, question: str, columns: tuple[str, ...] | None) -> None:
    answer = asked(harbour, "papers about tides", question)
    assert answer.table is not None
    assert len(answer.table.rows) == 2
    assert columns is None or answer.table.columns == columns


@pytest.mark.parametrize(
    "question", ["Which papers came in last on tides?", "which papers about tides were published most recently?"]
)
def test_what_came_last_is_asked_in_other_words(harbour: Assistant, question: str) -> None:
    assert listed(asked(harbour, question)) == ["TidesBuoys", "TidesHarbours"]


def test_newest_papers_on_a_topic_come_first(harbour: Assistant) -> None:
    answer = asked(harbour, "newest papers on tides")
    assert listed(answer) == ["TidesBuoys", "TidesHarbours"]
    assert "The newest: “Tides from Buoys” (2023-02-01)" in answer.text


def test_what_a_list_shows_can_be_pointed_at(harbour: Assistant) -> None:
    assert "Ana Ruiz" in asked(harbour, "papers from 2024", "who wrote the first one?").text


def test_an_ordinary_question_after_a_list_stays_one(harbour: Assistant) -> None:
    answer = asked(harbour, "papers from 2021", "How much water does the agent save?")
    assert answer.query is not None
    assert answer.query.intent == "lookup"
    assert "nine percent" in answer.text


def test_the_summary_of_a_paper_keeps_its_labels(harbour: Assistant) -> None:
    answer = asked(harbour, "Summarise Reading Ship Logs")
    assert [s.label for s in answer.sentences][:1] == ["Problem"]
    assert str(answer).startswith("Problem: A transformer reads")
    assert Answer.from_dict(answer.to_dict()).sentences == answer.sentences
