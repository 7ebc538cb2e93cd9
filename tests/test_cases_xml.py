"""The inputs of real cases whose XML was refused or read wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.documents import read
from assistant.types import Failure, Item, Paper

INPUTS = Path(__file__).parents[1] / "../shared/bench/cases/inputs"
pytestmark = pytest.mark.skipif(not INPUTS.exists(), reason="the folder of real cases is not beside the checkout")


def _only(name: str) -> Item:
    (item,) = read([INPUTS / name])
    return item


def test_an_error_of_arxivs_api_is_no_paper() -> None:
    item = _only("F38.atom")
    assert isinstance(item, Failure)
    assert "incorrect id format for 9999" in item.error


@pytest.mark.parametrize(
    ("name", "paper_id", "title", "authors", "version"),
    [
        ("F39.xml", "arxiv:2403.00012", "Sorting socks by smell", ("Sock Son", "Bo Lind"), 1),
        ("F41-rss.xml", "arxiv:2402.00003", "Toy locks fail", ("Kay Lock", "Bo Bolt"), 1),
        ("F41-oai.xml", "arxiv:0704.0001", "Toy pairs of photons", ("C. Toy",), None),
    ],
)
def test_arxiv(name: str, paper_id: str, title: str, authors: tuple[str, ...], version: int | None) -> None:
    paper = _only(name)
    assert isinstance(paper, Paper)
    assert (paper.paper_id, paper.title, paper.authors, paper.version) == (paper_id, title, authors, version)
    assert paper.url
    assert paper.url.startswith("https://arxiv.org/abs/")


def test_pubmed() -> None:
    paper = _only("F41-pubmed.xml")
    assert isinstance(paper, Paper)
    assert (paper.title, paper.authors, paper.venue, paper.pmid) == ("Salt in toy soups.", ("Ann Cook",), "Toy J", "1")
    assert paper.abstract == "BACKGROUND: Soups hold salt. RESULTS: Halving it was not noticed by 61% of guests."


def test_endnote() -> None:
    paper = _only("F41-endnote.xml")
    assert isinstance(paper, Paper)
    assert (paper.title, paper.authors, paper.year) == ("Mosses on city roofs", ("Kim Hale",), 2014)
    assert paper.abstract == "Mosses cover 18% of flat roofs."
