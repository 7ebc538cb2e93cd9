"""Text with labels, tags or neither, and files that hold no papers. All titles and abstracts here are invented."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from reading import items, pairs, papers, remarks

from assistant.types import Failure, Notice

COATS = "We hang up 412 wet coats. Two arms drop 3 % of them."
MITTENS = "Mittens warn their wearer in 7 of 9 storms."
RECORDS = [
    {"Title": "Learning to hang up coats", "Authors": "Ada Hook; Ben Peg", "Year": "2023", "Abstract": COATS},
    {"Title": "Mittens that warn", "Authors": "D. Mitt", "Year": "2024", "Abstract": MITTENS},
]
PAIRS = [(record["Title"], record["Abstract"]) for record in RECORDS]


def labelled(order: list[str], between: str) -> str:
    return between.join("".join(f"{name}: {record[name]}\n" for name in order) for record in RECORDS)


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n____________\n\nDocument 2 of 2\n\n"])
def test_labels_in_any_order(tmp_path: Path, between: str) -> None:
    for seed in range(12):
        order = random.Random(seed).sample([*RECORDS[0]], 4)
        found = items(tmp_path, labelled(order, between))
        assert pairs(found) == PAIRS, order
        assert not remarks(found)
        assert [paper.authors for paper in papers(found)] == [("Ada Hook", "Ben Peg"), ("D. Mitt",)]
        assert [paper.year for paper in papers(found)] == [2023, 2024]


def test_labelled_fields_on_several_lines(tmp_path: Path) -> None:
    text = (
        "Record 1\nTITLE: Learning to hang\n  up coats\nAuthor: Hook, Ada\nAuthor: Peg, Ben\n"
        "Abstract: We hang up 412 wet coats.\nResult: two arms drop 3 %\n\nof them.\nDOI: 10.1234/coats\n"
    )
    (paper,) = papers(items(tmp_path, text))
    assert (paper.title, paper.doi) == ("Learning to hang up coats", "10.1234/coats")
    assert paper.abstract == "We hang up 412 wet coats. Result: two arms drop 3 % of them."
    assert paper.authors == ("Ada Hook", "Ben Peg")


def test_labelled_record_without_abstract_costs_itself(tmp_path: Path) -> None:
    text = labelled(["Title", "Authors", "Abstract"], "\nTitle: Lonely scarves\nAuthors: E. Scarf\n\n")
    found = items(tmp_path, text)
    assert pairs(found) == PAIRS
    assert remarks(found) == ["no abstract"]


TAGGED = "".join(
    f"{tag}{sep}{value}\n"
    for tag, sep, value in [
        ("XA", "  ", "1"),
        ("XB", "  ", "Hanging up coats"),
        ("XC", "  ", "Hook, Ada"),
        ("   Peg, Ben", "", ""),
        ("XD", "  ", COATS),
        ("XE", "  ", "English"),
        ("XZ", "", ""),
    ]
)
CARDS = "Accession Number: 12\nSource: J. Coats\nPublication Type: Article\nDatabase: COATBASE\nSubject: coats\n\n"
MAIL = (
    "From: Ada <a@example.org>\nTo: Ben <b@example.org>\nDate: Fri, 1 Mar 2024\nSubject: coats\n\nDear Ben,\n\nhello.\n"
)
OWN_LINES = "Accession Number\n  12\nSource\n  J. Coats\nAuthors\n  Hook A.\nPublication Type\n  Article\n" * 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [(TAGGED * 2, "tagged"), (CARDS * 3, "labelled"), (MAIL, "labelled"), (OWN_LINES, "labelled")],
    ids=["tags", "cards", "mail", "labels on their own lines"],
)
def test_labels_that_nobody_reads(tmp_path: Path, text: str, kind: str) -> None:
    (failure,) = items(tmp_path, text)
    assert isinstance(failure, Failure)
    assert failure.error.startswith(f"{kind} text of a kind that is not read (")
    assert "export it as RIS" in failure.error


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "Metadata-Version: 2.4\nName: coats\nVersion: 1.0\nRequires-Dist: hooks\n\nKeepsafe\n\nIt was long. It was.\n",
            "labelled",
        ),
        ("coats/a.py,sha256=x,12\ncoats/b.py,sha256=y,13\ncoats/c.py,,\ncoats/RECORD,,\n", "lines of one word"),
        (f"Hooks\t12\t{COATS}\nPegs\t13\t{COATS}\nArms\t2\t{MITTENS}\n", "a table whose header"),
        (f"Coats\n=====\n\n{COATS}\n\n.. image:: a.png\n\n.. _hooks: https://example.org\n", "reStructuredText"),
    ],
)
def test_other_kinds_of_text_are_named(tmp_path: Path, text: str, kind: str) -> None:
    (failure,) = items(tmp_path, text)
    assert isinstance(failure, Failure)
    assert failure.error.startswith(kind)


def test_plain_pairs_are_said(tmp_path: Path) -> None:
    titles = ["CoatNet: Hanging Up Coats", "MITTENS: Warning Signs", "Umbrellas: A Survey", "BOOT: Wet Feet"]
    found = items(tmp_path, "\n\n".join(f"{title}\n\n{COATS} It rained." for title in titles))
    assert [title for title, _ in pairs(found)] == titles
    assert remarks(found) == ["read as plain title and abstract pairs: 4 papers; first: 'CoatNet: Hanging Up Coats'"]


MIT = (
    "Copyright (c) 2024 Ada Hook\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this"
    ' software, to deal in the Software without restriction.\n\nTHE SOFTWARE IS PROVIDED "AS IS".\n'
)
CODE = 'import sys\n\n\ndef main():\n    coats = load("coats")\n    return coats\n\n\nmain()\n'
LOG = "".join(f"2024-03-0{day} 10:00:00 INFO coats: {day} coats hung up.\n" for day in range(1, 9))
PINS = "numpy>=1.26\nscipy==1.11.0\nrequests[socks]~=2.31\npandas<3\n"
INI = "[coats]\nhooks = 12\nwet = yes\n; a remark\n\n[mittens]\nwarn = 7\n"


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("LICENSE", "Do what you like.\n", "a licence"),
        ("LICENSE-APACHE.txt", "Do what you like.\n", "a licence"),
        ("licence.md", "Do what you like.\n", "a licence"),
        ("legal.txt", MIT, "a licence"),
        ("COPYING", MIT, "a licence"),
        ("CHANGELOG.md", "# 1.0\n\n- Coats are hung up.\n", "a change log"),
        ("CONTRIBUTING.rst", "Send patches.\n", "a project's notes"),
        ("requirements-dev.txt", "numpy\n", "a project's settings"),
        ("pins.txt", PINS, "a list of packages"),
        ("package.json", '{"name": "coats", "description": "Hangs up coats."}', "a project's settings"),
        ("package-lock.json", '{"name": "coats", "lockfileVersion": 3, "packages": {}}', "a project's settings"),
        ("other.json", '{\n "compilerOptions": {\n  "strict": true\n }\n}', "a project's settings"),
        ("pyproject.toml", '[project]\nname = "coats"\n', "a project's settings"),
        ("Makefile", "all:\n\techo coats\n", "a project's settings"),
        ("settings.txt", INI, "a project's settings"),
        ("run.log", LOG, "a log"),
        ("run.txt", LOG, "a log"),
        ("coats.py", CODE, "program code"),
        ("coats.txt", CODE, "program code"),
        ("run", "#!/bin/sh\necho coats\n", "program code"),
        ("notebook.ipynb", "{}", "program code"),
    ],
)
def test_files_beside_papers_are_skipped_with_a_line(tmp_path: Path, name: str, text: str, kind: str) -> None:
    (notice,) = items(tmp_path, text, name)
    assert isinstance(notice, Notice)
    assert notice.text == f"skipped: {kind}, not papers"


@pytest.mark.parametrize("name", ["security.txt", "history.txt", "news.json", "license-plates.txt", "environment.txt"])
def test_papers_about_such_things_are_read(tmp_path: Path, name: str) -> None:
    text = f"Licences and Packages: A Survey of Settings\n\n{COATS} We read the MIT license. It was short.\n"
    record = {"title": "Licences", "abstract": COATS}
    assert len(papers(items(tmp_path, json.dumps(record) if name.endswith("json") else text, name))) == 1


@pytest.mark.parametrize(
    "value",
    [
        {"total": 2, "items": [{"name": "hook", "price": 1}, {"name": "peg", "price": 2}]},
        [{"user": "ada", "age": 41}, {"user": "ben", "age": 12}],
        {"name": "coats", "version": "1.0", "description": "Hangs up coats."},
    ],
)
def test_json_without_papers_is_one_line(tmp_path: Path, value: object) -> None:
    for indent in (None, 1):
        (failure,) = items(tmp_path, json.dumps(value, indent=indent), "a.json")
        assert isinstance(failure, Failure)
        assert failure.error.startswith("JSON without titles and abstracts; its fields are ")
