"""Digests, trends and screenings: what came in, shares over the years, and decisions with their spans."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from conftest import write_papers
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from assistant import Assistant, Filters, QuestionError, Settings, SettingsError
from assistant.cli import app
from assistant.collection.trend import wilson
from assistant.library import topic_map

NEW = {
    "title": "Ferries That Learn Their Timetable",
    "year": 2024,
    "abstract": "Why do ferries queue? We plan departures with reinforcement learning. Queues shrink by 12%. Code follows.",
}


def test_a_digest_tells_what_the_last_run_brought(fresh_home: Path, tmp_path: Path) -> None:
    with Assistant(Settings(home=fresh_home, llm="quotes")) as library:
        watch = library.watches.add("reinforcement learning")
        assert library.digest("2020-01-01").count == 6
        assert [w.watch_id for w in library.digest("2020-01-01").watches] == [watch.watch_id]
        library.add([write_papers(tmp_path / "more.jsonl", [NEW])])
        library.watches.run()
        found = library.digest("2999")
        assert (found.count, found.of, found.topics, found.watches) == (0, 7, (), ())
        everything = library.digest("2020-01-01")
        rows = [row for topic in everything.topics for row in topic.papers]
        assert len(rows) == 7
        for row in rows:
            assert row.finding is not None
            abstract = library.paper(row.paper_id).abstract
            assert abstract[row.finding.start : row.finding.end] == row.finding.quote
        [ferries] = [row for row in rows if row.title == NEW["title"]]
        assert ferries.finding is not None
        assert ferries.finding.quote == "Queues shrink by 12%."
        library.add([tmp_path / "more.jsonl"])
        assert NEW["title"] in [row.title for topic in library.digest().topics for row in topic.papers], (
            "a run that adds nothing does not count"
        )
        with pytest.raises(SettingsError, match="use a date"):
            library.digest("yesterday")


def test_a_digest_of_a_large_library_tells_every_paper_once(sample: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sample.digest("2020")
    monkeypatch.setattr(topic_map, "_MOST_GROUPED", 50)  # a third of the papers make the topics
    sampled = sample.digest("2020")
    for found in (whole, sampled):
        ids = [row.paper_id for topic in found.topics for row in topic.papers]
        assert sorted(ids) == sorted(p.paper_id for p in sample.papers())
        assert len(found.topics) > 1
        assert all(topic.terms for topic in found.topics)
    assert sample.digest("2020") == sampled, "the same sample each time"


def test_a_trend_counts_shares_and_says_small_numbers(assistant: Assistant) -> None:
    found = assistant.trend("reinforcement learning")
    assert (found.count, found.of) == (1, 6)
    assert [y.year for y in found.years] == list(range(2019, 2024))
    assert {y.year: (y.count, y.of) for y in found.years}[2022] == (1, 1)
    assert all(y.few for y in found.years)
    assert found.undated_of == 1
    assert "too few years" in found.summary
    only = assistant.trend("reinforcement learning", Filters(year_from=2021, year_to=2022))
    assert [y.year for y in only.years] == [2021, 2022]


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_the_share_and_narrows_with_more_papers(case: tuple[int, int]) -> None:
    count, of = case
    low, high = wilson(count, of)
    assert 0 <= low <= count / of <= high <= 1
    low10, high10 = wilson(10 * count, 10 * of)
    assert high10 - low10 < high - low


def test_intervals_are_those_of_the_literature() -> None:
    # Newcombe 1998, table I: 81 of 263 and 15 of 148.
    assert [round(x, 4) for x in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(x, 4) for x in wilson(15, 148)] == [0.0624, 0.1605]


def test_a_screening_decides_by_spans(assistant: Assistant) -> None:
    found = assistant.screen(include=["reinforcement learning"], exclude=["bass buttons"])
    decisions = {p.title.split()[0]: p for p in found.papers}
    assert sum(found.counts.values()) == 6
    buses = decisions["Learning"]
    assert buses.decision == "include"
    assert assistant.paper(buses.paper_id).abstract[buses.start : buses.end] == buses.quote
    assert "reinforcement learning" in buses.quote
    accordion = decisions["A"]
    assert (accordion.decision, accordion.criterion) == ("exclude", "bass buttons")
    assert "Bass buttons" in accordion.quote
    assert decisions["Quill:"].decision == "exclude"
    assert assistant.screen(include=["reinforcement learning"], exclude=["bass buttons"]) == found
    for criteria in ([], ["  "]):
        with pytest.raises(QuestionError):
            assistant.screen(include=criteria)


def test_a_screening_is_written_as_csv_and_as_ris_that_is_read_back(library_home: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> None:
        result = CliRunner().invoke(app, ["screen", *arguments, "--home", str(library_home)])
        assert result.exit_code == 0, result.output

    run("--include", "=reinforcement learning", "--out", str(tmp_path / "a.csv"))
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text())))
    assert (len(rows), rows[0][3]) == (7, "decision")
    assert all(not cell.startswith("=") for row in rows for cell in row)
    run("--include", "reinforcement learning", "--out", str(tmp_path / "b.ris"))
    with Assistant(Settings(home=tmp_path / "second", llm="quotes")) as second:
        second.add([tmp_path / "b.ris"])
        [paper] = [p for p in second.papers() if p.title.startswith("Learning to Route")]
        assert paper.abstract.startswith("Night buses run nearly empty")
        assert paper.year == 2022


def test_the_commands_give_data_and_one_line_errors(library_home: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> dict[str, object]:
        result = CliRunner().invoke(app, [*arguments, "--json", "--home", str(library_home)])
        assert result.exit_code == 0, result.output
        document: dict[str, object] = json.loads(result.stdout)
        return document

    assert run("digest", "--since", "2020")["count"] == 6
    assert len(run("trend", "reinforcement learning")["years"]) == 5  # type: ignore[arg-type]  # a list
    assert run("screen", "--include", "tide tables")["counts"]
    text = CliRunner().invoke(app, ["trend", "reinforcement learning", "--home", str(library_home)]).stdout
    assert "1 of 1 (few papers)" in text
    bad = CliRunner().invoke(app, ["screen", "--include", "x", "--out", str(tmp_path / "a.doc")])
    assert isinstance(bad.exception, SettingsError)
