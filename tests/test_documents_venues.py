"""Where a paper appeared, as every kind of export names it; an archive of preprints is no venue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.documents import read
from assistant.types import Paper

BASE = {"title": "Harbour Drift", "abstract": "Boats drift in the harbour at night. We measure them."}


def venue(path: Path, text: str) -> str | None:
    path.write_text(text, encoding="utf-8")
    (paper,) = read([path])
    assert isinstance(paper, Paper), paper
    return paper.venue


def of_record(folder: Path, **fields: Any) -> str | None:
    return venue(folder / "p.jsonl", json.dumps(BASE | fields) + "\n")


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"journal": "Journal of Harbours"}, "Journal of Harbours"),
        ({"booktitle": "Proceedings of the Harbour Conference"}, "Proceedings of the Harbour Conference"),
        ({"container-title": ["Harbour Letters"]}, "Harbour Letters"),
        ({"containerTitle": "Harbour Letters"}, "Harbour Letters"),
        ({"Source title": "Harbour Letters"}, "Harbour Letters"),
        ({"primary_location": {"source": {"display_name": "Harbour Letters"}}}, "Harbour Letters"),
        ({"host_venue": {"display_name": "Harbour Letters", "type": "journal"}}, "Harbour Letters"),
        ({"journal": {"name": "Harbour Letters", "volume": "7"}}, "Harbour Letters"),
        ({"venue": "", "publicationVenue": {"id": "x1", "name": "Harbour Conference"}}, "Harbour Conference"),
        ({"journal": {"name": "ArXiv", "volume": "abs/2401.01234"}, "venue": "ICHD"}, "ICHD"),
        ({"journal": "arXiv preprint arXiv:2401.01234"}, None),
        ({"journal": "CoRR"}, None),
        ({"primary_location": {"source": {"display_name": "bioRxiv (Cold Spring Harbor Laboratory)"}}}, None),
        ({"journal": "", "booktitle": "Harbour Days"}, "Harbour Days"),
        ({"journal": None, "venue": ["", "Harbour Days"]}, "Harbour Days"),
        ({"journal": 7, "primary_location": {"source": None}}, None),
        ({"journal": "Harbour\n  {Letters}"}, "Harbour {Letters}"),
        ({}, None),
    ],
)
def test_records(tmp_path: Path, fields: dict[str, Any], found: str | None) -> None:
    assert of_record(tmp_path, **fields) == found


def test_bibliographies(tmp_path: Path) -> None:
    entry = "@{kind}{{k, title = {{{title}}}, abstract = {{{abstract}}}, {field} = {{{value}}}}}\n"
    for kind, field, value, found in (
        ("article", "journal", "Journal of {H}arbours", "Journal of Harbours"),
        ("inproceedings", "booktitle", "Proc.\\ of the Harbour Conference", "Proc. of the Harbour Conference"),
        ("article", "journal", "arXiv preprint arXiv:2401.01234", None),
        ("article", "journaltitle", "Études maritimes", "Études maritimes"),
    ):
        text = entry.format(kind=kind, field=field, value=value, **BASE)
        assert venue(tmp_path / "p.bib", text) == found, value


def test_ris_and_medline(tmp_path: Path) -> None:
    for tag in ("JO", "JF", "T2", "BT"):
        text = f"TY  - JOUR\nTI  - {BASE['title']}\nAB  - {BASE['abstract']}\n{tag}  - Harbour Letters\nER  - \n"
        assert venue(tmp_path / "p.ris", text) == "Harbour Letters", tag
    text = f"PMID- 1\nTI  - {BASE['title']}\nAB  - {BASE['abstract']}\nJT  - The Journal of\n      harbours\n"
    assert venue(tmp_path / "p.nbib", text) == "The Journal of harbours"


def test_sheets(tmp_path: Path) -> None:
    text = f"Title,Abstract,Publication Title\n{BASE['title']},{BASE['abstract']},Harbour Letters\n"
    assert venue(tmp_path / "p.csv", text) == "Harbour Letters"


ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=30)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["name", "display_name", "source", "id"]), inner, max_size=3),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["journal", "booktitle", "venue", "primary_location"]), ANY, max_size=3))
def test_any_value_gives_a_name_or_none(tmp_path_factory: pytest.TempPathFactory, fields: dict[str, Any]) -> None:
    found = of_record(tmp_path_factory.mktemp("any"), **fields)
    assert found is None or (found == " ".join(found.split()) != "" and not found.casefold().startswith("arxiv"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.text("abcdeéßŁ&-", min_size=2, max_size=8).filter(lambda w: w.strip("-&")), min_size=1, max_size=5),
    st.sampled_from(["journal", "booktitle", "venue", "conference", "publication_title"]),
)
def test_a_name_is_read_as_it_is_written(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], field: str
) -> None:
    name = "The " + " ".join(words)
    assert of_record(tmp_path_factory.mktemp("name"), **{field: name}) == name
