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


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Deer, J., Jr", "J. Deer Jr"),
        ("Deer, Jr., J.", "J. Deer Jr."),
        ("Deer, J., III", "J. Deer III"),
        ("Deer, Jr", "Deer Jr"),
        ("Sun, V", "V Sun"),
        ("Sneha, null", "Sneha"),
        ("None, Sneha", "Sneha"),
        ("Li, Nan", "Nan Li"),
        ("World Owl Fund,", "World Owl Fund"),
        ("{World Owl Fund, Inc.}", "World Owl Fund, Inc."),
        ("Ministry of Health, Labour and Welfare", "Ministry of Health, Labour and Welfare"),
        ("Still, Andrew N. (andrew@example.org)", "Andrew N. Still"),
        ("de la Cruz, Ana María", "Ana María de la Cruz"),
    ],
)
def test_names_as_exporters_write_them(tmp_path: Path, written: str, name: str) -> None:
    text = f"TY  - JOUR\nTI  - Names\nAU  - {written}\nAU  - Roe, B.\nAB  - Names have 13 shapes.\nER  - \n"
    (paper,) = papers(items(tmp_path / "a.ris", text))
    assert paper.authors == (name, "B. Roe")


LOOSE = {
    "no blank": "TY-JOUR|TI-Owls|AU-Roe, B.|AB-Owls saw 9 mice.|ER-",
    "one blank": "TY - JOUR|TI - Owls|AU - Roe, B.|AB - Owls saw 9 mice.|ER -",
    "three blanks": "TY   - JOUR|TI   - Owls|AU   - Roe, B.|AB   - Owls saw 9 mice.|ER   -",
    "tab": "TY\t- JOUR|TI\t- Owls|AU\t- Roe, B.|AB\t- Owls saw 9 mice.|ER\t- ",
    "no blank after": "TY  -JOUR|TI  -Owls|AU  -Roe, B.|AB  -Owls saw 9 mice.|ER  -",
    "lower case": "ty  - JOUR|ti  - Owls|au  - Roe, B.|ab  - Owls saw 9 mice.|er  - ",
    "dash": "TY  – JOUR|TI  – Owls|AU  – Roe, B.|AB  – Owls saw 9 mice.|ER  – ",
    "blanks that do not break": "TY\u00a0\u00a0- JOUR|TI\u00a0\u00a0- Owls|AU\u00a0\u00a0- Roe, B.|"
    "AB\u00a0\u00a0- Owls saw 9 mice.|ER\u00a0\u00a0- ",
    "indented": "  TY  - JOUR|  TI  - Owls|  AU  - Roe, B.|  AB  - Owls saw 9 mice.|  ER  - ",
    "colons": "TY: JOUR|TI: Owls|AU: Roe, B.|AB: Owls saw 9 mice.|ER:",
    "no kind": "TI  - Owls|AU  - Roe, B.|AB  - Owls saw 9 mice.|ER  - ",
    "kind last, no end": "DB  - X|TI  - Owls|AU  - Roe, B.|AB  - Owls saw 9 mice.|TY  - JOUR",
    "no end": "TY  - JOUR|TI  - Owls|AU  - Roe, B.|AB  - Owls saw 9 mice.",
}


@pytest.mark.parametrize("style", LOOSE)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_ris_as_it_is_not_meant_to_be(tmp_path: Path, style: str, between: str) -> None:
    record = LOOSE[style].replace("|", "\n")
    text = record + between + record.replace("Owls", "Bats").replace("9", "2") + "\n"
    assert brief(items(tmp_path / "a.ris", text)) == [
        ("Owls", "Owls saw 9 mice.", ("B. Roe",), None),
        ("Bats", "Bats saw 2 mice.", ("B. Roe",), None),
    ]


def test_words_that_look_like_tags_stay_in_the_abstract(tmp_path: Path) -> None:
    words = ["ER visits fell by 3.", "AB - initio work.", "C4 - plants grew.", "TI: alloys bent."]
    ris = "TY  - JOUR\nTI  - Owls\nAB  - Owls.\n" + "\n".join(words) + "\nPY  - 2001\nER  - \n"
    (paper,) = papers(items(tmp_path / "a.ris", ris))
    assert (paper.abstract, paper.year) == ("Owls. " + " ".join(words), 2001)
    words = ["ER visits fell by 3.", "PT patients came.", "XX unknown.", "SO owls won."]
    wos = "FN X\nVR 1.0\nPT J\nTI Owls\nSO OWL LETTERS\nAB Owls.\n" + "\n".join(words) + "\nPY 2001\nER\n\nEF\n"
    (paper,) = papers(items(tmp_path / "a.txt", wos))
    assert (paper.abstract, paper.year) == ("Owls. " + " ".join(words), 2001)


