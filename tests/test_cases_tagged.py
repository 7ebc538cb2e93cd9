"""Tagged and labelled text as real exporters write it. All records here are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.documents import read
from assistant.types import Failure, Item, Paper

CASES = Path(__file__).parents[1] / ".." / "shared" / "bench" / "cases" / "inputs"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the shared folder with the cases is absent")


def items(path: Path, text: str | bytes) -> list[Item]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read([path]))


def papers(found: list[Item]) -> list[Paper]:
    others = [item for item in found if not isinstance(item, Paper)]
    assert not others, others
    return [item for item in found if isinstance(item, Paper)]


def brief(found: list[Item]) -> list[tuple[str, str, tuple[str, ...], str | None]]:
    return [(paper.title, paper.abstract, paper.authors, paper.date) for paper in papers(found)]


@needs_cases
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "F01.txt",
            [
                ("Otters return to the upper canal: a count from bridges", ("Jane A. Doe", "Bert Roe"), "2017"),
                ("Minks do not follow", ("C Mink",), "2018"),
            ],
        ),
        (
            "F03.txt",
            [
                ("Coffee and sleep in nurses: a trial.", ("Beek A", "Park L"), "2019-05"),
                ("Tea and sleep in nurses.", (), None),
            ],
        ),
        (
            "F32.ris",
            [("Baboons use the canyon", ("A. Marais",), "2014"), ("Goats use the canyon", ("L. Brown",), "2015")],
        ),
        (
            "F32-no-end-tag.ris",
            [("Baboons use the canyon", ("A. Marais",), "2014"), ("Goats use the canyon", ("L. Brown",), "2015")],
        ),
        ("F34-one-space.ris", [("One blank before the hyphen", ("H. Solo",), "2018")]),
        ("F34-tab.ris", [("Tabs before the hyphen", ("U. Tab",), None)]),
        ("F35.nbib", [("Old exports put DA before DP", ("Ann Beek",), "2013-11")]),
        (
            "F37.ris",
            [("Author shapes", ("Sneha", "J. Deer Jr", "World Health Organization", "小龙 李"), "2018")],
        ),
        ("F41.ciw", [("Otters return to the upper canal", ("JA Doe",), "2017")]),
        (
            "F41.enw",
            [("Mosses on city roofs", ("Kim Hale", "R. Ito"), "2014"), ("Lichens on bridges", ("R. Ito",), "2016")],
        ),
        (
            "F41-savedrecs-utf16.txt",
            [
                ("Otters return to the upper canal", ("JA Doe", "B Roe"), "2017"),
                ("Minks do not follow", ("C Mink",), "2018"),
            ],
        ),
    ],
)
def test_cases(name: str, expected: list[tuple[str, tuple[str, ...], str | None]]) -> None:
    assert [(title, authors, date) for title, _, authors, date in brief(list(read([CASES / name])))] == expected


def test_ris_of_ieee_with_an_empty_line_after_each_field(tmp_path: Path) -> None:
    fields = ["TY  - JOUR", "JO  - Road Letters, IEEE", "TI  - Finding lanes in\nold photographs", "AU  - Pell, B."]
    fields += ["PY  - 2006", "KW  - lanes", "KW  - photographs", "AB  - We find 12 lanes.", "KW  - roads", "ER  - "]
    (first, second) = papers(
        items(tmp_path / "a.ris", "\n\n".join(fields + fields).replace("- Finding", "- Finding", 1))
    )
    assert first == second
    assert (first.title, first.keywords) == (
        "Finding lanes in old photographs",
        ("lanes", "photographs", "roads"),
    )


def test_failure_in_each_record_without_an_abstract(tmp_path: Path) -> None:
    wos = "FN ISI Export Format\nVR 1.0\nPT J\nTI Owls\nER\n\nPT J\nTI Bats\nER\n\nEF\n"
    refer = "%0 Journal Article\n%T Owls\n%A Roe, B\n\n%0 Book\n%T Bats\n"
    tab = "PT\tAU\tTI\tAB\tPY\nJ\tRoe, B\tOwls\t\t2001\nJ\tRoe, B\tBats\t\t2002\n"
    for text in (wos, refer, tab):
        found = items(tmp_path / "a.txt", text)
        assert [item.error for item in found if isinstance(item, Failure)] == ["no abstract", "no abstract"]
        assert len(found) == 2
