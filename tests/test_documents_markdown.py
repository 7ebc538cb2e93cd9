"""Reading lists, digests and notes in Markdown. All titles, names and abstracts here are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import items, pairs, papers, remarks

from assistant.documents import read
from assistant.types import Failure, Notice, Paper

COATS = "We hang up 412 wet coats. Two arms drop 3 % of them."
MITTENS = "Mittens warn their wearer in 7 of 9 storms."
BOTH = [("Learning to hang up wet coats", COATS), ("Mittens that warn", MITTENS)]

LIST = """<h1 align="center">Awesome Coats</h1>

[![Awesome](https://awesome.re/badge.svg)](https://awesome.re)

Papers on coats, kept by [me](https://example.org).

## Contents
- [Hooks](#hooks)

## Hooks

1. **Learning to hang up wet coats.** Ada Hook, Ben Peg. *ICRA 2023*. [[paper](https://arxiv.org/abs/2403.01111)] [[code](https://github.com/x/y)]
   > We hang up 412 wet coats. Two arms drop 3 % of them.
2. [2024/03] [Mittens that warn](https://doi.org/10.1234/mittens.7) – Mittens warn their wearer in 7 of 9 storms.
3. [Scarves, revisited](https://openreview.net/forum?id=abc) (ICLR 2022) [[code](https://github.com/z)]

## Tools
- [numpy](https://numpy.org) - The fundamental package for arrays in Python.
- **coatlib** - A library that hangs up your coats.
"""
OTHER_LIST = """- **Learning to hang up wet coats** (2023) [[paper]](https://arxiv.org/abs/2403.01111)
  - Abstract: We hang up 412 wet coats. Two arms drop 3 % of them.
- [Mittens that warn](https://www.biorxiv.org/content/10.1101/2024.01.01.1234v1) (D. Mitt, 2024): Mittens warn their wearer in 7 of 9 storms.
"""
DIGEST = """# arXiv digest 2024-03-01

## 1. [Learning to hang up wet coats](https://arxiv.org/abs/2403.01111v2)

**Authors:** Ada Hook, Ben Peg
**Published:** 2024-03-01 | **Categories:** cs.RO, cs.AI

**Abstract:** We hang up 412 wet coats. Two arms
drop 3 % of them.

---

## 2. Mittens that warn
D. Mitt, W. Earer

Abstract

Mittens warn their wearer in 7 of 9 storms.

## A title without an abstract
**Authors:** N. One
"""
ISSUE = """## Keyword: coats
### Learning to hang up wet coats
 - **Authors:** Ada Hook, Ben Peg
 - **Subjects:** Robotics (cs.RO)
 - **Arxiv link:** https://arxiv.org/abs/2403.01111
 - **Abstract**
 We hang up 412 wet coats. Two arms drop 3 % of them.
### Mittens that warn
 - **Authors:** D. Mitt
 - **Arxiv link:** https://arxiv.org/abs/2403.01112
 - **Abstract**
 Mittens warn their wearer in 7 of 9 storms.
"""
FOLDED = """### [Learning to hang up wet coats](https://arxiv.org/abs/2403.01111)
*Ada Hook, Ben Peg* · 2024-03-01
<details>
<summary>Abstract</summary>

We hang up 412 wet coats. Two arms drop 3 % of them.

</details>

### [Mittens that warn](https://arxiv.org/abs/2403.01112)
D. Mitt

> Mittens warn their wearer in 7 of 9 storms.
"""
TABLE = """# Papers
| Year | Title | Authors | Abstract |
|---|---|---|---|
| 2023 | [Learning to hang up wet coats](https://arxiv.org/abs/2403.01111) | Ada Hook, Ben Peg | We hang up 412 wet coats. Two arms drop 3 % of them. |
| 2024 | Mittens that warn | D. Mitt | Mittens warn their wearer in 7 of 9 storms. |
| 2023 | Gloves | G. Love | |
"""


@pytest.mark.parametrize(
    "text",
    [LIST, OTHER_LIST, DIGEST, ISSUE, FOLDED, TABLE],
    ids=["list", "other", "digest", "issue", "folded", "table"],
)
@pytest.mark.parametrize("name", ["a.md", "a.markdown", "a.txt", "README.md"])
def test_several_papers(tmp_path: Path, text: str, name: str) -> None:
    found = items(tmp_path, text, name)
    assert pairs(found) == BOTH
    assert papers(found)[0].paper_id == "arxiv:2403.01111"
    assert all("no abstract" in remark for remark in remarks(found))
    assert not [item for item in found if isinstance(item, Failure)]


def test_fields_of_an_entry(tmp_path: Path) -> None:
    first, second = papers(items(tmp_path, LIST, "a.md"))
    assert (first.authors, first.year) == (("Ada Hook", "Ben Peg"), 2023)
    assert (second.doi, second.year) == ("10.1234/mittens.7", 2024)
    (first, _) = papers(items(tmp_path, DIGEST, "a.md"))
    assert (first.version, first.date, first.categories) == (2, "2024-03-01", ("cs.RO", "cs.AI"))


def test_entries_without_an_abstract_are_counted(tmp_path: Path) -> None:
    assert remarks(items(tmp_path, LIST, "a.md")) == [
        "skipped: 1 entries of the list have no abstract; first: 'Scarves, revisited'"
    ]
    plain = "".join(
        f"* {title}. Ada Hook and Ben Peg. ICRA 2023. [[Paper]](https://arxiv.org/abs/2303.0111{i})\n"
        for i, title in enumerate(["Learning to hang up wet coats", "Mittens that warn the wearer"])
    )
    (failure,) = items(tmp_path, "# Papers\n" + plain, "b.md")
    assert isinstance(failure, Failure)
    assert failure.error == "2 entries of the list have no abstract; first: 'Learning to hang up wet coats'"


MATTER = """---
citekey: hook2024
aliases: ["@hook2024"]
title: {title}
authors:
  - "[[Ada Hook]]"
  - [[Ben Peg]]
year: 2024
doi: 10.1234/coats.1
tags: [coats, "robots"]
zotero: zotero://select/items/1_ABC
---
"""
OWN = """
## My notes
I think that [Mittens that warn](https://arxiv.org/abs/2403.01112) - is much better than all of this.

> I would quote this, too.
"""
CALLOUT = "> [!info]\n> **Pages**:: 1-9\n\n> [!abstract]- Abstract\n> We hang up 412 wet coats. Two arms\n> drop 3 % of them.\n"
HEADING = "# Coats (short)\n\n## Abstract\nWe hang up 412 wet coats. Two arms\ndrop 3 % of them.\n"


@pytest.mark.parametrize("title", ['"Learning to hang up: wet coats"', "Learning to hang up: wet coats"])
@pytest.mark.parametrize("body", [CALLOUT, HEADING, "**Abstract**: " + COATS + "\n"])
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_note_with_front_matter(tmp_path: Path, title: str, body: str, name: str) -> None:
    (paper,) = items(tmp_path, MATTER.format(title=title) + body + OWN, name)
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract) == ("Learning to hang up: wet coats", COATS)
    assert (paper.authors, paper.year, paper.doi) == (("Ada Hook", "Ben Peg"), 2024, "10.1234/coats.1")
    assert (paper.citekey, paper.keywords) == ("hook2024", ("coats", "robots"))
    assert paper.zotero == "zotero://select/items/1_ABC"


def test_broken_field_of_the_front_matter_costs_itself(tmp_path: Path) -> None:
    text = f"---\ntitle: Learning to hang up wet coats\nyear: [2024\ncitekey: @hook\nabstract: {COATS[:25]}\n  {COATS[26:]}\n"
    (paper,) = items(tmp_path, text + "bomb: [&a [x, x], *a]\ndoi: 10.1234/coats.1\n---\nMine.\n", "a.md")
    assert isinstance(paper, Paper)
    assert (paper.abstract, paper.citekey, paper.doi) == (COATS, "hook", "10.1234/coats.1")


NOTES = {
    "mdnotes": """# Learning to hang up wet coats

## Metadata
* Item Type: [[Article]]
* Authors: [[Ada Hook]], [[Ben Peg]]
* Date: [[2024-03-01]]
* DOI: [10.1234/coats.1](https://doi.org/10.1234/coats.1)
* Tags: #coats, #robots

## Abstract

We hang up 412 wet coats. Two arms drop 3 % of them.

## Highlights
- Abstract thinking is *nice*.
""",
    "integration": """# Learning to hang up wet coats

>[!md]
> **FirstAuthor**:: Hook, Ada
> **Author**:: Peg, Ben
> **Year**:: 2024
> **DOI**:: 10.1234/coats.1

> [!Abstract]
> We hang up 412 wet coats. Two arms drop 3 % of them.

# Annotations
> I like this one very much and will cite it.
""",
    "logseq": """title:: @Learning to hang up wet coats
date:: [[Mar 1st, 2024]]
authors:: [[Ada Hook]], [[Ben Peg]]
doi:: 10.1234/coats.1

- [[Abstract]]
\t- We hang up 412 wet coats. Two arms drop 3 % of them.
- ### Notes
\t- nice
""",
    "notion": """# Learning to hang up wet coats

Authors: Ada Hook, Ben Peg
Year: 2024
DOI: https://doi.org/10.1234/coats.1
Status: read
Abstract: We hang up 412 wet coats. Two arms drop 3 % of them.

What I think: it is slow.
""",
    "flat": """# Learning to hang up wet coats
Ada Hook, Ben Peg (2024) https://doi.org/10.1234/coats.1
# Abstract
We hang up 412 wet coats. Two arms drop 3 % of them.
# My notes
We should try this with 12 arms and so on.
""",
}


@pytest.mark.parametrize("kind", NOTES)
def test_note_without_front_matter(tmp_path: Path, kind: str) -> None:
    found = items(tmp_path, NOTES[kind], "note.md")
    assert pairs(found) == BOTH[:1]
    assert not remarks(found)
    if kind != "flat":
        assert (papers(found)[0].authors, papers(found)[0].year) == (("Ada Hook", "Ben Peg"), 2024)
        assert papers(found)[0].doi == "10.1234/coats.1"


@pytest.mark.parametrize(
    "text",
    [
        MATTER.format(title="Coats") + OWN,
        "# 2024-03-01\n- [ ] buy coats\n- met [[Ann Lee]] - we talked about the coats that she has built.\n",
        "# My thoughts\n\nAs shown in [Hanging up coats](https://arxiv.org/abs/2403.01111), coats are hung up by arms.\n",
        "# coatlib\nHangs up coats.\n## Installation\nRun this to install the coats.\n## Usage\nCall it and wait for it.\n",
    ],
)
def test_own_notes_are_no_abstracts(tmp_path: Path, text: str) -> None:
    (failure,) = items(tmp_path, text, "a.md")
    assert isinstance(failure, Failure)


def test_readme_is_skipped(tmp_path: Path) -> None:
    for name in ("README.md", "readme.txt", "README"):
        text = "# coatlib\nHangs up coats.\n## Installation\nRun this to install the coats.\n"
        assert remarks(items(tmp_path, text, name)) == ["skipped: a README, not papers"]


def test_headings_above_plain_abstracts(tmp_path: Path) -> None:
    text = f"# Learning to hang up wet coats\n{COATS}\n\n# Mittens that warn their wearer\n{MITTENS}\n"
    found = items(tmp_path, text, "a.md")
    assert [abstract for _, abstract in pairs(found)] == [COATS, MITTENS]
    (notice,) = [item for item in found if isinstance(item, Notice)]
    assert notice.text.startswith("read as plain title and abstract pairs: 2 papers")


def test_formulas_keep_their_marks(tmp_path: Path) -> None:
    text = "## Coats of arms in a field\n**Authors:** Ada Hook\n**Abstract:** We show $a_b * c_d * e_f \\{x\\}$ and **much** `more`.\n"
    assert pairs(items(tmp_path, text, "a.md"))[0][1] == "We show $a_b * c_d * e_f \\{x\\}$ and much more."


@settings(max_examples=150, deadline=None)
@given(
    text=st.sampled_from([LIST, DIGEST, ISSUE, FOLDED, TABLE, OTHER_LIST]),
    cut=st.floats(0.0, 1.0),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_truncated_markdown(
    tmp_path_factory: pytest.TempPathFactory, text: str, cut: float, end: str, encoding: str
) -> None:
    path = tmp_path_factory.mktemp("cut") / "a.md"
    path.write_bytes(text[: int(cut * len(text))].replace("\n", end).encode(encoding))
    found = [item for item in read([path]) if isinstance(item, Paper)]
    for paper in found[:-1]:
        assert (paper.title, paper.abstract) in BOTH
    if cut == 1.0:
        assert [(paper.title, paper.abstract) for paper in found] == BOTH


@pytest.mark.parametrize(
    "heading", ["## Abstract\n\nLids close in 9 of 10 trials.\n", "- ## Abstract\n\t- Lids close in 9 of 10 trials.\n"]
)
def test_title_in_the_front_matter_alone(tmp_path: Path, heading: str) -> None:
    text = f"---\ntitle: Lids that close\nauthor:\n\t- Ada Spout\n\t- Ben Lid\ntags: '#lids #heat'\n---\n\n{heading}\n## Notes\n\n- slow\n"
    (paper,) = papers(items(tmp_path, text, "note.md"))
    assert (paper.title, paper.abstract) == ("Lids that close", "Lids close in 9 of 10 trials.")
    assert paper.authors == ("Ada Spout", "Ben Lid")


def test_minutes_are_no_papers(tmp_path: Path) -> None:
    text = "# Kettle group\n\n## Minutes of the last meeting\n\nThey were approved.\n\n## The new kettle in the kitchen\n\nIt came on Monday, and it is red.\n"
    assert not papers(items(tmp_path, text, "group.md"))


def test_label_of_a_link_in_a_heading(tmp_path: Path) -> None:
    text = "# Week 12\n\n### 1. Lids that close ([arXiv](https://arxiv.org/abs/2103.00001))\n\n**Abstract:** Lids close in 9 of 10 trials.\n"
    (paper,) = papers(items(tmp_path, text, "week.md"))
    assert (paper.title, paper.paper_id) == ("Lids that close", "arxiv:2103.00001")