def test_every_field_of_ris(tmp_path: Path) -> None:
    text = (
        "TY  - JOUR\nID  - doe2014owls\nT1  - Owls\nA1  - Doe, Jane\nY1  - 2014/05/03/\nN2  - Owls saw 9 mice.\n"
        "AB  - Copyright of Owl Letters is the property of nobody.\nKW  - owls; mice\nKW  - night\ndusk\nLA  - en\n"
        "DB  - PubMed\nAN  - 24444444\nM3  - 10.0000/owl.9\nUR  - https://doi.org/10.0000/owl.9\n"
        "UR  - https://owls.example.org/9\nC7  - e123\nM1  - 3\nJF  - Owl Letters\nJA  - Owl Lett\nER  - \n"
    )
    (paper,) = papers(items(tmp_path / "a.ris", text))
    assert (paper.citekey, paper.date, paper.keywords) == (
        "doe2014owls",
        "2014-05-03",
        ("owls", "mice", "night", "dusk"),
    )
    assert (paper.doi, paper.url, paper.pmid) == ("10.0000/owl.9", "https://owls.example.org/9", "24444444")
    assert (paper.language, paper.venue, paper.publication_type) == ("en", "Owl Letters", "JOUR")
    assert paper.abstract == "Owls saw 9 mice."


def test_medline_fields_in_any_order_and_notices(tmp_path: Path) -> None:
    text = (
        "TI  - First\n      title\nFAU - Roe, Bert\nAU  - Roe B\nDA  - 20120101\nPMID- 11\nDP  - 2011 Jan 5\n"
        "AB  - One 1.\nUIN - J Toy. 2014\n\nAB  - Two 2.\nDP  - 2012\nPMID- 12\nTI  - Second\nRIN - J Toy. 2014\n\n"
        "PMID- 13\nTI  - Third\nOT  - owls\nOT  - mice\nMH  - *Strigiformes\nPT  - Review\nPT  - Journal Article\n"
        "LA  - eng\nDEP - 20130607\nAB  - Three 3.\n"
    )
    first, second, third = papers(items(tmp_path / "a.nbib", text))
    assert (first.title, first.authors, first.date, first.pmid) == ("First title", ("Bert Roe",), "2011-01-05", "11")
    assert (second.title, second.date, second.editorial_status) == ("Second", "2012", "retracted")
    assert (third.keywords, third.publication_type, third.language, third.date) == (
        ("owls", "mice"),
        "Review; Journal Article",
        "eng",
        "2013-06-07",
    )


def test_savedrecs_with_quotes_and_a_broken_line(tmp_path: Path) -> None:
    text = (
        "PT\tAU\tAF\tTI\tAB\tPD\tPY\tDI\tPM\tDE\t\n"
        'J\tDoe, JA\tDoe, Jane A.\t"Smart" canals\t"Otters" are "back", 3 of them\tMAR 15\t2017\t10.0000/c\t29999999\tb; a\t\n'
        "J\tRoe, B\t\tBroken\tAn abstract with a\nline break, 7 words\t\t2018\t\t\t\t\n"
        "J\tMink, C\tMink, Carl\tLast\tLast 1.\t\t2019\n"
    )
    first, second, third = papers(items(tmp_path / "savedrecs.txt", text))
    assert (first.title, first.abstract, first.authors) == (
        '"Smart" canals',
        '"Otters" are "back", 3 of them',
        ("Jane A. Doe",),
    )
    assert (first.date, first.pmid, first.keywords) == ("2017-03-15", "29999999", ("b", "a"))
    assert (second.abstract, second.authors) == ("An abstract with a line break, 7 words", ("B Roe",))
    assert (third.title, third.year) == ("Last", 2019)


def test_refer_with_paragraphs_and_without_kinds(tmp_path: Path) -> None:
    acm = (
        "%0 Conference Paper\n%A Jane Doe \n%A Bert Roe \n%T Maps for\nrobots\n%B Proceedings of Maps\n%D 2020\n"
        "%R 10.0000/m.1\n%X Robots read 3 maps.\n\nThey got lost twice.\n%K maps\nrobots\n%F doe2020\n%G eng\n\n\n"
        "%0 Serial\n%0 Audio\n%T Owls\n%X Owls called 4 times.\n"
    )
    first, second = papers(items(tmp_path / "a.unknown", acm))
    assert (first.title, first.abstract) == ("Maps for robots", "Robots read 3 maps. They got lost twice.")
    assert (first.authors, first.venue, first.keywords) == (
        ("Jane Doe", "Bert Roe"),
        "Proceedings of Maps",
        ("maps", "robots"),
    )
    assert (first.doi, first.citekey, first.language) == ("10.0000/m.1", "doe2020", "eng")
    assert second.title == "Owls"
    plain = (
        "%A Roe, B.\n%T Owls\n%D 1999\n%X Owls saw 9.\n\n%A Doe, J.\n%T Bats\n%X Bats saw 2.\n\n%T Cats\n%X 1 cat.\n"
    )
    assert [paper.title for paper in papers(items(tmp_path / "a.txt", plain))] == ["Owls", "Bats", "Cats"]
