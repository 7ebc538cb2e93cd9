"""The filters that every command takes, and the values that none takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from assistant import Assistant, AssistantError, Filters, QuestionError, SettingsError
from assistant.cli import app
from assistant.cli.filters import filters_of

COMMANDS = {
    "ask": ["ask", "What error rate does NoteHound reach?"],
    "search": ["search", "harbours"],
    "find": ["find", "reinforcement learning"],
    "table": ["table", "reinforcement learning"],
    "facts": ["facts", "--all"],
    "related": ["related", "PAPER"],
    "trend": ["trend", "reinforcement learning"],
    "digest": ["digest", "--since", "2020"],
    "screen": ["screen", "--include", "reinforcement learning"],
    "watch": ["watch", "add", "reinforcement learning"],
}


@pytest.fixture
def opened(fresh_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_HOME", str(fresh_home))
    monkeypatch.setenv("ASSISTANT_LLM", "quotes")
    return fresh_home


def titles(command: str, assistant: Assistant, *options: str) -> set[str]:
    """The titles that a command names, in whatever place of its document."""
    paper = next(p.paper_id for p in assistant.papers() if p.title.startswith("Quill"))
    arguments = [paper if a == "PAPER" else a for a in COMMANDS[command]]
    result = CliRunner().invoke(app, [*arguments, "--json", *options])
    assert result.exit_code == 0, result.output
    return {p.title for p in assistant.papers() if json.dumps(p.title, ensure_ascii=False) in result.stdout}


@pytest.mark.parametrize("command", [c for c in COMMANDS if c not in ("ask", "trend")])
def test_every_command_reads_only_the_papers_that_pass(command: str, opened: Path, assistant: Assistant) -> None:
    recent = {p.title for p in assistant.papers() if p.year and p.year >= 2021}
    for option in (["--year", "2021.."], ["--only", "date=2021.."]):
        assert titles(command, assistant, *option) <= recent
    assert titles(command, assistant) - recent or titles(command, assistant, "--year", "..2019") != titles(
        command, assistant
    )
    assert titles(command, assistant, "--only", "source=elsewhere.bib") == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_a_value_that_no_paper_can_have(command: str, opened: Path) -> None:
    result = CliRunner().invoke(app, [*COMMANDS[command], "--only", "kind=novel"])
    assert isinstance(result.exception, SettingsError)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("kind=novel", "there is no kind of paper 'novel'; use survey"),
        ("added=2024-01-01T10:00:00+02:00", "use a date such as 2024"),
        ("date=last spring", "use a date such as 2024"),
        ("date=2024-13", "use a date such as 2024"),
        ("added=2024-01-01T99", "use a date such as 2024"),
        ("date=2024-03..2023", "the range ends before it begins"),
        ("authors=5..2", "the range ends before it begins"),
        ("authors=99999999999999999999", "use a number from 0"),
        ("editor=Beek", "use NAME=VALUE"),
    ],
)
def test_the_reason_is_one_line(value: str, told: str, opened: Path) -> None:
    result = CliRunner().invoke(app, ["search", "harbours", "--only", value])
    assert isinstance(result.exception, SettingsError)
    assert told in str(result.exception)
    assert "\n" not in str(result.exception)


@pytest.mark.parametrize(
    "value", ["date=2024", "date=2024-02-29..2024-02", "added=..2026-01-01T10:00:00Z", "kind=study"]
)
def test_values_that_papers_can_have_are_taken(value: str, opened: Path) -> None:
    result = CliRunner().invoke(app, ["search", "harbours", "--only", value])
    assert result.exit_code == 0, result.output


NAMES = st.sampled_from("author venue category organisation source kind date added authors".split())
PIECES = st.sampled_from(
    [
        *"= .. - T Z : 2024 02 31 0 7 99999999999999999999 _ ٣ ² ' é survey Beek".split(),
        *"author authors venue category organisation source kind date added".split(),
        *(" ", "\n", "\0", "\udc80"),
    ]
)
WRITTEN = st.one_of(
    st.text(max_size=20),
    st.lists(PIECES, max_size=8).map("".join),
    st.builds("{}={}".format, NAMES, st.lists(PIECES, max_size=6).map("".join)),
)
"""What somebody may write behind `--only`, or what a shell makes of it."""


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WRITTEN, st.one_of(st.none(), st.lists(PIECES, max_size=4).map("".join)))
def test_whatever_is_written_filters_papers_or_is_one_line(assistant: Assistant, only: str, year: str | None) -> None:
    filters = _filters_or_reason(year, only)
    if isinstance(filters, str):
        assert filters.isprintable()
        return
    assert filters is not None
    assert filters.restrict, "what limits nothing is a mistake"
    assert len(assistant.find(filters=filters).papers) <= len(assistant.papers())


def _filters_or_reason(year: str | None, only: str) -> Filters | str | None:
    try:
        return filters_of(year, [only])
    except SettingsError as error:
        return str(error)


@pytest.mark.parametrize(
    "arguments", [["related", "\udcff"], ["watch", "remove", "\udcff"], ["answers", "show", "\udcff"]]
)
def test_an_id_of_bytes_that_are_no_text_is_refused(arguments: list[str], opened: Path) -> None:
    result = CliRunner().invoke(app, arguments)
    assert isinstance(result.exception, AssistantError)
    assert "is no text" in str(result.exception)


@pytest.mark.parametrize(
    "arguments",
    [["ask", "What error rate does NoteHound reach\udcff?"], ["find", "tide\udcff"], ["watch", "add", "tide\udcff"]],
)
def test_a_question_with_bytes_that_are_no_text_is_refused(arguments: list[str], opened: Path) -> None:
    result = CliRunner().invoke(app, arguments)
    assert isinstance(result.exception, AssistantError)
    assert "is no text" in str(result.exception)


def test_watches_of_one_question_are_told_apart_by_their_filters(opened: Path) -> None:
    for options in ([], ["--year", "2021..", "--only", "kind=survey", "--only", "kind=trial"]):
        added = CliRunner().invoke(app, ["watch", "add", "tides", *options])
        assert added.exit_code == 0, added.output
    listed = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["watch", "list"]).stdout
    assert listed.count("tides") == 2
    assert listed.count("year_from 2021, kinds survey or trial") == 1


def test_filters_alone_list_and_compare_papers(assistant: Assistant) -> None:
    recent = Filters(year_from=2022)
    wanted = {p.paper_id for p in assistant.papers() if p.year and p.year >= 2022}
    listing = assistant.find(filters=recent)
    assert {p.paper_id for p in listing.papers} == wanted
    table = assistant.table(filters=recent, columns=["method"], k=1)
    assert (len(table.rows), table.of) == (1, len(wanted))
    named = assistant.table(paper_ids=[p.paper_id for p in assistant.papers()], filters=recent)
    assert {row.paper_id for row in named.rows} == wanted
    with pytest.raises(QuestionError, match="the topic is empty"):
        assistant.find()
    with pytest.raises(QuestionError, match="either a topic or papers"):
        assistant.table("bread", paper_ids=list(wanted))


def test_a_digest_holds_to_the_later_of_two_days(assistant: Assistant) -> None:
    assert assistant.digest("2020", Filters(added_from="2999")).count == 0
    assert assistant.digest("2999", Filters(added_from="2020")).count == 0
    assert assistant.digest("2020", Filters(added_from="2021")).count == 6
