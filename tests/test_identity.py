"""One paper under several names: its DOI, arXiv id, PMID and titles; which text is kept, and what is said about it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from ingesting import library
from test_dedup import run

from assistant import Assistant, NotFoundError, Settings
from assistant.documents.identity import spelled
from assistant.documents.record import to_paper
from assistant.ingestion.same_paper import merge, newer, same_abstract, same_title
from assistant.library.rows import StoredPaper
from assistant.library.store import Store
from assistant.types import Filters, Paper

CASES = ROOT.parent / "shared" / "bench" / "cases" / "inputs"
TEXT = "Boats drift in the harbour at night. We measure them with ropes and bells. The error is two metres."
SHORT = "Boats drift in the harbour at night. We measure them with ropes."
OTHER = "Tides of grain prices follow the moon in no market that was looked at over ninety years."


def index(home: Path, *files: Sequence[dict[str, Any]]) -> Any:
    """A library with these files, and the report of each."""
    lib, reports = library(home), []
    for number, rows in enumerate(files):
        source = home.parent / f"{number}.jsonl"
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        reports.append(lib.add([source]))
    return lib, reports


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("together", [False, True])
def test_the_newest_version_is_kept_and_said(tmp_path: Path, backwards: bool, together: bool) -> None:
    rows = [
        {"title": "Harbour Drift", "abstract": TEXT, "arxiv_id": "2301.00001v1", "date": "2023-01-02"},
        {"title": "Harbour Drift", "abstract": SHORT, "arxiv_id": "2301.00001v2", "date": "2023-05-02"},
    ]
    rows = rows[::-1] if backwards else rows
    lib, reports = index(tmp_path / "home", *([rows] if together else [[row] for row in rows]))
    (paper,) = lib.papers()
    assert (paper.abstract, paper.version, paper.date) == (SHORT, 2, "2023-05-02")
    assert [str(m) for m in reports[-1].merged] == ["“Harbour Drift”: arXiv v2 of 2023-05-02 replaces v1"]
    assert lib.paper("https://arxiv.org/abs/2301.00001v1") == paper


@pytest.mark.parametrize(
    ("one", "two", "kept"),
    [
        ({"date": "2024-02-01"}, {"date": "2023"}, 0),
        ({"year": 2023}, {"date": "2024-01-05"}, 1),
        ({"year": 2024}, {"date": "2024-05-01"}, 1),  # the longer: the dates do not tell
        ({}, {"year": 2020}, 1),
        ({"version": "2", "year": 2020}, {"version": "1", "year": 2024}, 0),
    ],
)
def test_version_then_date_then_length_decide(one: dict[str, Any], two: dict[str, Any], kept: int) -> None:
    papers = [
        to_paper({"title": "Harbour Drift", "abstract": text, **values}, "a.bib")
        for text, values in ((SHORT, one), (TEXT, two))
    ]
    for a, b in (papers, papers[::-1]):
        assert merge(a, b).abstract == papers[kept].abstract


def test_one_doi_in_another_case_is_one_paper(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"title": "Harbour drift (extended)", "abstract": TEXT, "doi": "10.1234/Harbour.1"},
        {"title": "HARBOUR DRIFT", "abstract": "Something else is told.", "doi": "https://doi.org/10.1234/harbour.1"},
        {"title": "Boats that drift by night", "abstract": f"{TEXT} It rains.", "doi": "doi:10.1234/HARBOUR.1"},
    ]
    lib, (report,) = index(tmp_path / "home", rows)
    (paper,) = lib.papers()
    assert paper.abstract.endswith("It rains.")
    assert "same DOI 10.1234/harbour.1" in [m.why for m in report.merged]
    for name in ("10.1234/HARBOUR.1", "https://doi.org/10.1234/harbour.1", "doi: 10.1234/harbour.1"):
        assert lib.paper(name) == paper
    _, (again,) = index(tmp_path / "home", [{"title": "Harbour drift (extended)", "abstract": TEXT}])
    assert (again.papers, again.added) == (1, 0), "the title that was given up still finds the paper"


def test_papers_of_one_volume_stay_apart_and_are_told_of_once(tmp_path: Path) -> None:
    texts = {
        "Grain prices": OTHER,
        "Moon tides in harbours": TEXT,
        "Bells": "Nobody rings them.",
        "A history of rope": "Hemp was twisted by walking backwards for a mile.",
        "Salted cod": "Salt keeps cod for a year in barrels of oak.",
    }
    rows = [{"title": title, "abstract": text, "doi": "10.1234/volume.7"} for title, text in texts.items()]
    lib, (report,) = index(tmp_path / "home", rows)
    assert report.papers == 5
    assert report.conflicts == (
        "two records share the DOI 10.1234/volume.7: “Grain prices” and “Moon tides in harbours”; both are in the library",
    )
    with pytest.raises(NotFoundError, match=r"5 papers .* 10\.1234/volume\.7"):
        lib.paper("10.1234/volume.7")


def test_a_pmid_and_a_citation_key_name_a_paper(tmp_path: Path) -> None:
    rows = [{"title": "Harbour Drift", "abstract": TEXT, "pmid": "123456", "citekey": "Roe2020drift"}]
    lib, _ = index(tmp_path / "home", rows)
    (paper,) = lib.papers()
    for name in ("pmid:123456", "PMID 123456", "123456", "https://pubmed.ncbi.nlm.nih.gov/123456/", "Roe2020drift"):
        assert lib.paper(name) == paper
    assert lib.check("The error is two metres.", "PMID: 123456").evidence[0].paper_id == paper.paper_id
    with pytest.raises(NotFoundError):
        lib.paper("roe2021")
    assert lib.search("boats", filters=Filters(exclude=("pmid:123456",))) == []
    assert lib.find("", Filters(exclude=("Roe2020drift",))).count == 0


def test_an_id_that_moved_still_finds_the_paper(tmp_path: Path) -> None:
    lib, _ = index(tmp_path / "home", [{"title": "Harbour Drift", "abstract": TEXT}])
    (before,) = lib.papers()
    lib, _ = index(
        tmp_path / "home",
        [],
        [{"title": "Harbour Drift", "abstract": TEXT, "id": "2101.00001", "doi": "10.1234/d"}],
    )
    assert lib.paper(before.paper_id).paper_id == "arxiv:2101.00001"
    assert lib.paper("10.1234/D").paper_id == "arxiv:2101.00001"


def test_a_record_with_two_ids_unites_what_each_of_them_names(tmp_path: Path) -> None:
    arxiv = {"title": "Boats at night", "abstract": TEXT, "id": "2101.00001"}
    journal = {"title": "Harbour drift of boats", "abstract": f"{TEXT} It rains.", "doi": "10.1234/d"}
    both = {"title": "Harbour drift", "abstract": f"{TEXT} And snows.", "id": "2101.00001", "doi": "10.1234/D"}
    lib, (first, second) = index(tmp_path / "home", [arxiv, journal], [both])
    assert (first.papers, second.papers) == (2, 1)
    (paper,) = lib.papers()
    assert paper.paper_id == "arxiv:2101.00001"
    assert {h.paper_id for h in lib.search("boats drift", 5)} == {"arxiv:2101.00001"}


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Snow with tiny cameras", "Snow with tiny cameras: a field study", True),
        ("The behaviour of boats at night", "The behavior of boats at night", True),
        ("RETRACTED: Boats at night", "Boats at night", True),
        ("Drift of boats. Part I", "Drift of boats. Part II", False),
        ("Drift of boats", "Drift of boats 2", False),
        ("Learning to sort cats", "Learning to sort rats", False),
        ("Grain prices", "Moon tides", False),
    ],
)
def test_titles_of_one_paper(a: str, b: str, same: bool) -> None:
    assert same_title(a, b) is same
    assert same_title(b, a) is same


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("arXiv:2301.00001v2", "arxiv:2301.00001"),
        ("2301.00001", "arxiv:2301.00001"),
        ("https://arxiv.org/pdf/2301.00001v3.pdf", "arxiv:2301.00001"),
        ("10.48550/arXiv.2301.00001", "arxiv:2301.00001"),
        ("math.GT/0309136", "arxiv:math/0309136"),
        ("http://dx.doi.org/10.1/X", "t"),
        ("http://dx.doi.org/10.1234/X", "doi:10.1234/x"),
        ("10.1101/2024.01.01.000001v2", "doi:10.1101/2024.01.01.000001"),
        ("t:0123456789ab", "t:0123456789ab"),
    ],
)
def test_spellings_of_a_name(text: str, name: str) -> None:
    assert (name in spelled(text)) is (name != "t")


VERSIONS = st.builds(
    lambda n, title, source, named, date: to_paper(
        {
            "title": f"Harbour {title}",
            "abstract": f"On {title} we say a first thing. {'More of it. ' * (5 - n)}".strip(),
            "version": str(n),
            "date": f"2020-0{n}-01" if date else "",
            **({"id": f"2101.0000{'abc'.index(title)}"} if named != "doi" else {}),
            **({"doi": f"10.1234/{title}"} if named != "id" else {}),
            "pmid": f"{'abc'.index(title)}77",
        },
        f"{source}.bib",
    ),
    st.integers(1, 4),
    st.sampled_from("abc"),
    st.sampled_from("xyz"),
    st.sampled_from(["id", "doi", "both"]),
    st.just(True),
)


@settings(max_examples=150)
@given(st.lists(VERSIONS, min_size=1, max_size=8), st.randoms())
def test_the_order_of_arrival_does_not_matter(papers: list[Paper], random: Random) -> None:
    def content(arriving: Iterable[Paper]) -> dict[str, object]:
        held = dict[str, StoredPaper]()
        run(arriving, held)
        return {
            i: (
                p.paper.title,
                p.paper.abstract,
                p.paper.version,
                p.paper.date,
                set(p.paper.aliases),
                set(p.paper.sources),
            )
            for i, p in held.items()
        }

    random.shuffle(others := list(papers))
    found = content(papers)
    assert content(others) == found
    assert len(found) == len({p.title for p in papers})
    for paper in papers:
        newest = max(p.version or 0 for p in papers if p.title == paper.title)
        assert newest in {row[2] for row in found.values() if row[0] == paper.title}  # type: ignore[index]  # rows as above


ANY = st.builds(
    lambda words, version, date: to_paper(
        {"title": "Harbour drift", "abstract": " ".join(words), "version": version, "date": date}, "a.bib"
    ),
    st.lists(st.sampled_from(["boats", "ropes", "bells"]), min_size=1, max_size=5),
    st.sampled_from(["", "1", "2"]),
    st.sampled_from(["", "2020", "2020-05", "2020-05-03", "2021", "--05-03"]),
)


@given(ANY, ANY)
def test_of_two_texts_the_same_is_kept_whichever_comes_first(a: Paper, b: Paper) -> None:
    assert merge(a, b).abstract == merge(b, a).abstract
    assert not (newer(a, b) and newer(b, a))


def test_abstracts_without_common_words_are_told_apart_quickly() -> None:
    assert same_abstract(TEXT, f"{TEXT} It rains.")
    assert not same_abstract(TEXT, OTHER)


def test_an_old_library_is_brought_to_the_layout(tmp_path: Path) -> None:
    lib, _ = index(
        tmp_path / "home",
        [
            {"title": "Harbour Drift", "abstract": TEXT, "doi": "10.1234/Old"},
            {"title": "RETRACTED: Copper socks", "abstract": OTHER, "year": 2019},
        ],
    )
    lib.close()
    file = tmp_path / "home" / "library.sqlite3"
    with closing(sqlite3.connect(file)) as db, db:
        for table in ("aliases", "notices"):
            db.execute(f"DROP TABLE {table}")
        for field in ("aliases", "editorial_status"):
            db.execute("UPDATE papers SET record = json_remove(record, ?)", (f"$.{field}",))
        db.execute("DELETE FROM checks")
        db.execute("UPDATE meta SET value = '3' WHERE key = 'schema'")
    with closing(Store(file)) as store:
        assert store.get("schema") == "4"
        assert store.damage() == ""
        assert store.identities.meant("doi:10.1234/old")
        assert [p.editorial_status for p in store.papers()] == [None, "retracted"]
    reopened = library(tmp_path / "home")
    assert reopened.paper("10.1234/OLD").title == "Harbour Drift"


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not beside this checkout")
def test_the_cases(tmp_path: Path) -> None:
    lib = library(tmp_path / "home")
    report = lib.add([CASES / "F42.jsonl"])
    (paper,) = lib.papers()
    assert "88%" in paper.abstract
    assert [m.why for m in report.merged] == ["same DOI 10.1234/snow.1"]
    other = library(tmp_path / "other")
    report = other.add([CASES / "F44.jsonl"])
    (paper,) = other.papers()
    assert "88%" in paper.abstract
    assert [m.why for m in report.merged] == ["arXiv v2 of 2023-05-02 replaces v1"]
    other.add([CASES / "F20.json"])
    assert "a third of its speed" in next(p.abstract for p in other.papers() if "Yeast" in p.title)
    copy = tmp_path / "copy.jsonl"
    copy.write_text(
        json.dumps(
            {"id": "2403.00004", "title": "Robots that sort socks", "abstract": "A robot sorts 31 pairs of socks."}
        )
    )
    other.add([copy, CASES / "F23.json"])
    assert [p.paper_id for p in other.papers() if "robot sorts" in p.abstract] == ["arxiv:2403.00004"]
    hard = Assistant(Settings(home=tmp_path / "hard", llm="quotes"))
    hard.add([CASES / "hard.jsonl"])
    answer = hard.ask("Do magnetic bracelets cure seasickness?")
    assert any("was retracted" in note for note in answer.notes)
