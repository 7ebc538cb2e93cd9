"""Tables as services export them: a fragment never becomes a paper. All records are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import items, pairs, papers, remarks

HEADS = {
    "scopus": '"Authors","Author full names","Title","Year","Source title","DOI","Abstract","Author Keywords"',
    "zotero": '"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Abstract Note","Manual Tags"',
    "lens": '"Lens ID","Title","Date Published","Publication Year","Source Title","Author/s","Abstract","DOI","PMID"',
    "dimensions": '"About the data: exported on a Sunday."\n"Rank","Publication ID","DOI","Title","Abstract","Source title","PubYear"',
    "ieee": '"Document Title",Authors,"Publication Title","Abstract","DOI","Author Keywords"',
    "rayyan": "key,title,authors,journal,issn,year,url,abstract,notes",
    "covidence": "Title,Authors,Abstract,Published Year,Journal,DOI,Covidence #",
    "embase": '"TITLE","AUTHOR NAMES","SOURCE TITLE","PUBLICATION YEAR","ABSTRACT","DOI"',
    "wos": "sep=;\nArticle Title;Author Full Names;Abstract;DOI;Publication Year",
}


@pytest.mark.parametrize("service", HEADS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tables_of_services(tmp_path: Path, service: str, end: str) -> None:
    *before, header = HEADS[service].split("\n")
    delimiter = ";" if service == "wos" else ","
    columns = [name.strip('"') for name in header.split(delimiter)]
    cells = {"Title": "Spoons, sorted", "Abstract": 'Aim: 3 "new" spoons;\nthey shine.'}

    def cell(column: str) -> str:
        known = next((value for name, value in cells.items() if column.lower() in _names(name)), "")
        return '"' + known.replace('"', '""') + '"'

    rows = [*before, header, delimiter.join(map(cell, columns))]
    found = items(tmp_path, end.join(rows).replace("\n", end) + end, "export.csv")
    assert pairs(found) == [("Spoons, sorted", 'Aim: 3 "new" spoons; they shine.')]


def _names(name: str) -> tuple[str, ...]:
    return ("title", "document title", "article title") if name == "Title" else ("abstract", "abstract note")


@pytest.mark.parametrize(
    ("header", "reason"),
    [("PMID,Title,Authors,Citation,First Author,Journal/Book", "PubMed"), ("Title,Authors,Year", "no abstract column")],
)
def test_tables_without_abstracts(tmp_path: Path, header: str, reason: str) -> None:
    (remark,) = remarks(items(tmp_path, header + "\n1,2,3,4,5,6\n", "export.csv"))
    assert reason in remark


def test_the_first_filled_column_of_a_name_is_read(tmp_path: Path) -> None:
    found = items(tmp_path, "Title,Title,Abstract\n,Second,We x.\nFirst,Second,We y.\n", "a.csv")
    assert pairs(found) == [("Second", "We x."), ("First", "We y.")]
    assert len(remarks(found)) == 1


_CELL = st.text(st.sampled_from('ab ,;\n"'), max_size=12)


@settings(max_examples=150, deadline=None)
@given(cells=st.lists(_CELL, max_size=3), extra=st.booleans(), cut=st.integers(0, 40))
def test_neighbours_of_a_damaged_row_stay_whole(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str], extra: bool, cut: int
) -> None:
    row = ",".join('"' + cell.replace('"', '""') + '"' for cell in ["Odd row", "We odd.", *cells])
    text = f'"Title","Abstract","A","B","C"\n"One","We go 1.",,,\n{row[: len(row) - cut] + (",x" if extra else "")}\n'
    found = papers(
        items(tmp_path_factory.getbasetemp(), text + '"Two","We go 2.",,,\n"Three","We go 3.",,,\n', "t.csv")
    )
    titles = [paper.title for paper in found]
    assert titles[0] == "One"
    assert titles[-1] == "Three"
    assert set(titles) <= {"One", "Two", "Three"} | {"Odd row"[:n] for n in range(8)}
