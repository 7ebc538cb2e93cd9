"""Facts in the library's file, and tables of papers, by Python and by the command line."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from ingesting import CountingEmbedder, library
from typer.testing import CliRunner

from assistant import Assistant, NotFoundError, QuestionError
from assistant.cli import app
from assistant.collection import facts
from assistant.collection.columns import question
from assistant.extraction.kind_names import kind_named
from assistant.library.store import Store

RUN = CliRunner()
PAPERS = [
    {
        "title": "Alpha: Reading Maps with Graphs",
        "abstract": "We propose AlphaMap, a network that reads maps. It has 12 million parameters. We evaluate it on MNIST and "
        "CIFAR-10, where it reaches 91.5% accuracy and outperforms earlier map readers such as OldMap. Code is released.",
    },
    {
        "title": "A Survey of Maps",
        "abstract": "=cmd|' /C calc'!A0 is a formula. This survey reviews how maps are drawn.",
    },
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    source = tmp_path / "papers.jsonl"
    source.write_text("".join(json.dumps(p) + "\n" for p in PAPERS), encoding="utf-8")
    with library(tmp_path / "home") as assistant:
        assistant.add([source])
    return tmp_path / "home"


def ids(assistant: Assistant) -> list[str]:
    return [p.paper_id for p in sorted(assistant.papers(), key=lambda p: p.title, reverse=True)]


def stored(home: Path, paper_id: str) -> dict[str, tuple[facts.Fact, ...]]:
    with closing(Store(home / "library.sqlite3")) as store:
        return store.facts.get([paper_id])


def lacking(home: Path) -> list[str]:
    with closing(Store(home / "library.sqlite3")) as store:
        return store.facts.lacking()


def test_facts_come_with_the_paper_and_go_with_it(home: Path) -> None:
    with library(home) as assistant:
        alpha = ids(assistant)[0]
        kept = stored(home, alpha)[alpha]
        assert {f.kind for f in kept} >= {"method", "data", "result", "code"}
        assert next(assistant.facts([alpha])).facts == kept == facts.facts_of(assistant.paper(alpha))
        assistant.delete([alpha])
        assert stored(home, alpha) == {}


def test_other_rules_make_all_facts_anew_and_embed_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.library.fact_store.VERSION", facts.VERSION + 1)
    embedder = CountingEmbedder()
    steps: list[tuple[int, int]] = []
    with library(home, embedder) as assistant:
        assert len(lacking(home)) == 2
        found = list(assistant.facts(step=lambda done, total: steps.append((done, total))))
        assert len(found) == 2
        assert lacking(home) == []
        assistant.add([home.parent / "papers.jsonl"])
    assert steps == [(2, 2)]
    assert embedder.texts == []


def test_a_damaged_fact_is_read_again(home: Path) -> None:
    with library(home) as assistant:
        alpha = ids(assistant)[0]
        sound = next(assistant.facts([alpha])).facts
        with closing(sqlite3.connect(home / "library.sqlite3")) as file, file:
            file.execute("UPDATE facts SET start = start + 1")
        assert next(assistant.facts([alpha])).facts == sound


def test_a_table_has_a_span_in_every_cell(home: Path) -> None:
    with library(home) as assistant:
        papers = {p.paper_id: p for p in assistant.papers()}
        made = assistant.table(paper_ids=ids(assistant)).to_dict()
    assert made["columns"] == ["task", "method", "data", "result", "compared with", "limitation", "code"]
    alpha, survey = made["rows"]
    assert alpha["cells"]["data"]["value"] == "MNIST; CIFAR-10"
    assert [s["quote"] for s in alpha["cells"]["data"]["all"]] == ["MNIST", "CIFAR-10"]
    assert survey["cells"]["result"] is None
    for row in made["rows"]:
        for cell in filter(None, row["cells"].values()):
            for span in cell.get("all", [cell]):
                source = (
                    papers[row["paper_id"]].title if span.get("in") == "title" else papers[row["paper_id"]].abstract
                )
                assert source[span["start"] : span["end"]] == span["quote"] != ""


def test_a_free_column_is_answered_by_the_sentence_that_states_it(home: Path) -> None:
    with library(home) as assistant:
        steps: list[tuple[int, int]] = []
        made = assistant.table(
            columns=["number of parameters"], paper_ids=ids(assistant), step=lambda *at: steps.append(at)
        )
    alpha, survey = made.rows
    assert alpha.cells[0] is not None
    assert alpha.cells[0].value == "It has 12 million parameters."
    assert survey.cells == (None,)
    assert steps == [(2, 2)]


def test_the_papers_of_a_topic(home: Path) -> None:
    with library(home) as assistant:
        assert "Alpha: Reading Maps with Graphs" in {row.title for row in assistant.table("reading maps").rows}


def test_what_cannot_be_made_is_one_line(home: Path) -> None:
    with library(home) as assistant:
        with pytest.raises(QuestionError, match="either a topic or papers"):
            assistant.table()
        with pytest.raises(NotFoundError, match="no paper t:none"):
            assistant.table(paper_ids=["t:none"])
        with pytest.raises(QuestionError, match="at least one column"):
            assistant.table("maps", columns=[" "])


def test_columns_are_known_in_singular_and_plural_and_others_become_questions() -> None:
    assert [kind_named(c) for c in ("Datasets", "baselines", "Code", "limitation")] == [
        "data",
        "compared with",
        "code",
        "limitation",
    ]
    assert kind_named("number of parameters") is None
    assert question("number of parameters") == "What is the number of parameters?"
    assert question("loss functions") == "What are the loss functions?"
    assert question("which optimiser") == "which optimiser?"


def output(home: Path, *arguments: str) -> str:
    result = RUN.invoke(app, [*arguments, "--home", str(home)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_commands_give_the_same_bytes_again(home: Path) -> None:
    with library(home) as assistant:
        papers = ",".join(ids(assistant))
    for form in ("--json", "--csv", "--markdown"):
        first = output(home, "table", "--papers", papers, form)
        assert first == output(home, "table", "--papers", papers, form) != ""
    found = json.loads(output(home, "facts", "--all", "--json"))
    assert {p["title"] for p in found["papers"]} == {p["title"] for p in PAPERS}
    assert found["papers"][0]["facts"][0].keys() >= {"kind", "value", "quote", "start", "end"}


def test_no_cell_of_a_sheet_is_a_formula(home: Path) -> None:
    with library(home) as assistant:
        papers = ",".join(ids(assistant))
    sheet = output(home, "table", "--papers", papers, "--columns", "is there a formula", "--csv")
    everything = output(home, "facts", "--all", "--csv")
    for text in (sheet, everything, output(home, "table", "--papers", papers, "--csv")):
        assert not [
            cell for row in csv.reader(io.StringIO(text)) for cell in row if cell.startswith(("=", "+", "-", "@"))
        ]


def test_facts_need_papers_or_all(home: Path) -> None:
    result = RUN.invoke(app, ["facts", "--home", str(home)])
    assert result.exit_code == 1
    assert isinstance(result.exception, QuestionError)
