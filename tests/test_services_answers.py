"""What services say in place of papers, and what people's dumps hold in place of abstracts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.documents import read
from assistant.types import Failure, Paper

PAPER = {"title": "Ferns on tin roofs", "abstract": "Ferns grew on 7 of 31 roofs."}


def _read(folder: Path, stored: object, name: str = "answer.json") -> list[Any]:
    path = folder / name
    path.write_text(stored if isinstance(stored, str) else json.dumps(stored), encoding="utf-8")
    return list(read([path]))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": "Bad filter.", "message": "publcation_year is no field"}, "Bad filter. publcation_year is no field"),
        ({"message": "Too Many Requests", "code": "429"}, "Too Many Requests"),
        ({"status": "error", "code": "rateLimited", "message": "Slow down"}, "Slow down"),
        ({"status": "failed", "message": [{"type": "parameter", "message": "no such route"}]}, "no such route"),
        ({"errors": [{"status": "404", "title": "The resource does not exist."}]}, "The resource does not exist."),
        ({"service-error": {"status": {"statusCode": "AUTH", "statusText": "Invalid key"}}}, "Invalid key"),
        ({"responseHeader": {"status": 400}, "error": {"msg": "cannot parse", "code": 400}}, "cannot parse"),
        ({"name": "NotFoundError", "message": "Note not found", "status": 404, "details": {}}, "Note not found"),
        ({"detail": "Not Found"}, "Not Found"),
        ({"errCode": 404, "errMsg": "Invalid query"}, "Invalid query"),
    ],
)
@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_error_of_a_service_is_named(tmp_path: Path, answer: object, reason: str, suffix: str) -> None:
    [failure] = _read(tmp_path, answer, f"answer.{suffix}")
    assert isinstance(failure, Failure)
    assert failure.error.startswith(f"the service reports an error, not papers: {reason}; ")


def test_errors_between_records_cost_no_neighbour(tmp_path: Path) -> None:
    lines = "\n".join(
        map(json.dumps, [PAPER, {"error": "Too Many Requests"}, PAPER, {"level": "info", "msg": "start"}])
    )
    first, failure, second, unknown = _read(tmp_path, lines, "pages.jsonl")
    assert isinstance(first, Paper)
    assert isinstance(second, Paper)
    assert "Too Many Requests" in failure.error
    assert unknown.error == "no title"


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ({"meta": {"count": 0}, "results": [], "group_by": []}, "results"),
        ({"messages": [{"status": "no posts found"}], "collection": []}, "collection"),
        ({"status": "ok", "message": {"total-results": 0, "items": []}}, "items"),
        ({"hits": {"hits": [], "total": 0}}, "hits"),
        ({"response": {"numFound": 0, "docs": []}}, "docs"),
    ],
)
def test_empty_answer_is_said(tmp_path: Path, answer: object, name: str) -> None:
    [failure] = _read(tmp_path, answer)
    assert failure.error == f"an answer without papers, its list '{name}' is empty; check the query"


def test_null_in_place_of_a_record(tmp_path: Path) -> None:
    first, *nulls, last = _read(tmp_path, [PAPER, None, None, {**PAPER, "title": "Ferns again"}])
    assert (first.title, last.title) == (PAPER["title"], "Ferns again")
    assert [null.error.split(",")[0] for null in nulls] == ["null in place of a record"] * 2


def test_lines_that_end_with_commas(tmp_path: Path) -> None:
    found = _read(tmp_path, ",\n".join(json.dumps({**PAPER, "title": f"Ferns {i}"}) for i in range(3)))
    assert [paper.title for paper in found] == ["Ferns 0", "Ferns 1", "Ferns 2"]


def test_rows_of_a_data_set_and_replies_to_a_submission(tmp_path: Path) -> None:
    rows = {"features": [], "rows": [{"row_idx": 0, "row": PAPER, "truncated_cells": []}], "num_rows_total": 1}
    assert [paper.title for paper in _read(tmp_path, rows)] == [PAPER["title"]]
    note = {
        "id": "a",
        "forum": "a",
        "replyto": None,
        "content": {name: {"value": text} for name, text in PAPER.items()},
    }
    review = {
        "id": "b",
        "forum": "a",
        "replyto": "a",
        "content": {"title": {"value": "Fine"}, "summary": {"value": "Ok."}},
    }
    assert [paper.title for paper in _read(tmp_path, {"notes": [note, review]})] == [PAPER["title"]]


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ([{"label": "AIM", "text": "To see."}, {"label": "RESULTS", "text": "Saw 3."}], "AIM: To see. RESULTS: Saw 3."),
        ({"sections": [{"heading": "Aim", "content": "To see."}]}, "Aim: To see."),
        ([{"@Label": "AIM", "#text": "To see."}, {"@Label": "END", "#text": "Saw 3."}], "AIM: To see. END: Saw 3."),
        ({"AbstractText": [{"@Label": "AIM", "#text": "To see."}]}, "AIM: To see."),
        ({"text": "Saw 3 ferns.", "lang": "en", "source": "publisher"}, "Saw 3 ferns."),
        ({"de": "Sah 3 Farne.", "en": "Saw 3 ferns."}, "Saw 3 ferns."),
        ({"AIM": "To see.", "RESULTS": "Saw 3."}, "AIM: To see. RESULTS: Saw 3."),
        ({"p": ["Saw 3.", "Lost 2."]}, "Saw 3. Lost 2."),
    ],
)
def test_abstract_in_parts(tmp_path: Path, stored: object, expected: str) -> None:
    [paper] = _read(tmp_path, json.dumps({"title": "Parts", "abstract": stored}), "parts.jsonl")
    assert paper.abstract == expected


@pytest.mark.parametrize(
    "stored", ["undefined", "\\N", "Abstract not found", "No abstract is available for this article.", "[No abstract]"]
)
def test_words_in_place_of_an_abstract(tmp_path: Path, stored: str) -> None:
    [failure] = _read(tmp_path, {**PAPER, "abstract": stored})
    assert failure.error.startswith("the abstract is empty")


def test_abstract_may_begin_like_a_note(tmp_path: Path) -> None:
    text = "No abstract domain is found to be exact for all loops."
    assert _read(tmp_path, {**PAPER, "abstract": text})[0].abstract == text


@pytest.mark.parametrize(
    "named",
    [
        {"url": "https://doi.org/10.5555/fern.1"},
        {"id": "doi:10.5555/fern.1"},
        {"ids": {"doi": "10.5555/fern.1"}},
        {"identifiers": [{"type": "doi", "id": "10.5555/fern.1"}]},
    ],
)
def test_identifiers_wherever_they_stand(tmp_path: Path, named: dict[str, object]) -> None:
    assert _read(tmp_path, {**PAPER, **named})[0].doi == "10.5555/fern.1"


@pytest.mark.parametrize(
    "line",
    [
        "© 2020 Elsevier Ltd ",
        "© 2020 Elsevier Ltd",
        "© 2018 The Author(s)",
        "© 2018 The Authors. ",
        "© 2020 Elsevier B.V. All rights reserved.",
        "\n© 2018 Elsevier Ltd\n\n    ",
        "© 2017 IEEE.",
        "© 2019 Wiley Periodicals, Inc. ",
        "© 2019 The Authors. Published by Elsevier Ltd. ",
    ],
)
def test_copyright_line_takes_no_sentence_with_it(tmp_path: Path, line: str) -> None:
    """Scopus writes it before an abstract without a full stop or a space between the two."""
    entry = {"dc:title": PAPER["title"], "dc:description": line + PAPER["abstract"], "dc:identifier": "SCOPUS_ID:1"}
    [paper] = _read(tmp_path, {"search-results": {"entry": [entry]}})
    assert paper.abstract == PAPER["abstract"]


@pytest.mark.parametrize("converted", [True, False])
def test_pubmed_as_converters_of_xml_write_it(tmp_path: Path, converted: bool) -> None:
    """Converters keep each element as an object; Biopython makes lists and texts of them."""
    people = [{"LastName": "Frond", "ForeName": "Ada"}, {"CollectiveName": "Fern Group"}]
    text: object = [{"@Label": "AIM", "#text": "To see."}, {"@Label": "END", "#text": "Saw 3."}]
    article = {
        "ArticleTitle": PAPER["title"],
        "Abstract": {"AbstractText": text if converted else ["To see.", "Saw 3."]},
        "AuthorList": {"Author": people} if converted else people,
        "Journal": {"Title": "Ferns", "JournalIssue": {"PubDate": {"Year": "2019", "Month": "Mar"}}},
        "ELocationID": {"@EIdType": "doi", "#text": "10.5555/fern.2"} if converted else ["10.5555/fern.2"],
    }
    pmid: object = {"@Version": "1", "#text": "3111"} if converted else "3111"
    stored = {"PubmedArticle": [{"MedlineCitation": {"PMID": pmid, "Article": article}}]}
    [paper] = _read(tmp_path, {"PubmedArticleSet": stored} if converted else stored)
    assert (paper.title, paper.authors, paper.pmid) == (PAPER["title"], ("Ada Frond", "Fern Group"), "3111")
    assert (paper.doi, paper.date, paper.venue) == ("10.5555/fern.2", "2019-03", "Ferns")
    assert paper.abstract == ("AIM: To see. END: Saw 3." if converted else "To see. Saw 3.")


def test_values_of_mongodbs_shell(tmp_path: Path) -> None:
    line = f'{{ "_id" : ObjectId("5f"), "published" : ISODate("2020-01-02T00:00:00Z"), {json.dumps(PAPER)[1:]}'
    [paper] = _read(tmp_path, line, "shell.json")
    assert (paper.title, paper.date) == (PAPER["title"], "2020-01-02")
