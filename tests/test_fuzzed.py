"""Inputs that fuzzing found: each made a part of the program fail, or take a time that grew faster than the input.

A test of time would depend on the machine. The inputs are so long instead that the test would not end within its limit.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import prompt_files
from assistant.citations.markers import Marked, MarkerParser
from assistant.documents import read
from assistant.documents.drafts import read as read_draft
from assistant.errors import TemplateError
from assistant.llm.prompt import fill
from assistant.text import names, sentences
from assistant.types import Failure, Paper


def parsed(text: str) -> list[Marked]:
    parser = MarkerParser()
    return parser.feed(text) + parser.close()


@pytest.mark.parametrize("endless", ["\n", " \n", " ", "[", "【", "[ "])
def test_a_model_that_repeats_itself_does_not_stop_the_program(endless: str) -> None:
    found = parsed(f"Kites fly [1]. {endless * 20_000}They fall [2].")
    assert found[0].text.startswith("Kites fly.")
    assert found[-1].numbers[-1] == 2


@pytest.mark.parametrize("endless", [".", "?!", "1", "a1", "A-", "_"])
def test_an_endless_word_does_not_stop_the_rules(endless: str) -> None:
    text = f"Kites fly. {endless * 40_000} Nets are long ({'a' * 5})."
    assert sentences.split(text)[-1].end == len(text)
    names.names(text)
    names.definitions(text)


def test_a_long_text_without_an_end_is_split() -> None:
    text = "approx. " * 40_000
    assert len(sentences.split(text)) == 1


@pytest.mark.parametrize("name", ["a.bib", "a.txt", "a.csv", "a.xml", "a.md", "a.json", "a.ris"])
@pytest.mark.parametrize("endless", [" ", "\n", "[", "{"])
def test_an_endless_run_does_not_stop_the_reading(tmp_path: Path, name: str, endless: str) -> None:
    file = tmp_path / name
    file.write_text(f"x\n{endless * 60_000}\ny")
    list(read([file]))


def test_json_that_opens_endless_brackets_fills_no_memory(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"a":' * 13_000)
    assert all(isinstance(item, Failure) for item in read([file]))
    file.write_text("[" * 400_000)
    assert all(isinstance(item, Failure) for item in read([file]))


def test_records_below_many_brackets_are_cut(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(
        '[{"title": "Kites", "abstract": "Kites fly."}, '
        + "[" * 200
        + "]" * 200
        + ', {"title": "Nets", "abstract": "Nets hold."}]'
    )
    assert [item.title for item in read([file]) if isinstance(item, Paper)] == ["Kites", "Nets"]


def test_a_draft_with_endless_ticks_is_read() -> None:
    assert (
        read_draft("Kites fly `high` today.\n\n" + "Nets " + "`" * 20_000).paragraphs[0][0].text
        == "Kites fly high today."
    )


def test_a_prompt_that_is_no_text_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "answer.md").write_bytes(b"Say \xa2")
    monkeypatch.setattr(prompt_files, "_FOLDERS", (tmp_path,))
    with pytest.raises(TemplateError, match=r"answer\.md cannot be read"):
        fill("answer.md")
