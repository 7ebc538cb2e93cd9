"""arXiv's announcement mails, and its pages saved as text. All titles and abstracts here are invented."""

from __future__ import annotations

import quopri
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import items, pairs, papers, remarks

from assistant.documents import read
from assistant.types import Failure, Notice

RULE = "-" * 78
COATS = "We hang up 412 wet coats. Two arms drop 3 % of them."
MITTENS = "Mittens warn their wearer in 7 of 9 storms."


def mail(*entries: str) -> str:
    return f"{RULE}\n" + f"{RULE}\n".join(entries) + f"{RULE}\n"


FIRST = f"""\\\\
arXiv:2403.01111
Date: Thu, 29 Feb 2024 18:01:02 GMT   (1523kb,D)

Title: Learning to hang up wet coats with two arms: a study of hooks and the
  humans who use them
Authors: Ada Hook, Ben Peg (1), and Clara von der Garderobe (2) ((1) Coat
  Institute, (2) Hall University)
Categories: cs.RO cs.AI
Comments: 12 pages, see
  also: the appendix
Journal-ref: J. Coats 12 (2024) 1-9
DOI: 10.1234/coats.2024.1
\\\\
  {COATS[:25]}
{COATS[26:]}
\\\\ ( https://arxiv.org/abs/2403.01111 ,  1523kb)
"""
CROSS = f"""\\\\
arXiv:2402.02222 (*cross-listing*)
Date: Mon, 5 Feb 2024 18:59:01 GMT   (971kb,D)
Date (revised v3): Tue, 6 Feb 2024 18:59:01 GMT   (971kb,D)

Title: Mittens that warn
Authors: D. Mitt
Categories: cs.LG cs.RO
\\\\
  {MITTENS}
\\\\ ( https://arxiv.org/abs/2402.02222 ,  971kb)
"""
REPLACED = """\\\\
arXiv:2306.03333
replaced with revised version Thu, 29 Feb 2024 12:00:00 GMT   (100kb)

Title: Scarves, revisited
Authors: E. Scarf
Categories: cs.RO
\\\\ ( https://arxiv.org/abs/2306.03333 ,  100kb)
"""
OLD = """\\\\
Paper: hep-th/9901001
From: F. String <string@example.org>
Date: Fri, 1 Jan 1999 00:00:00 GMT   (12kb)

Title: Strings in the washing machine
Author: F. String
\\\\
  Strings tangle after 41 turns.
\\\\
"""


def test_mail(tmp_path: Path) -> None:
    found = items(tmp_path, "Send any comments to submitter.\n" + mail(FIRST, CROSS, REPLACED, REPLACED, OLD))
    first, cross, old = papers(found)
    assert first.title.endswith("two arms: a study of hooks and the humans who use them")
    assert first.abstract == COATS
    assert first.authors == ("Ada Hook", "Ben Peg", "Clara von der Garderobe")
    assert (first.doi, first.venue, first.date) == ("10.1234/coats.2024.1", "J. Coats 12 (2024) 1-9", "2024-02-29")
    assert first.categories == ("cs.RO", "cs.AI")
    assert (cross.paper_id, cross.version, cross.date) == ("arxiv:2402.02222", 3, "2024-02-05")
    assert (old.paper_id, old.year) == ("arxiv:hep-th/9901001", 1999)
    (notice,) = [item for item in found if isinstance(item, Notice)]
    assert notice.text.startswith("skipped: 2 announced without an abstract")
    assert "Scarves, revisited" in notice.text


def test_forwarded_mail(tmp_path: Path) -> None:
    quoted = "".join(f"> {line}\n" for line in mail(FIRST, OLD).splitlines())
    assert [paper.abstract for paper in papers(items(tmp_path, quoted))] == [COATS, "Strings tangle after 41 turns."]


@pytest.mark.parametrize("rules", [True, False])
def test_damaged_mail(tmp_path: Path, rules: bool) -> None:
    lost_mark = FIRST[: FIRST.rindex("\\\\ (")]
    text = mail(OLD, lost_mark, CROSS, OLD.replace("41 turns.\n\\\\\n", "41"))
    found = items(tmp_path, text if rules else text.replace(f"{RULE}\n", ""))
    assert [paper.title[:8] for paper in papers(found)][::2] == ["Strings ", "Mittens "]
    assert {paper.abstract for paper in papers(found)} == {"Strings tangle after 41 turns.", COATS, MITTENS}


