"""JSON, CSV, and the fields of records. All records here are invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.documents import read
from assistant.documents.authors import author_names
from assistant.documents.dates import parse_date, year_of
from assistant.types import Failure, Item, Paper

A = {"title": "Sorting Spoons", "abstract": 'We sort spoons, "quickly" {and} [well] \\ so.'}
B = {"title": "Folding Maps", "abstract": "We fold maps."}


def rows(path: Path, text: str) -> list[Item]:
    path.write_bytes(text.encode())
    return list(read([path]))


def brief(found: list[Item]) -> list[object]:
    """Titles of papers; line and reason of failures."""
    return [r.title if isinstance(r, Paper) else (r.line, r.error) for r in found]


def test_arxiv_snapshot(tmp_path: Path) -> None:
    record = {
        "id": "0704.0001",
        "title": "Spoons in\n  motion",
        "abstract": "  We study spoons.\n  They $\\to$ move.\n",
        "authors": "A. Spoon (Kitchen U., Drawer), B. Fork and C.-D. Knife",
        "categories": "cs.SP math.FK",
        "versions": [
            {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
            {"version": "v2", "created": "x"},
        ],
        "update_date": "2008-11-26",
        "doi": "10.1103/Spoon.76",
        "journal-ref": "Phys.Spoon.76",
    }
    (paper,) = rows(tmp_path / "snapshot.json", json.dumps(record))
    assert paper == Paper(
        paper_id="arxiv:0704.0001",
        title="Spoons in motion",
        abstract="We study spoons. They $\\to$ move.",
        authors=("A. Spoon", "B. Fork", "C.-D. Knife"),
        author_count=3,
        date="2007-04-02",
        year=2007,
        url="https://arxiv.org/abs/0704.0001",
        doi="10.1103/Spoon.76",
        aliases=("doi:10.1103/spoon.76",),
        categories=("cs.SP", "math.FK"),
        sources=("snapshot.json",),
    )
    del record["versions"]
    record["authors_parsed"] = [["Spoon", "Ann", ""], ["Fork", "Bo", "Jr"]]
    (paper,) = rows(tmp_path / "snapshot.json", json.dumps(record))
    assert isinstance(paper, Paper)
    assert (paper.date, paper.authors) == ("2008-11-26", ("Ann Spoon", "Bo Fork Jr"))


def test_broken_json_lines_cost_only_themselves(tmp_path: Path) -> None:
    lines = [
        json.dumps(A),
        '{"title": "Cut off',
        "",
        "[1]",
        json.dumps({"title": "x"}),
        json.dumps({"abstract": "x"}),
        json.dumps({"title": "x", "abstract": ["y"]}),
        json.dumps({"title": "x", "abstract": " \n "}),
        json.dumps({"title": 7, "abstract": "y"}),
        json.dumps({"title": "x", "abstract": "N/A"}),
        '{"title": "Folding Maps", "abstract": "We fold maps.", "score": NaN}',
    ]
    found = brief(rows(tmp_path / "a.jsonl", "\n".join(lines)))
    assert found[0] == "Sorting Spoons"
    assert found[1] == (2, "not valid JSON: unexpected end of data (at character 19)")
    assert found[2] == (4, "not a JSON object with a title and an abstract")
    assert found[3:] == [
        (5, "no abstract"),
        (6, "no title"),
        "x",
        (8, "the abstract is empty"),
        (9, "the title is not text but a number"),
        (10, "the abstract is empty ('N/A')"),
        "Folding Maps",
    ]


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("wrap", ["array", "papers", "late", "single"])
def test_json_documents(tmp_path: Path, indent: int | None, wrap: str) -> None:
    document = {
        "array": [A, B],
        "papers": {"papers": [A, B]},
        "single": B,
        "late": {"query": {"q": [1, {"a": 2}]}, "total": 2, "results": [A, B]},
    }[wrap]
    found = rows(tmp_path / "a.json", json.dumps(document, indent=indent))
    assert [(p.title, p.abstract) for p in found if isinstance(p, Paper)] == [
        (r["title"], r["abstract"]) for r in ([B] if wrap == "single" else [A, B])
    ]
    assert len(found) == (1 if wrap == "single" else 2)


def test_broken_json_array(tmp_path: Path) -> None:
    bad = [
        '{"title": "Cut", "abstract": "off},',
        '{"title": "No end", "abstract": "x", "more": [{"a": 1},',
        " 5,",
        "{},",
    ]
    for line in bad:
        text = f"[\n{json.dumps(A)},\n{line}\n{json.dumps(B)}\n]"
        first, failure, last = brief(rows(tmp_path / "a.json", text))
        assert (first, last) == ("Sorting Spoons", "Folding Maps")
        assert isinstance(failure, tuple)
        assert failure[0] == 3


def test_json_records_across_pieces(tmp_path: Path) -> None:
    records = [{**A, "title": f"Spoon {i}", "pad": '\\"{' * (i % 97)} for i in range(3000)]
    for indent in (None, 1):
        found = rows(tmp_path / "a.json", json.dumps(records, indent=indent))
        assert brief(found) == [r["title"] for r in records]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Title", "Abstract Note"),
        ("paper_title", "summary"),
        ("name", "description"),
        ("TITLE", "abstractNote"),
        ("title", "abstract_text"),
    ],
)
def test_csv(tmp_path: Path, delimiter: str, title: str, abstract: str) -> None:
    head = delimiter.join(["Key", title, '"Publication Year"', "Author", abstract, "DOI", "Url"])
    row = delimiter.join(
        [
            '"K1"',
            '"Spoons, Sorted; a | Study"',
            "2021",
            '"Fork, Ann; Knife, Bo"',
            '"Line one,\r\nline ""two"".\r\n"',
            "10.1000/s.1",
            "https://arxiv.org/abs/2101.00001v2",
        ]
    )
    (paper,) = rows(tmp_path / "a.csv", f"\ufeff{head}\r\n{row}\r\n\r\n")
    assert paper == Paper(
        paper_id="arxiv:2101.00001",
        title="Spoons, Sorted; a | Study",
        abstract='Line one, line "two".',
        authors=("Ann Fork", "Bo Knife"),
        author_count=2,
        date="2021",
        year=2021,
        doi="10.1000/s.1",
        aliases=("doi:10.1000/s.1",),
        url="https://arxiv.org/abs/2101.00001v2",
        version=2,
        sources=("a.csv",),
    )


def test_broken_csv_rows_cost_only_themselves(tmp_path: Path) -> None:
    text = (
        'sep=,\ntitle,abstract,year\nOne,Good text,2020\n"Two,never closed,2020\nThree,Good text,2020\n'
        'Four,an unquoted, comma in it,2020\nFive,,2020\n,No title,2020\nSix,"Has 5"" in it",2020\nSeven,Short row\n'
    )
    found = brief(rows(tmp_path / "a.csv", text))
    assert [row if isinstance(row, str) else row[0] for row in found if isinstance(row, (str, tuple))] == [
        "One",
        4,
        "Three",
        6,
        7,
        8,
        "Six",
        "Seven",
    ]


def test_quote_that_is_never_closed_in_the_last_column(tmp_path: Path) -> None:
    found = brief(rows(tmp_path / "a.csv", 'title,abstract\nOne,"not closed\nTwo,Good text\n'))
    assert [row if isinstance(row, str) else row[0] for row in found if isinstance(row, (str, tuple))] == [
        2,
        "Two",
    ]


def test_csv_without_the_columns(tmp_path: Path) -> None:
    (failure,) = rows(tmp_path / "a.csv", "a,b\n1,2\n")
    assert isinstance(failure, Failure)
    assert "no columns named title and abstract" in failure.error
    assert "'a,b'" in failure.error


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["Ann Fork", "Knife, Bo"], ("Ann Fork", "Bo Knife")),
        ([{"name": "Ann Fork"}, {"x": 1}], ("Ann Fork",)),
        ([{"given": "Ann", "family": "Fork"}], ("Ann Fork",)),
        ("Ann Fork; Bo Knife", ("Ann Fork", "Bo Knife")),
        ("Ann Fork and Bo Knife", ("Ann Fork", "Bo Knife")),
        ("Fork, Ann and Knife, Bo", ("Ann Fork", "Bo Knife")),
        ("A. Fork, B. Knife, and C. Pan", ("A. Fork", "B. Knife", "C. Pan")),
        ("Fork, Ann", ("Ann Fork",)),
        ("Ann Fork et al.", ("Ann Fork",)),
        (r"Andr\'e Fork and Jos{\'e} Knife", ("André Fork", "José Knife")),
        (["M&uuml;ller, Bo", "Ann <i>Fork</i>"], ("Bo Müller", "Ann Fork")),
        ("M&uuml;ller, Bo; Fork &amp; Co", ("Bo Müller", "Fork & Co")),
        ("Ann Fork, et al.", ("Ann Fork",)),
        (None, ()),
        (5, ()),
        ("", ()),
    ],
)
def test_author_names(value: object, expected: tuple[str, ...]) -> None:
    assert author_names(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023-07-13", "2023-07-13"),
        ("2023-07-13T01:02:03Z", "2023-07-13"),
        ("2023/07/13", "2023-07-13"),
        ("2023-7", "2023-07"),
        ("2020///", "2020"),
        (2023, "2023"),
        (2023.0, "2023"),
        ("Jul 13, 2023", "2023-07-13"),
        ("13 July 2023", "2023-07-13"),
        ("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02"),
        ("2023 Jul 13", "2023-07-13"),
        ("July 2023", "2023-07"),
        ("Sept 2, 2020", "2020-09-02"),
        ("Apr 9", "--04-09"),
        ("--04-09", "--04-09"),
        ("Feb 29", "--02-29"),
        ("2023-02-31", "2023"),
        ("7/13/2023", "2023-07-13"),
        ("13.07.2023", "2023-07-13"),
        ("7/8/2023", "2023"),
        ("Spring 2020", None),
        ("", None),
        (None, None),
        (float("nan"), None),
        (True, None),
        ("20231", None),
        ("9999", None),
        ("forthcoming", None),
    ],
)
def test_dates(value: object, expected: str | None) -> None:
    assert parse_date(value) == expected
    assert year_of(expected) == (int(expected[:4]) if expected and expected[0] != "-" else None)
