"""Plain titles above abstracts, with what people write between them, and plain text that holds no papers. All invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading import items, pairs, papers, remarks

PAIRS = [
    ("Kettles in cold kitchens", "We boil 41 kettles in cold kitchens. Nine of them whistle late."),
    ("A kettle that knows when to stop", "A kettle learns to stop by listening. It spills in 2 of 90 trials."),
    ("Whistles: a survey", "Whistles differ in pitch and in length. We sort 120 of them by both."),
]


def listed(form: str) -> str:
    return "\n\n".join(form.format(i=i, t=title, a=abstract) for i, (title, abstract) in enumerate(PAIRS, 1)) + "\n"


@pytest.mark.parametrize(
    ("form", "authors"),
    [
        ("{t}\nAda Spout, Ben Lid and Clara de Handle\n{a}", ("Ada Spout", "Ben Lid", "Clara de Handle")),
        ("{t}\n\nA. Spout1, B. Lid2,*\n1 Kettle Institute, Hall\n2 University of Lid\n\nAbstract\n{a}", ("A. Spout", "B. Lid")),
        ("{t}\nBy Ada Spout\nAbstract: {a}", ("Ada Spout",)),
        ("{t}\nSpout, Ada; Lid, Ben\nKitchen Letters, 2021\n\n{a}", ("Ada Spout", "Ben Lid")),
        ("{t}\nA. Spout, B. Lid and C. de Handle (2021)\n{a}", ("A. Spout", "B. Lid", "C. de Handle")),
        ("{t}\nA. Spout et al., Kitchen Letters, 12(3), 2021\n{a}", ("A. Spout",)),
        ("Paper {i}: {t}\n{a}", ()),
        ("[{i}] {t}\n{a}", ()),
        ("{i}. {t}\n\n{a}\n\n----------", ()),
        ("P-0{i}\n{t}\n{a}", ()),
        ("* {t}\n  {a}", ()),
    ],
)  # fmt: skip
def test_what_stands_around_a_title(tmp_path: Path, form: str, authors: tuple[str, ...]) -> None:
    found = items(tmp_path, listed(form))
    assert pairs(found) == PAIRS
    assert {paper.authors for paper in papers(found)} == {authors}
    assert len(remarks(found)) == 1


def test_links_keywords_and_years(tmp_path: Path) -> None:
    form = "{t}\nKitchen Conference 2021\n{a}\nKeywords: kettles, heat,\nsteam\nhttps://doi.org/10.1234/kettle.{i}"
    found = papers(items(tmp_path, listed(form)))
    assert pairs(list(found)) == PAIRS
    assert [(paper.doi, paper.year, paper.keywords) for paper in found] == [
        (f"10.1234/kettle.{i}", 2021, ("kettles", "heat", "steam")) for i in (1, 2, 3)
    ]


def test_links_above_titles(tmp_path: Path) -> None:
    found = papers(items(tmp_path, listed("https://arxiv.org/abs/2103.0000{i}\n{t}\n{a}")))
    assert [paper.paper_id for paper in found] == [f"arxiv:2103.0000{i}" for i in (1, 2, 3)]
    assert pairs(list(found)) == PAIRS


def test_link_that_belongs_to_the_abstract(tmp_path: Path) -> None:
    text = (
        "Kettles in cold kitchens\n\nWe boil 41 kettles in cold\nkitchens. The code is at\nhttps://example.org/kettle\n"
    )
    (paper,) = papers(items(tmp_path, text))
    assert paper.abstract.endswith("The code is at https://example.org/kettle")


def test_sections_in_paragraphs_of_their_own(tmp_path: Path) -> None:
    text = "Kettles at sea: a trial\n\nAims: Kettles are late.\n\nMethods: We boil 41.\n\nResults: Nine whistle.\n\nWhistles: a survey\n\n"
    found = items(tmp_path, text + "Aims: Whistles differ.\n\nResults: We sort 120.\n")
    assert [abstract for _, abstract in pairs(found)] == [
        "Aims: Kettles are late. Methods: We boil 41. Results: Nine whistle.",
        "Aims: Whistles differ. Results: We sort 120.",
    ]


def test_scripts_without_spaces(tmp_path: Path) -> None:
    text = "寒冷厨房中的水壶\n\n我们烧开了四十一个水壶。其中九个鸣叫得太晚。\n\n会停止的水壶：一项研究\n\n水壶通过倾听学会停止。实验共九十次。\n"
    assert [title for title, _ in pairs(items(tmp_path, text))] == ["寒冷厨房中的水壶", "会停止的水壶：一项研究"]


def test_authors_in_chinese_characters(tmp_path: Path) -> None:
    text = "寒冷厨房中的水壶研究\n张伟，李娜\n摘要：我们烧开了四十一个水壶。其中九个鸣叫得太晚。\n关键词：水壶；厨房\n"
    (paper,) = papers(items(tmp_path, text))
    assert (paper.title, paper.authors, paper.keywords) == ("寒冷厨房中的水壶研究", ("张伟", "李娜"), ("水壶", "厨房"))
    assert paper.abstract == "我们烧开了四十一个水壶。其中九个鸣叫得太晚。"


@pytest.mark.parametrize(
    "text",
    [
        "Ada Spout\n\nAda Spout is a professor of kettles at Hall. She boils water.\n\nBen Lid\n\nBen Lid is a student of lids. He closes them.\n",
        "Interviewer: How do kettles boil?\n\nParticipant 1: They boil when it is hot. I wait for that.\n\n"
        "Interviewer: How long is it?\n\nParticipant 1: About four minutes. It depends.\n",
        "Protokoll der Sitzung vom 3. Mai\n\nTOP 1: Kessel\n\nFrau Spout stellt den neuen Kessel vor. Er ist rot.\n",
        "1. Services\n\nThe Seller delivers kettles to the Buyer. They are paid within thirty days.\n\n"
        "2. Payment\n\nThe Buyer pays nine euros a kettle.\n\n3. Governing Law\n\nThis contract is governed by the law of the sea.\n",
        "Kettle\nA vessel in which water is boiled.\n\nLid\nA flat thing that covers a kettle.\n\nSpout\nA tube through which it pours.\n",
        "Frequently Asked Questions\n\nHow do I fill my kettle?\n\nOpen the lid and pour the water in. Then close it.\n\n"
        "Where can I buy a lid?\n\nIn every shop that sells kettles. Bring your old one.\n",
        "Minutes of the Kettle Group, 3 May 2021\n\nPresent: Ada, Ben\n\n1. New kettle\nBen said that it came on Monday.\n\n"
        "2. Old kettle\nAda will bring it to the museum.\n",
        "Lecture 4: Steam\n\nSteam is water that flies. It is hot.\n\nPressure\n\nPressure grows when a lid is closed.\n",
        "Version 1.2 (2021-05-03)\n\nThe kettle no longer leaks when it is full.\n\nVersion 1.1 (2021-04-01)\n\nAdded a lid to the kettle.\n",
        "Project Summary\n\nWe will boil 41 kettles in spring. Students help.\n\nIntellectual Merit\n\nNobody knows how kettles boil.\n",
        "[1] A. Spout, \"Kettles,\" J. Heat, vol. 3, pp. 1-9, 2020.\n[2] B. Lid, \"Lids that close,\" J. Heat, vol. 4, 2021.\n",
        "Spout, A. (2020). Kettles in kitchens. Journal of Heat, 3(1), 1-9.\n\nLid, B. (2021). Lids that close. Heat Press.\n",
        "[10:01] Ada: Did the kettle come?\n[10:02] Ben: It came today. It is red.\n[10:04] Ada: Good.\n",
        "1\n00:00:01,000 --> 00:00:04,000\nWelcome to the kettle show.\n\n2\n00:00:05,000 --> 00:00:09,000\nThis one is red.\n",
        "The Kettle\n\nThe kettle sings upon the stove,\nthe window turns to grey,\nthe cat has left the chair she loves,\nand so has gone the day.\n",
        "#+TITLE: Kettles\n\n* Kettles in kitchens\n:PROPERTIES:\n:YEAR: 2020\n:END:\nWe boil 41 kettles. Nine whistle.\n",
        "\\documentclass{article}\n\\title{Kettles in kitchens}\n\\begin{document}\nWe boil 41 kettles. Nine whistle.\n\\end{document}\n",
        "Kettles in kitchens,Ada Spout,2020,We boil 41 kettles.\nLids that close,Ben Lid,2021,Lids close.\n",
        "Attribution 4.0 International\n\nCreative Commons Corporation is not a law firm. It gives no advice.\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_without_papers(tmp_path: Path, text: str, end: str) -> None:
    found = items(tmp_path, text.replace("\n", end))
    assert not papers(found)
    assert len(remarks(found)) == 1


@pytest.mark.parametrize("name", ["poetry.lock", "Cargo.lock", "uv.lock"])
def test_lock_files(tmp_path: Path, name: str) -> None:
    found = items(tmp_path, '[[package]]\nname = "kettle"\ndescription = "Boils water."\n', name)
    assert remarks(found) == ["skipped: a project's settings, not papers"]
