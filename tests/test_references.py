"""Papers as BibTeX, RIS and CSL-JSON: reading what was written gives the same records, under the reader's own keys."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Answer, Citation, Paper, Sentence, SettingsError
from assistant.citations import REFERENCE_FORMS, references
from assistant.citations.export import export
from assistant.documents import read
from assistant.documents.identity import aliases, paper_id

_LETTERS = st.characters(categories=("Lu", "Ll", "Lo"), max_codepoint=0x2FFF)
_WORD = st.text(_LETTERS, min_size=2, max_size=9).filter(lambda word: word.lower() not in ("and", "others"))
_PUNCTUATED = st.builds("{}{}{}".format, _WORD, st.sampled_from(["", ",", ".", "%", "&", "_", "#", "$", " –"]), _WORD)
_TEXT = st.lists(st.one_of(_WORD, _PUNCTUATED), min_size=3, max_size=9).map(" ".join)
_TERM = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)
_NAME = st.builds(
    lambda given, family, suffix: f"{given} {family}{suffix}",
    st.sampled_from(["Ada", "B. C.", "Émile", "Li-Wei"]),
    st.sampled_from(["Roe", "van der Berg", "Müller-Lüdenscheidt", "O'Neil", "Smith"]),
    st.sampled_from(["", "", " Jr", " III"]),
)
_DATE = st.sampled_from([None, "2021", "2021-03", "2021-03-09"])


@st.composite
def _papers(draw: st.DrawFn) -> Paper:
    title, doi = draw(_TEXT), draw(st.sampled_from([None, "10.1234/a_b(c)d", "10.1000/xyz"]))
    pmid, date = draw(st.sampled_from([None, "31200001"])), draw(_DATE)
    arxiv, version = draw(
        st.sampled_from([(None, None), ("2103.00012", None), ("2103.00012", 3), ("math.GT/0309136", 1)])
    )
    authors = tuple(draw(st.lists(st.one_of(_NAME, st.just("World Health Organization")), max_size=4, unique=True)))
    return Paper(
        paper_id(title, arxiv),
        title,
        draw(_TEXT) + " words.",
        authors,
        author_count=len(authors) or None,
        date=date,
        year=int(date[:4]) if date else None,
        url=f"https://arxiv.org/abs/{arxiv}" if arxiv else draw(st.sampled_from([None, "https://example.org/a_b?c=d"])),
        doi=doi,
        venue=draw(st.sampled_from([None, "Journal of Boats & Bells", "Proc. of BoatConf"])),
        aliases=aliases(doi, pmid),
        version=version,
        pmid=pmid,
        keywords=tuple(dict.fromkeys(draw(st.lists(_TERM, max_size=3)))),
        language=draw(st.sampled_from([None, "en", "pt-BR", "German"])),
        citekey=draw(st.sampled_from([None, "roe2021", "Roe_2021:boats", "Müller2021"])),
        publication_type=draw(
            st.sampled_from([None, "journal-article", "Review", "book", "conferencePaper", "thesis"])
        ),
    )


@pytest.mark.parametrize("form", REFERENCE_FORMS)
@settings(max_examples=150, deadline=None)
@given(paper=_papers())
def test_reading_what_was_written_gives_the_same_record(
    tmp_path_factory: pytest.TempPathFactory, form: str, paper: Paper
) -> None:
    file = tmp_path_factory.getbasetemp() / f"export.{REFERENCE_FORMS[form]}"
    file.write_text(references([paper], form), encoding="utf-8")
    [found] = read([file])
    assert isinstance(found, Paper), found
    # What a paper leaves open, the export has to fill: its key and the type of its entry.
    expected = replace(
        paper,
        sources=found.sources,
        citekey=paper.citekey or found.citekey,
        publication_type=_same_type(paper.publication_type, found.publication_type),
    )
    assert found == expected


def _same_type(written: str | None, found: str | None) -> str | None:
    """The type that was found, where it is the one that was written or stands behind the type of the entry."""
    return found if written is None or (found or "").split("; ")[-1] == written else written


PAPERS = (
    Paper(
        "t:1", "On Boats", "We count boats.", ("Ada Roe",), year=2020, citekey="roe2020", keywords=("boats", "bells")
    ),
    Paper("t:2", "On Bells", "We count bells.", ("Ada Roe",), year=2020, citekey="roe2020", venue="Journal of Bells"),
    Paper("arxiv:2103.00012", "On Kelp", "We weigh kelp.", ("Li Kim",), year=2021, categories=("cs.CV",), version=2),
    Paper(
        "t:4", "On Oboes", "We tune oboes.", ("WHO",), year=2021, citekey="has space", language="en", pmid="31200001"
    ),
)


def test_the_own_key_is_kept_and_others_are_made_where_there_is_none() -> None:
    found = [item["id"] for item in json.loads(references(PAPERS, "csl"))]
    assert found[0] == "roe2020"
    assert found[1] == "roe2020bells-2"
    assert found[2] == "kim2021kelp-2103.00012"
    assert found[3] == "who2021oboes-4"
    for form in ("bibtex", "ris"):
        text = references(PAPERS, form)
        assert all(key in text for key in found)


def test_types_have_the_names_of_each_format() -> None:
    types = {
        "journal-article": ("@article", "JOUR", "article-journal"),
        "conferencePaper": ("@inproceedings", "CPAPER", "paper-conference"),
        "phdthesis": ("@phdthesis", "THES", "thesis"),
        "Book Chapter": ("@incollection", "CHAP", "chapter"),
        "dataset": ("@misc", "DATA", "dataset"),
        "Systematic Review": ("@article", "JOUR", "article-journal"),
        "posted-content": ("@misc", "JOUR", "article"),
    }
    for kind, (bibtex, ris, csl) in types.items():
        paper = replace(PAPERS[0], publication_type=kind)
        assert references([paper], "bibtex").startswith(f"{bibtex}{{roe2020,"), kind
        assert references([paper], "ris").startswith(f"TY  - {ris}\n"), kind
        assert json.loads(references([paper], "csl"))[0]["type"] == csl, kind


def test_names_are_kept_in_parts() -> None:
    paper = replace(PAPERS[0], authors=("John Smith Jr", "Ada van der Berg", "World Health Organization", "Plato"))
    assert "author = {Smith, Jr, John and Ada van der Berg and {World Health Organization} and Plato}" in references(
        [paper], "bibtex"
    )
    [item] = json.loads(references([paper], "csl"))
    assert item["author"] == [
        {"family": "Smith", "given": "John", "suffix": "Jr"},
        {"family": "van der Berg", "given": "Ada"},
        {"literal": "World Health Organization"},
        {"literal": "Plato"},
    ]


def test_pandoc_cites_by_key_before_the_full_stop() -> None:
    cited = [Citation(n, p.paper_id, p.title, p.abstract, 0, 5) for n, p in enumerate(PAPERS[:3], 1)]
    answer = Answer(
        question="What is counted?",
        standalone_question="What is counted?",
        status="answered",
        reason=None,
        removed=(),
        nearest=(),
        text="Boats and bells are counted.",
        sentences=(Sentence("Boats, bells and kelp are counted by a@b.", (1, 2, 3), "supported"),),
        citations=tuple(cited),
        model="quotes",
        corpus="c",
        confidence=1.0,
    )
    text = export([answer], "pandoc", lambda ids: [p for p in PAPERS if p.paper_id in ids])
    assert "kelp are counted by a\\@b [@roe2020; @roe2020bells-2; @kim2021kelp-2103.00012]." in text
    assert "1. [@roe2020] On Boats" in text


def test_an_unknown_form_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(SettingsError, match="use bibtex, ris, csl"):
        references(PAPERS, "docx")
