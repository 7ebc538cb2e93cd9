"""BibTeX, RIS, MEDLINE and Atom. All records here are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.documents import read
from assistant.documents.latex import decode
from assistant.types import Failure, Item, Notice, Paper

FEED = '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
ENTRY = "<entry><title>{}</title><summary>{}</summary></entry>"


def rows(path: Path, text: str) -> list[Item]:
    path.write_bytes(text.encode())
    return list(read([path]))


def brief(found: list[Item]) -> list[object]:
    return [r.title if isinstance(r, Paper) else (r.line, r.error) for r in found]


def test_bibtex_entry(tmp_path: Path) -> None:
    text = r"""Exported on a Sunday.
@string{pub = "Spoon Press"}
@comment{nothing}
@Article{fork2020,
  title     = {{Sch{\"o}ne} L{\"o}ffel \& $x^{2}$ {GPU}s},
  author    = {M{\"u}ller, J{\"u}rgen and Jane {de} Fork and others},
  journal   = {arXiv preprint arXiv:2205.13147},
  month = jul, year = 2020, publisher = pub,
  doi = {10.1000/s.1},
  abstract  = {We sort \emph{spoons}.
               It costs 10\% less.}
}
"""
    (paper,) = rows(tmp_path / "a.bib", text)
    assert paper == Paper(
        paper_id="arxiv:2205.13147",
        title="Schöne Löffel & $x^{2}$ GPUs",
        abstract="We sort spoons. It costs 10% less.",
        authors=("Jürgen Müller", "Jane de Fork"),
        citekey="fork2020",
        publication_type="article",
        author_count=2,
        date="2020-07",
        year=2020,
        doi="10.1000/s.1",
        aliases=("doi:10.1000/s.1",),
        url="https://arxiv.org/abs/2205.13147",
        sources=("a.bib",),
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("eprint = {2101.00001}, archiveprefix = {arXiv}", "arxiv:2101.00001"),
        ("eprint = {math/0506001v2}", "arxiv:math/0506001"),
        ("url = {https://arxiv.org/pdf/2101.00001v3.pdf}", "arxiv:2101.00001"),
        ("doi = {10.48550/arXiv.2101.00001}", "arxiv:2101.00001"),
        ("eprint = {12345}", "t:"),
        ("eprint = {1234.5678}", "t:"),
        ("url = {https://example.org/2101.00001}", "t:"),
    ],
)
def test_arxiv_id_in_bibtex(tmp_path: Path, fields: str, expected: str) -> None:
    (paper,) = rows(tmp_path / "a.bib", f"@misc{{k, title={{A b}}, abstract={{C d.}}, {fields}}}")
    assert isinstance(paper, Paper)
    assert paper.paper_id.startswith(expected)


def test_broken_bibtex_entry_costs_only_itself(tmp_path: Path) -> None:
    good = '@misc{{g{0}, title = "Good " # "{{{0}\\"o}}", abstract = {{Fine with \\{{ in it.}}, }}\n'
    broken = [
        "@misc{b1, title = {Open, abstract = {x}",
        "@misc{b2, title = {A} abstract {B}}",
        "@misc{b3, title = ,}",
        "@misc{b4, title = {No abstract}}",
        "@misc{b5, title = {T}, abstract = {A}",
        "@misc{b6}",
    ]
    text = "".join(good.format(i) + line + "\n" for i, line in enumerate(broken)) + good.format(9)
    found = rows(tmp_path / "a.bib", text)
    assert [p.title for p in found if isinstance(p, Paper)] == [f"Good {i}ö" for i in (0, 1, 2, 3, 4, 5, 9)]
    failures = [r for r in found if isinstance(r, Failure)]
    assert [r.line for r in failures] == [2, 4, 6, 8, 10, 12]
    assert [r.error.split(":")[0] for r in failures[:5]] == ["b1", "b2", "b3", "b4", "b5"]
    assert "never closed" in failures[0].error
    assert "comma" in failures[1].error


@pytest.mark.parametrize(
    "fields",
    [
        "funding_text 1={Spoon Fund}, title = {Sorting}, abstract = {We sort.}",
        'title = "Sorting", abstract = "It costs 15{{\\%} less. We sort."',
        'title = "Sorting", abstract = "The "best" spoons. We sort."',
        "title = {Sorting} abstract = {We sort.}",
        "title = {Sorting}, title = {Sorting}, abstract = {We sort.}",
        'title = "Sorting", month = jul # { 3}, abstract = {Write to a@b{c} = d, "e. We sort.}',
    ],
)
def test_faulty_bibtex_that_can_still_be_read(tmp_path: Path, fields: str) -> None:
    """As Scopus, the ACL Anthology and people write them."""
    (paper, after) = rows(tmp_path / "a.bib", f"@misc{{k, {fields}\n}}\n@misc{{l, title={{T u}}, abstract={{A b.}}}}")
    assert isinstance(paper, Paper)
    assert (paper.title, paper.abstract[-8:]) == ("Sorting", "We sort.")
    assert isinstance(after, Paper)


def test_bibtex_entries_on_one_line(tmp_path: Path) -> None:
    text = "@misc{a, title={One}, abstract={We write to a@b{c}.}} @misc{b, title={Two}, abstract={X y.}}"
    assert brief(rows(tmp_path / "a.bib", text)) == ["One", "Two"]


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Sch{\"o}n, \'{e}t\'e, \'\i, {\v{c}}, \v c, \c{c}, \~n", "Schön, été, í, č, č, ç, ñ"),
        (r"{\ss}, \o{}x, \L ukasz, {\AA}, \ae", "ß, øx, Łukasz, Å, æ"),
        (r"100\% \& \$5 a\_b \#1 \{x\}", "100% & $5 a_b #1 {x}"),
        (r"``q'' a~b \textbf{bold {x}} {\em it} \cite{k}", "“q” a b bold x it \\cite{k}"),
        (r"The {$O(n^{2})$} and $\alpha_{\text{x}}$ {case}", r"The $O(n^{2})$ and $\alpha_{\text{x}}$ case"),
        (r"unclosed { and } $ dollar", "unclosed  and  $ dollar"),
        ("\ue002 $a$ b", " $a$ b"),
        ("", ""),
    ],
)
def test_latex(latex: str, text: str) -> None:
    assert decode(latex) == text


def test_ris(tmp_path: Path) -> None:
    text = (
        "TY  - JOUR\r\n\0TI  - Sorting\r\n  Spoons\r\nAU  - Fork, Ann\r\nAU  - Knife, B.\r\nPY  - 2020/07/13/\r\n"
        "AB  - We sort\r\nspoons - well.\r\nDO  - 10.1000/s.1\r\nUR  - http://example.org/s\r\nER  - \r\n\r\n"
        "TY  - JOUR\r\nT1  - No abstract\r\nER  -\r\nTY  - JOUR\r\nT1  - Last One\r\nN2  - No end tag."
    )
    first, second, third, cut_off = rows(tmp_path / "a.ris", text)
    assert first == Paper(
        paper_id="t:" + first.paper_id[2:] if isinstance(first, Paper) else "",
        title="Sorting Spoons",
        abstract="We sort spoons - well.",
        authors=("Ann Fork", "B. Knife"),
        author_count=2,
        date="2020-07-13",
        year=2020,
        url="http://example.org/s",
        doi="10.1000/s.1",
        aliases=("doi:10.1000/s.1",),
        publication_type="JOUR",
        sources=("a.ris",),
    )
    assert second == Failure(str(tmp_path / "a.ris"), 13, "no abstract", "No abstract")
    assert isinstance(third, Paper)
    assert (third.title, third.abstract) == ("Last One", "No end tag.")
    assert isinstance(cut_off, Notice)


def test_medline(tmp_path: Path) -> None:
    text = (
        "PMID- 123\nOWN - X\nTI  - Sorting\n      Spoons\nAB  - We sort\n      spoons.\nFAU - Fork, Ann\nAU  - Fork A\n"
        "DP  - 2023 Jul 13\nLID - 10.1000/s.1 [doi]\n\nPMID- 124\nTI  - Second\nAB  - We fold maps.\n"
    )
    first, second = rows(tmp_path / "a.nbib", text)
    assert isinstance(first, Paper)
    assert (first.title, first.abstract, first.authors) == (
        "Sorting Spoons",
        "We sort spoons.",
        ("Ann Fork",),
    )
    assert (first.date, first.doi) == ("2023-07-13", "10.1000/s.1")
    assert isinstance(second, Paper)


def test_atom(tmp_path: Path) -> None:
    entry = (
        "<entry><id>http://arxiv.org/abs/2101.00001v2</id><published>2021-01-02T03:04:05Z</published>"
        "<title>Sorting\n  &lt;Spoons&gt;</title><summary>  We sort\nspoons. </summary><author><name>Ann Fork</name>"
        '</author><author><name>Bo Knife</name></author><category term="cs.SP"/><category term="cs.FK"/>'
        '<link href="http://arxiv.org/abs/2101.00001v2"/></entry>'
    )
    first, failure = rows(
        tmp_path / "a.xml", FEED.format("<title>q</title>" + entry + "<entry><title>x</title></entry>")
    )
    assert first == Paper(
        paper_id="arxiv:2101.00001",
        title="Sorting <Spoons>",
        abstract="We sort spoons.",
        authors=("Ann Fork", "Bo Knife"),
        author_count=2,
        date="2021-01-02",
        year=2021,
        url="http://arxiv.org/abs/2101.00001v2",
        version=2,
        categories=("cs.SP", "cs.FK"),
        sources=("a.xml",),
    )
    assert isinstance(failure, Failure)
    assert failure.error == "entry 2: no abstract"


def test_atom_cut_off(tmp_path: Path) -> None:
    first, failure = rows(tmp_path / "a.atom", FEED.format(ENTRY.format("One", "A b.") + "\n" + ENTRY)[:-25])
    assert isinstance(first, Paper)
    assert isinstance(failure, Failure)
    assert failure.line == 3
    assert "not well-formed" in failure.error


@pytest.mark.parametrize("body", ["&a9;", "&x;"])
def test_hostile_xml(tmp_path: Path, body: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    bomb = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    doctype = f'<!DOCTYPE feed [<!ENTITY a0 "ha"><!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">{bomb}]>'
    text = FEED.format(ENTRY.format("T", body)).replace("<feed", doctype + "<feed")
    (failure,) = rows(tmp_path / "a.xml", text)
    assert isinstance(failure, Failure)
    assert "entities" in failure.error


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<?xml version="1.0"?><plist><dict/></plist>', "root <plist>"),
        ('<?xml version="1.0" encoding="klingon"?><feed/>', "Atom feed without entries"),
        ("<feed>" + "x" * 21_000_000 + "</feed>", "without entries"),
    ],
)
def test_other_xml(tmp_path: Path, text: str, reason: str) -> None:
    (failure,) = rows(tmp_path / "a.xml", text)
    assert isinstance(failure, Failure)
    assert reason in failure.error
