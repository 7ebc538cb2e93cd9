"""What is shown while one waits: of indexing a pace and the time left, of an answer what the model does."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from assistant import AnswerEvent, Assistant, IndexProgress, Sentence, Settings
from assistant.cli.progress import Pace, duration, progress_bar
from assistant.cli.show import with_status
from assistant.ui.turn import Turn


class Clock:
    """A clock that the test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def at(records: int, stage: str = "embedding") -> IndexProgress:
    return IndexProgress(1000 * records, 10_000_000, records, stage, records)


def test_pace_is_that_of_the_last_half_minute() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.spelled(at(0)) == "0 papers", "nothing is known yet"
    clock.now += 1
    assert pace.spelled(at(5_000)) == "5,000 papers, 5,000/s, 1 s left", "known papers are skipped"
    for _ in range(60):
        clock.now += 1
        records = 5_000 + 50 * round(clock.now - 101)
        shown = pace.spelled(at(records))
    assert shown == "8,000 papers, 50/s, 40 s left"


def test_nothing_is_left_when_everything_is_read() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.spelled(at(0))
    clock.now += 10
    assert pace.spelled(at(10_000, "building the indexes")) == "10,000 papers, 1,000/s"


def test_another_stage_has_a_pace_of_its_own() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.spelled(IndexProgress(0, 200, 0, "embedding again", 0))
    clock.now += 10
    assert pace.spelled(IndexProgress(100, 200, 100, "embedding again", 100)) == "100 papers, 10/s, 10 s left"
    clock.now += 1
    assert pace.spelled(at(30)) == "30 papers"
    clock.now += 2
    assert pace.spelled(at(40)) == "40 papers, 5.0/s, 33 min left"


@pytest.mark.parametrize(("seconds", "text"), [(3.6, "4 s"), (600, "10 min"), (12_060, "3 h 21 min")])
def test_durations_read_as_people_say_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_lines_are_few_and_short_runs_are_silent() -> None:
    clock, out = Clock(), io.StringIO()
    with progress_bar(Console(file=out, width=200), clock) as show:
        for _ in range(80):
            show(at(round(clock.now - 100) * 10))
            clock.now += 1
            if clock.now == 104:
                assert out.getvalue() == ""
        show(at(10_000, "building the indexes"))
    assert [line.split(",")[0] for line in out.getvalue().splitlines()] == [
        "embedding: 50 papers",
        "embedding: 350 papers",
        "embedding: 650 papers",
        "building the indexes: 10",
    ]


def test_a_terminal_of_80_columns_shows_the_whole_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "spelled", lambda *_: "2,345,678 papers, 1,234/s, 35 min left")
    out = io.StringIO()
    with progress_bar(Console(file=out, force_terminal=True, width=80)) as show:
        show(at(1_234))
        show(at(10_000, "building the indexes"))
    assert "building the indexes" in out.getvalue()
    assert "35 min left" in out.getvalue()


def test_a_rebuild_shows_how_many_papers_are_indexed(fresh_home: Path) -> None:
    shown: list[IndexProgress] = []
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        assistant.rebuild(shown.append)
    assert {p.stage for p in shown} == {"building the indexes"}
    assert (shown[-1].records, shown[-1].bytes_read, shown[-1].bytes_total) == (6, 6, 6)


def test_a_short_run_prints_nothing_to_a_pipe() -> None:
    out = io.StringIO()
    with progress_bar(Console(file=out)) as show:
        show(at(5))
    assert out.getvalue() == ""


READING = AnswerEvent("waiting", waiting=0.3, progress="reading 1,200 tokens, about 18 s left")
SILENT = AnswerEvent("waiting", waiting=0.6)
WRITTEN = AnswerEvent("sentence", sentence=Sentence("It is.", (), "supported"))


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_shows_what_the_model_does_until_something_is_written(terminal: bool) -> None:
    shown = io.StringIO()
    for event in with_status([READING, SILENT, WRITTEN], Console(file=shown, force_terminal=terminal, width=80)):
        if event is WRITTEN:
            shown.write("It is.")
    before, _, after = shown.getvalue().partition("It is.")
    assert ("reading 1,200 tokens" in before) == terminal
    assert "reading" not in after


def test_the_chat_page_shows_what_the_model_does() -> None:
    turn = Turn(1, "Is it?", "Searching…", 1, "m")
    turn.apply(READING)
    turn.apply(SILENT)
    assert turn.stage == "Reading 1,200 tokens, about 18 s left…"
