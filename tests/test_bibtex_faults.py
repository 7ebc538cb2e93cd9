"""BibTeX as programs really write it: one bad field costs that field, and neighbours stay whole. All invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading import items, papers, remarks

from assistant.types import Paper

NEXT = "\n@misc{next, title = {Next}, abstract = {We go on.}}\n"


def read_bib(folder: Path, text: str) -> list[Paper]:
    return papers(items(folder, text, "a.bib"))


@pytest.mark.parametrize(
    "bad",
    [
        "  note = {never closed,",
        "  file = {C:\\dir\\},",
        '  note = "never closed,',
        "  note = ,",
        "  note = {one}} ,",
        "  funding text = {a {b},",
    ],
)
@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0), (2, 1, 0)])
def test_one_bad_field_costs_that_field(tmp_path: Path, bad: str, order: tuple[int, ...]) -> None:
    fields = [bad, "  title = {One {T}wo},", "  abstract = {We do 1.},"]
    text = "@article{k,\n" + "\n".join(fields[i] for i in order) + "\n  year = {2020}\n}\n" + NEXT
    first, second = read_bib(tmp_path, text)
    assert (first.title, first.abstract, first.citekey) == ("One Two", "We do 1.", "k")
    assert (second.title, second.abstract) == ("Next", "We go on.")


def test_a_field_that_is_left_out_is_said(tmp_path: Path) -> None:
    text = "@article{k,\n title = {One},\n note = {open,\n abstract = {We do 1.}\n}\n" + NEXT
    found = items(tmp_path, text, "a.bib")
    assert [paper.title for paper in papers(found)] == ["One", "Next"]
    assert any("k: a field was left out: the note is never closed" in remark for remark in remarks(found))


@pytest.mark.parametrize("cut", range(20, 95, 5))
def test_a_truncated_entry_never_mixes(tmp_path: Path, cut: int) -> None:
    last = "\n@article{last,\n  title = {A Last One of Many},\n  abstract = {We count the 5 last spoons.}\n}\n"
    first, *others = read_bib(tmp_path, NEXT + last[:cut])
    assert (first.title, first.abstract) == ("Next", "We go on.")
    for paper in others:
        assert (paper.title, paper.abstract) == ("A Last One of Many", "We count the 5 last spoons.")


@pytest.mark.parametrize(
    ("fields", "authors"),
    [
        ("given=Jean, prefix=de la, family=Fontaine and family=Roe, given=Ann, suffix=Jr", ("Jean de la Fontaine", "Ann Roe Jr")),
        ('given="Jo Ann", family={van Fork}', ("Jo Ann van Fork",)),
        ("Fork, Ann and {The Spoon Collaboration} and others", ("Ann Fork", "The Spoon Collaboration")),
        ("M{\\\"u}ller, J{\\\"u}rgen and Krzy{\\.z}ak, A.", ("Jürgen Müller", "A. Krzyżak")),
    ],
)  # fmt: skip
def test_authors(tmp_path: Path, fields: str, authors: tuple[str, ...]) -> None:
    (paper,) = read_bib(tmp_path, f"@misc{{k, title={{T}}, abstract={{We x.}}, author = {{{fields}}}}}")
    assert paper.authors == authors


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ("date = {2020-02/2020-03}", "date", "2020-02"),
        ("year = 2001, month = jun", "date", "2001-06"),
        ('year = 2001, month = "10~" # jan', "date", "2001-01-10"),
        (r"journal = \mnras", "venue", "Monthly Notices of the Royal Astronomical Society"),
        (r"journal = {\apj}", "venue", "Astrophysical Journal"),
        ("eprint = {77}, eprinttype = {pubmed}", "pmid", "77"),
        ("pmid = {78}", "pmid", "78"),
        ("langid = {english}", "language", "english"),
        ("keywords = {a b, c}", "keywords", ("a b", "c")),
        ("author_keywords = {ice; reeds}", "keywords", ("ice", "reeds")),
        ("mendeley-tags = {ice, reeds}", "keywords", ("ice", "reeds")),
        (r"doi = {10.1007/978-3-642{\_}12}", "doi", "10.1007/978-3-642_12"),
        (r"url = {http://x.org/{\textasciitilde}me/a\_b}", "url", "http://x.org/~me/a_b"),
        ("crossref = {proc}", "venue", "Proceedings of Toys"),
        ("document_type = {Review}", "publication_type", "Review"),
    ],
)
def test_fields(tmp_path: Path, fields: str, name: str, value: object) -> None:
    text = f"@inproceedings(k, title = {{T}}, abstract = {{We x.}}, {fields})\n"
    (paper,) = read_bib(tmp_path, text + "@proceedings{proc, title = {Proceedings of Toys}, year = 2001}\n")
    assert getattr(paper, name) == value


def test_the_text_of_a_link_stays(tmp_path: Path) -> None:
    text = r"@article{k, title = {Owls}, abstract = {Owls have 3 \href{https://example.org/a}{web pages}.}}"
    assert read_bib(tmp_path, text)[0].abstract == "Owls have 3 web pages."