def test_mail_that_is_cut_off(tmp_path: Path) -> None:
    found = items(tmp_path, mail(OLD) + CROSS[: CROSS.index("in 7 of")])
    assert len(papers(found)) == 1
    (failure,) = [item for item in found if isinstance(item, Failure)]
    assert "cut off" in failure.error


NEW = f"""Robotics
Showing new listings for Friday, 1 March 2024
Total of 4 entries
New submissions (showing 2 of 2 entries)

[1] arXiv:2403.01111 [pdf, html, other]
Title: Learning to hang up wet coats: a study
Ada Hook, Ben Peg
Comments: 12 pages
Subjects: Robotics (cs.RO); Artificial Intelligence (cs.AI)

{COATS}

[2] arXiv:2403.01112 [pdf, ps, other]
Title:
          Mittens that warn
Authors: D. Mitt
Subjects: Robotics (cs.RO);
   Machine Learning (cs.LG)
{MITTENS}

Cross submissions (showing 1 of 1 entries)

[3] arXiv:2402.02222 (cross-list from cs.LG) [pdf, html, other]
Title: Gloves
G. Love
Subjects: Machine Learning (cs.LG)

Gloves warm 5 of 6 hands.

Replacement submissions (showing 1 of 1 entries)

[4] arXiv:2306.03333 (replaced) [pdf, html, other]
Title: Scarves, revisited
E. Scarf
Subjects: Robotics (cs.RO)

Total of 4 entries
"""
LYNX = """   [1] [20]arXiv:2403.01111 [[21]pdf, [22]html, [23]other]
          Title: Learning to hang up wet coats: a study
          [24]Ada Hook, [25]Ben Peg
          Subjects: Robotics (cs.RO); Artificial
          Intelligence (cs.AI)

          We hang up 412 wet coats. Two arms drop
          3 % of them.

   [2] [26]arXiv:2403.01112 [[27]pdf, [28]other]
          Title: Mittens that warn
          [29]D. Mitt
          Subjects: Robotics (cs.RO); Machine Learning (cs.LG)

          Mittens warn their wearer in 7 of 9 storms.
"""
SEARCH = f"""Showing 1–2 of 2 results for all: coats
   arXiv:2403.01111  [pdf, html, other]  cs.RO cs.AI
doi 10.1234/coats.1
Learning to hang up wet coats: a study
Authors: Ada Hook, Ben Peg
Abstract: We hang up 412 wet… ▽ More
{COATS} △ Less
Submitted 3 March, 2024; originally announced March 2024.
Comments: 12 pages
   arXiv:2403.01112  [pdf, other]  cs.RO cs.LG
Mittens that warn
Authors: D. Mitt
Abstract: {MITTENS}
Submitted 2 March, 2024; originally announced March 2024.
"""


@pytest.mark.parametrize("page", [NEW, LYNX, SEARCH], ids=["new", "lynx", "search"])
@pytest.mark.parametrize("blank_lines", [False, True])
def test_listing(tmp_path: Path, page: str, blank_lines: bool) -> None:
    found = papers(items(tmp_path, page.replace("\n", "\n\n") if blank_lines and page == NEW else page))
    assert [(p.title, p.abstract) for p in found[:2]] == [
        ("Learning to hang up wet coats: a study", COATS),
        ("Mittens that warn", MITTENS),
    ]
    assert [p.authors for p in found[:2]] == [("Ada Hook", "Ben Peg"), ("D. Mitt",)]
    assert [p.categories for p in found[:2]] == [("cs.RO", "cs.AI"), ("cs.RO", "cs.LG")]
    assert [p.paper_id for p in found[:2]] == ["arxiv:2403.01111", "arxiv:2403.01112"]
    assert {(p.date or "")[:7] for p in found[:2]} == {"2024-03"}


def test_what_a_listing_has_besides_abstracts(tmp_path: Path) -> None:
    found = items(tmp_path, NEW)
    assert pairs(found)[2:] == [("Gloves", "Gloves warm 5 of 6 hands.")]
    assert len(remarks(found)) == 1
    assert "1 listed without an abstract" in remarks(found)[0]


def test_listing_without_abstracts(tmp_path: Path) -> None:
    recent = f"[1] arXiv:2403.01111 [pdf]\nTitle: {COATS}\nAda Hook\nSubjects: Robotics (cs.RO)\n"
    assert remarks(items(tmp_path, recent))[-1] == "no papers found in it"


