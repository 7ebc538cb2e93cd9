"""Answers as documents for elsewhere: BibTeX that a reader gives back as it was, Markdown in which nothing is markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant import Answer, Assistant, Paper, SettingsError
from assistant.citations import to_bibtex
from assistant.citations.bibtex import escape
from assistant.citations.keys import key
from assistant.documents import read
from assistant.documents.identity import paper_id
from assistant.documents.markup import plain_text

ABSTRACT = "We measure boats in the harbour at night and find that they drift."
_CHARACTERS = st.one_of(
    st.sampled_from(list("\\{}$%&#_~^\"'`,@= ")), st.characters(exclude_categories=("C",), max_codepoint=0x2FFF)
)
_TEXT = st.text(_CHARACTERS, max_size=80).map(lambda text: " ".join(f"Boats {text} drift".split()))
_NAME = st.text(_CHARACTERS, min_size=1, max_size=12).map(lambda text: " ".join(f"A{text}e Roe".split()))


def written(paper: Paper, folder: Path) -> Paper:
    """The paper after it was exported and read again."""
    file = folder / "export.bib"
    file.write_text(to_bibtex([paper]), encoding="utf-8")
    [found] = read([file])
    assert isinstance(found, Paper), found
    return found


@settings(max_examples=300, deadline=None)
@given(title=_TEXT, abstract=_TEXT, authors=st.lists(_NAME, max_size=3))
@example(
    title="Boats \\{ drift",
    abstract=r"Costs \$5 to $10 and $x_{1}$ and $\alpha$, 5% & more",
    authors=["Roe, Jr", "Smith and Sons"],
)
@example(
    title="``Boats'' ~ drift",
    abstract="} @misc{x, title={y}} \\textbackslash{} {\\'e} $a$b$",
    authors=["others and co", "A\\'e Roe"],
)
@example(title="Boats $x$$y$ drift", abstract=r"$\frac{1}{2$ and \$x\$ drift ^ _ # \\", authors=["É. O'Neil"])
def test_bibtex_gives_back_the_same_paper(
    tmp_path_factory: pytest.TempPathFactory, title: str, abstract: str, authors: list[str]
) -> None:
    # As every reader stores them.
    title, abstract, authors = plain_text(title), plain_text(abstract), [plain_text(name) for name in authors]
    paper = Paper(
        paper_id(title),
        title,
        abstract,
        tuple(authors),
        author_count=len(authors) or None,
        date="2024-10-16",
        year=2024,
        url="https://example.org/a_b%7E?c=d&e#f",
        doi="10.1234/a_b<c>(d)",
    )
    found = written(paper, tmp_path_factory.getbasetemp())
    assert (found.title, found.abstract, found.authors) == (paper.title, paper.abstract, paper.authors)
    assert (found.paper_id, found.date, found.year, found.url, found.doi) == (
        paper.paper_id,
        paper.date,
        paper.year,
        paper.url,
        paper.doi,
    )


@settings(max_examples=200, deadline=None)
@given(title=_TEXT, abstract=_TEXT, authors=st.lists(_NAME, max_size=3))
@example(title="Boats", abstract=r"$\frac{1}{2$ drift", authors=[])
def test_braces_are_balanced_whatever_a_paper_holds(title: str, abstract: str, authors: list[str]) -> None:
    """As BibTeX counts them, which knows no escapes."""
    depth = 0
    for line in to_bibtex(
        [Paper(paper_id(title), title, abstract, tuple(authors), url="https://x.org/{a}")]
    ).splitlines():
        depth += line.count("{") - line.count("}")
        assert depth in (0, 1)
    assert depth == 0


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        (r"$\alpha$-BN and $x_{1}$ at $k$", r"$\alpha$-BN and $x_{1}$ at $k$"),
        ("from $5 to $10", r"from \$5 to \$10"),
        (r"50% of R&D_1 #2", r"50\% of R\&D\_1 \#2"),
        (r"a\b~{c}^", r"a\textbackslash{}b\textasciitilde{}\textbraceleft{}c\textbraceright{}\textasciicircum{}"),
    ],
)
def test_special_characters(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_an_arxiv_paper(tmp_path: Path) -> None:
    paper = Paper(
        "arxiv:2205.13147",
        "On Boats",
        ABSTRACT,
        ("Ünal Kuş",),
        author_count=7,
        date="2022-05-26",
        year=2022,
        url="https://arxiv.org/abs/2205.13147",
        categories=("cs.LG", "cs.CV"),
    )
    text = to_bibtex([paper, paper])
    assert text.count("@misc{") == 1
    assert "eprint = {2205.13147}" in text
    assert "author = {Ünal Kuş and others}" in text
    assert written(paper, tmp_path).paper_id == paper.paper_id


def test_keys_are_unique_and_depend_on_the_paper_alone() -> None:
    papers = [
        Paper(paper_id(f"Boats number {n}"), f"Boats number {n}", ABSTRACT, ("Ada Müller-Lüdenscheidt",), year=2020)
        for n in range(50)
    ]
    papers += [
        replace(papers[0], paper_id="arxiv:math.GT/0309136"),
        replace(papers[0], paper_id="t:0", authors=(), year=None),
    ]
    keys = [key(p) for p in papers]
    assert len(set(keys)) == len(keys)
    assert re.findall(r"@misc\{([^,]+),", to_bibtex(papers[::-1])) == keys[::-1]
    assert all(re.fullmatch(r"[a-zA-Z0-9.-]+", k) for k in keys)
    assert keys[0].startswith("mullerludenscheidt2020boats-")


def test_exported_answers(assistant: Assistant) -> None:
    answers = [assistant.ask("How do Quill and NoteHound perform?"), assistant.ask("Who won the football final?")]
    bibtex = assistant.export(answers, "bibtex")
    assert bibtex.count("@misc{") == len({c.paper_id for c in answers[0].citations})
    document = json.loads(assistant.export(answers, "json"))
    assert [Answer.from_dict(a) for a in document["answers"]] == answers
    markdown = assistant.export(answers, "markdown")
    assert markdown.count("## ") == 2
    assert all(c.quote.split("%")[0] in markdown for c in answers[0].citations)
    assert assistant.export([], "bibtex") == ""
    with pytest.raises(SettingsError, match="use markdown, pandoc, json, bibtex, ris, csl"):
        assistant.export(answers, "docx")


def test_text_of_papers_is_never_markup(assistant: Assistant) -> None:
    evil = "![x](http://evil.example/?q) <img src=x onerror=alert(1)> [a]: http://evil.example `code` # *b*"
    answer = assistant.ask("What is Quill?")
    told = replace(
        answer,
        question=evil,
        sentences=tuple(replace(s, text=evil) for s in answer.sentences),
        citations=tuple(replace(c, title=evil, quote=evil) for c in answer.citations),
    )
    markdown = assistant.export([told], "markdown")
    assert not re.search(r"(?<!\\)[!\[\]<>`*#](?! What)", markdown.replace("## ", ""))
