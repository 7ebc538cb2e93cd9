"""The whole record of a paper: filtered, shown with safe links, and asked about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import write_papers
from ingesting import library
from typer.testing import CliRunner

from assistant import Assistant, Filters, Paper
from assistant.cli import app
from assistant.cli.filters import filters_of
from assistant.documents import fields
from assistant.ui.facets import FacetCache
from assistant.ui.text import links

RECORDS: list[dict[str, object]] = [
    {
        "title": "On Boats", "abstract": "We count boats in the harbour at night.", "keywords": ["fishing boats", "Bells"],
        "collections": ["Thesis/Chapter 2"], "language": "english", "type": "journalArticle", "doi": "10.1000/xyz",
        "pmid": "123456", "citekey": "roe2020", "year": 2020, "authors": ["Ada Roe"],
        "zotero": "zotero://select/library/items/ABCD2345",
    },
    {"title": "On Kelp", "abstract": "We weigh kelp in the bay.", "language": "de", "type": "book", "collections": ["Kelp"]},
    {"title": "On Oboes", "abstract": "We tune oboes in the hall.", "keywords": ["reeds"], "type": "Systematic Review"},
]  # fmt: skip


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("records")
    opened = library(folder / "home")
    opened.add([write_papers(folder / "papers.jsonl", RECORDS)])
    return opened


@pytest.mark.parametrize(
    ("only", "titles"),
    [
        ("keyword=boats", ["On Boats"]),
        ("keyword=BELLS", ["On Boats"]),
        ("keyword=boat", []),
        ("collection=Thesis", ["On Boats"]),
        ("collection=chapter 2", ["On Boats"]),
        ("collection=Thes", []),
        ("language=en", ["On Boats"]),
        ("language=German", ["On Kelp"]),
        ("type=journal article", ["On Boats"]),
        ("type=review", ["On Oboes"]),
    ],
)
def test_papers_are_filtered_by_their_records(assistant: Assistant, only: str, titles: list[str]) -> None:
    assert [p.title for p in assistant.papers(filters_of(None, [only]))] == titles


def test_filters_say_what_they_ask_for(assistant: Assistant) -> None:
    answer = assistant.ask("How many papers are there?", filters=Filters(languages=("en",)))
    assert "in the language en" in answer.text
    assert "The language of 1 of 3 papers is not recorded." in answer.text


def test_the_page_groups_papers_by_their_records(assistant: Assistant) -> None:
    facets = FacetCache(assistant).facets(assistant.papers())
    assert set(facets["keywords"]) == {"fishing boats", "Bells", "reeds"}
    assert set(facets["language"]) == {"english", "de"}
    assert list(facets["collections"]["Thesis/Chapter 2"]) == [assistant.papers()[0].paper_id]


def test_links_are_made_of_identifiers_alone() -> None:
    paper = Paper(
        "arxiv:2103.00012",
        "On Boats",
        "We count boats.",
        url="javascript:alert(1)",
        doi="10.1000/x y",
        pmid="12345",
        zotero="zotero://select/library/items/ABCD2345",
    )
    assert links(paper) == [
        ("arXiv 2103.00012", "https://arxiv.org/abs/2103.00012"),
        ("PubMed 12345", "https://pubmed.ncbi.nlm.nih.gov/12345/"),
        ("Open in Zotero", "zotero://select/library/items/ABCD2345"),
    ]
    for hostile in ("javascript:alert(1)", "zotero://open-pdf/x", 'zotero://select/library/items/A"onclick="x'):
        assert links(replace(paper, paper_id="t:1", pmid=None, zotero=hostile)) == []


def test_the_terminal_shows_a_whole_record(tmp_path: Path) -> None:
    home, file = tmp_path / "home", write_papers(tmp_path / "papers.jsonl", RECORDS)
    with library(home) as opened:
        opened.add([file])
        paper_id = opened.papers()[0].paper_id
    shown = CliRunner().invoke(app, ["papers", paper_id, "--home", str(home)]).stdout
    for value in ("Ada Roe", "10.1000/xyz", "123456", "fishing boats; Bells", "english", "roe2020", "Thesis/Chapter 2"):
        assert value in shown
    exported = CliRunner().invoke(app, ["papers", "--only", "language=en", "--format", "bibtex", "--home", str(home)])
    assert exported.stdout.count("@") == 1
    assert "{roe2020," in exported.stdout


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Which keywords has “On Boats”?", "fishing boats and Bells"),
        ("What are the keywords of On Boats?", "fishing boats and Bells"),
        ("In which language is “On Kelp” written?", "in German"),
        ("What language is On Kelp in?", "in German"),
        ("What is the PMID of On Boats?", "123456"),
        ("What is the PubMed id of On Boats?", "123456"),
        ("What is the DOI of On Boats?", "10.1000/xyz"),
        ("What is the citation key of On Boats?", "roe2020"),
        ("What type of publication is On Boats?", "journalArticle"),
        ("In which collection is On Boats?", "Thesis/Chapter 2"),
    ],
)
def test_questions_about_the_record(assistant: Assistant, question: str, words: str) -> None:
    answer = assistant.ask(question)
    assert answer.text.startswith("According to its record"), answer.text
    assert words in answer.text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Which keywords are there?", "3 keywords in 3 papers"),
        ("Which languages are the papers in?", "2 languages in 3 papers"),
        ("How many papers have keywords?", "2 of the 3 papers in your library have recorded keywords"),
        ("Which papers have no language?", "On Oboes"),
    ],
)
def test_questions_about_all_records(assistant: Assistant, question: str, words: str) -> None:
    assert words in assistant.ask(question).text


@pytest.mark.parametrize(
    ("record", "doi"),
    [
        ({"doi": "doi:10.1234/Snow.1."}, "10.1234/Snow.1"),
        ({"doi": "https://doi.org/10.1234%2Fsnow.1?utm_source=feed"}, "10.1234/snow.1"),
        ({"doi": "https://www.doi.org/10.1234/snow.1#top"}, "10.1234/snow.1"),
        ({"doi": "(https://doi.org/10.1234/snow.1)"}, "10.1234/snow.1"),
        ({"doi": "10.1002/(SICI)1097-0142(1999)1:2&lt;3::AID-X4&gt;3.0.CO;2-X"}, "10.1002/(SICI)1097-0142(1999)1:2<3::AID-X4>3.0.CO;2-X"),
        ({"doi": "10.1234/a;10.1234/b"}, "10.1234/a"),
        ({"url": "https://doi.org/10.1234/SNOW.1"}, "10.1234/SNOW.1"),
        ({"url": "https://snow.org/10.1234/snow.1"}, None),
        ({"doi": "none", "url": "https://snow.org/a"}, None),
    ],
)  # fmt: skip
def test_a_doi_in_any_writing(record: dict[str, str], doi: str | None) -> None:
    assert fields.doi(record) == doi