def test_page_of_one_paper(tmp_path: Path) -> None:
    page = f"""Computer Science > Robotics
[Submitted on 29 Feb 2024 (v1), last revised 5 Mar 2024 (this version, v2)]
Title:Learning to hang up wet coats
Authors:Ada Hook, Ben Peg
View PDF
HTML (experimental)
Abstract:{COATS}
Comments:\t12 pages
Subjects:\tRobotics (cs.RO)
Cite as:\tarXiv:2403.01111 [cs.RO]
 \t(or arXiv:2403.01111v2 [cs.RO] for this version)
https://doi.org/10.48550/arXiv.2403.01111
Related DOI:\thttps://doi.org/10.1234/coats.1
Submission history
From: Ada Hook [view email]
[v1] Thu, 29 Feb 2024 18:01:02 UTC (1,523 KB)
"""
    (paper,) = papers(items(tmp_path, page))
    assert (paper.title, paper.abstract) == ("Learning to hang up wet coats", COATS)
    assert (paper.paper_id, paper.version, paper.date) == ("arxiv:2403.01111", 2, "2024-02-29")
    assert (paper.doi, paper.authors) == ("10.1234/coats.1", ("Ada Hook", "Ben Peg"))


def test_page_copied_without_labels(tmp_path: Path) -> None:
    page = f"""Computer Science > Robotics
arXiv:2403.01111 (cs)
[Submitted on 29 Feb 2024]
Learning to hang up wet coats
Ada Hook, Ben Peg
View PDF
{COATS}
Subjects:\tRobotics (cs.RO)
Cite as:\tarXiv:2403.01111 [cs.RO]
Submission history
"""
    (paper,) = papers(items(tmp_path, page))
    assert (paper.title, paper.abstract) == ("Learning to hang up wet coats", COATS)
    assert (paper.paper_id, paper.authors) == ("arxiv:2403.01111", ("Ada Hook", "Ben Peg"))


def test_numbered_results_of_a_search(tmp_path: Path) -> None:
    page = f"1. arXiv:2403.01111  [pdf, other]  cs.RO  cs.AI  doi 10.1234/coats.1\n\nWet coats\nAuthors: Ada Hook\n\nAbstract: {COATS}\n"
    (paper,) = papers(items(tmp_path, page))
    assert (paper.title, paper.categories, paper.doi) == ("Wet coats", ("cs.RO", "cs.AI"), "10.1234/coats.1")


def test_links_that_a_text_browser_wraps(tmp_path: Path) -> None:
    page = LYNX.replace("[27]pdf, [28]other]", "[27]pdf,\n   [28]other]").replace("   [2] [26]", "   [9][2] [26]")
    found = items(tmp_path, page + "\nReferences\n\n   1. https://arxiv.org/\n")
    assert pairs(found) == pairs(items(tmp_path, LYNX))
    assert len(pairs(found)) == 2


@pytest.mark.parametrize("how", ["quoted-printable", "indented", "blank lines"])
def test_mail_as_programs_send_it(tmp_path: Path, how: str) -> None:
    text = mail(FIRST, CROSS)
    expected = papers(items(tmp_path, text))
    if how == "quoted-printable":
        head = "From: no-reply@arXiv.org\nContent-Transfer-Encoding: quoted-printable\n\n"
        text = head + quopri.encodestring(text.encode()).decode()
    else:
        text = text.replace("\n", "\n    " if how == "indented" else "\n\n")
    assert papers(items(tmp_path, text)) == expected


@settings(max_examples=150, deadline=None)
@given(
    text=st.sampled_from([mail(FIRST, CROSS, REPLACED, OLD), NEW, LYNX, SEARCH]),
    cut=st.floats(0.3, 1.0),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_truncated_text_keeps_the_entries_before(
    tmp_path_factory: pytest.TempPathFactory, text: str, cut: float, end: str, encoding: str
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    (folder / "a.txt").write_bytes(text[: int(cut * len(text))].replace("\n", end).encode(encoding))
    (folder / "whole.txt").write_text(text)
    found, whole = pairs(list(read([folder / "a.txt"]))), pairs(list(read([folder / "whole.txt"])))
    assert found[:-1] == whole[: max(0, len(found) - 1)]
    if cut == 1.0 or (found and RULE in text):
        # Nothing tells that a mail was cut off where a sentence ends.
        title, abstract = found[-1]
        assert any(t == title and (a == abstract or a.startswith(f"{abstract} ")) for t, a in whole)
        assert abstract.endswith(".")
