"""JSON as the scholarly services give it: one record of each, in each of the ways in which people store them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.documents import read
from assistant.types import Failure, Item, Paper

CASES = Path(__file__).resolve().parents[1].parent / "shared" / "bench" / "cases" / "inputs"
TITLE, ABSTRACT = "Quorrel counts in mespa fields", "Quorrels fell by 14% in two years."
DOI = "10.5555/quorrel.1"
Json = dict[str, Any]


def openalex() -> Json:
    return {
        "id": "https://openalex.org/W77",
        "doi": "https://doi.org/" + DOI,
        "display_name": TITLE,
        "title": TITLE,
        "publication_year": 2021,
        "publication_date": "2021-03-04",
        "language": "en",
        "type": "article",
        "ids": {"openalex": "https://openalex.org/W77", "pmid": "https://pubmed.ncbi.nlm.nih.gov/30112233"},
        "primary_location": {"landing_page_url": "https://doi.org/" + DOI, "source": {"display_name": "Field Notes"}},
        "authorships": [{"author": {"display_name": "Ann Vandish"}}, {"author": {"display_name": "Bo Torrow"}}],
        "keywords": [{"id": "https://openalex.org/keywords/x", "display_name": "Quorrel", "score": 0.7}],
        "abstract_inverted_index": {
            "fell": [1],
            "Quorrels": [0],
            "in": [4],
            "by": [2],
            "14%": [3],
            "two": [5],
            "years.": [6],
        },
    }


def crossref() -> Json:
    return {
        "DOI": DOI,
        "type": "journal-article",
        "title": [TITLE],
        "author": [
            {"given": "Ann", "family": "Vandish", "sequence": "first", "affiliation": []},
            {"given": "Bo", "family": "Torrow", "sequence": "additional"},
        ],
        "published-print": {"date-parts": [[2021, 3, 4]]},
        "issued": {"date-parts": [[2021, 3, 4]]},
        "container-title": ["Field Notes"],
        "abstract": ABSTRACT,
        "language": "en",
        "reference": [{"key": "1", "article-title": "Another", "author": "X"}],
        "URL": "http://dx.doi.org/" + DOI,
    }


def semantic_scholar() -> Json:
    return {
        "paperId": "ff" * 20,
        "externalIds": {"DOI": DOI, "PubMed": "30112233", "CorpusId": 5},
        "title": TITLE,
        "abstract": ABSTRACT,
        "tldr": {"model": "tldr@v2", "text": "Fewer quorrels."},
        "publicationVenue": {"id": "v", "name": "Field Notes", "type": "journal"},
        "venue": "FN",
        "year": 2021,
        "publicationDate": "2021-03-04",
        "authors": [{"authorId": "1", "name": "Ann Vandish"}, {"authorId": "2", "name": "Bo Torrow"}],
    }


def openreview(wrap: Callable[[object], object]) -> Json:
    return {
        "id": "aBcDe",
        "forum": "aBcDe",
        "invitations": ["X.cc/2021/Conference/-/Submission"],
        "signatures": [],
        "pdate": 1614816000000,
        "content": {
            "title": wrap(TITLE),
            "abstract": wrap(ABSTRACT),
            "authors": wrap(["Ann Vandish", "Bo Torrow"]),
            "keywords": wrap(["Quorrel"]),
            "venue": wrap("Field Notes"),
            "doi": wrap(DOI),
        },
    }


def biorxiv() -> Json:
    return {
        "doi": DOI,
        "title": TITLE,
        "authors": "Vandish, A.; Torrow, B.",
        "date": "2021-03-04",
        "version": "2",
        "type": "new results",
        "category": "ecology",
        "jatsxml": "https://example.org/x.xml",
        "abstract": ABSTRACT,
        "published": "NA",
        "server": "biorxiv",
    }


def europe_pmc() -> Json:
    return {
        "id": "30112233",
        "source": "MED",
        "pmid": "30112233",
        "doi": DOI,
        "title": TITLE,
        "authorString": "Vandish A, Torrow B.",
        "journalInfo": {"journal": {"title": "Field Notes"}, "yearOfPublication": 2021},
        "firstPublicationDate": "2021-03-04",
        "abstractText": ABSTRACT,
        "pubTypeList": {"pubType": ["Journal Article", "Retracted Publication"]},
        "language": "eng",
    }


def zotero() -> Json:
    return {
        "key": "QUORREL1",
        "version": 3,
        "library": {"type": "group", "id": 99, "name": "Lab", "links": {"alternate": {"href": "https://example.org"}}},
        "meta": {"creatorSummary": "Vandish and Torrow"},
        "data": {
            "key": "QUORREL1",
            "itemType": "journalArticle",
            "title": TITLE,
            "creators": [
                {"creatorType": "author", "firstName": "Ann", "lastName": "Vandish"},
                {"creatorType": "author", "name": "Ministry of Fields, Mespa"},
                {"creatorType": "editor", "firstName": "Ed", "lastName": "Itor"},
            ],
            "abstractNote": ABSTRACT,
            "publicationTitle": "Field Notes",
            "date": "2021-03-04",
            "DOI": DOI,
            "extra": "PMID: 30112233\nCitation Key: vandish2021",
            "tags": [{"tag": "Quorrel"}, {"tag": "to read", "type": 1}],
            "collections": ["COLL0001"],
        },
    }


def datacite() -> Json:
    return {
        "id": DOI,
        "type": "dois",
        "attributes": {
            "doi": DOI,
            "titles": [{"title": TITLE}],
            "creators": [
                {"name": "Vandish, Ann", "givenName": "Ann", "familyName": "Vandish"},
                {"name": "Torrow, Bo", "nameType": "Personal"},
            ],
            "descriptions": [
                {"description": "Tables of counts.", "descriptionType": "TechnicalInfo"},
                {"description": ABSTRACT, "descriptionType": "Abstract"},
            ],
            "dates": [{"date": "2021-03-04", "dateType": "Issued"}],
            "publicationYear": 2021,
            "types": {"resourceTypeGeneral": "Preprint"},
        },
    }


def inspire() -> Json:
    return {
        "id": "77",
        "metadata": {
            "documents": [{"key": "x", "url": "https://example.org/x.pdf"}],
            "titles": [{"source": "arXiv", "title": TITLE}],
            "abstracts": [{"source": "arXiv", "value": ABSTRACT}],
            "authors": [{"full_name": "Vandish, Ann"}, {"full_name": "Torrow, Bo"}],
            "dois": [{"value": DOI}],
            "earliest_date": "2021-03-04",
            "texkeys": ["Vandish:2021abc"],
        },
    }


def ads() -> Json:
    return {
        "bibcode": "2021FiNot...1...1V",
        "title": [TITLE],
        "abstract": ABSTRACT,
        "author": ["Vandish, Ann", "Torrow, Bo"],
        "doi": [DOI],
        "pub": "Field Notes",
        "pubdate": "2021-03-04",
        "keyword": ["Quorrel"],
        "doctype": "article",
    }


def scopus() -> Json:
    return {
        "@_fa": "true",
        "dc:identifier": "SCOPUS_ID:85000000001",
        "dc:title": TITLE,
        "dc:creator": "Vandish A.",
        "dc:description": ABSTRACT,
        "prism:doi": DOI,
        "prism:coverDate": "2021-03-04",
        "prism:publicationName": "Field Notes",
        "author": [{"authname": "Vandish A.", "surname": "Vandish", "given-name": "Ann"}, {"authname": "Torrow B."}],
        "authkeywords": "Quorrel | mespa",
    }


def springer() -> Json:
    return {
        "contentType": "Article",
        "identifier": "doi:" + DOI,
        "title": TITLE,
        "creators": [{"creator": "Vandish, Ann"}, {"creator": "Torrow, Bo"}],
        "publicationName": "Field Notes",
        "doi": DOI,
        "publicationDate": "2021-03-04",
        "abstract": {"h1": "Abstract", "p": ABSTRACT},
        "url": [{"format": "html", "platform": "web", "value": "https://example.org/quorrel"}],
    }


def lens() -> Json:
    return {
        "lens_id": "000-111",
        "title": TITLE,
        "abstract": ABSTRACT,
        "authors": [{"first_name": "Ann", "last_name": "Vandish"}, {"first_name": "Bo", "last_name": "Torrow"}],
        "external_ids": [{"type": "pmid", "value": "30112233"}, {"type": "doi", "value": DOI}],
        "date_published": "2021-03-04T00:00:00.000000+00:00",
        "source": {"title": "Field Notes", "type": "Journal"},
    }


def dimensions() -> Json:
    return {
        "title": TITLE,
        "abstract": ABSTRACT,
        "doi": DOI,
        "authors": [{"first_name": "Ann", "last_name": "Vandish", "affiliations": [{"name": "Uni"}]}],
        "date": "2021-03-04",
        "journal": {"id": "jour.1", "title": "Field Notes"},
        "category_for": [{"id": "1", "name": "31 Biological Sciences"}],
    }


def core() -> Json:
    return {
        "id": 9,
        "title": TITLE,
        "abstract": ABSTRACT,
        "authors": [{"name": "Vandish, Ann"}, {"name": "Torrow, Bo"}],
        "doi": DOI,
        "yearPublished": 2021,
        "publishedDate": "2021-03-04T00:00:00",
        "language": {"code": "en", "name": "English"},
        "downloadUrl": "https://example.org/quorrel.pdf",
    }


def zenodo() -> Json:
    return {
        "id": 8,
        "doi": DOI,
        "metadata": {
            "title": TITLE,
            "description": ABSTRACT,
            "creators": [{"name": "Vandish, Ann", "affiliation": "Uni"}],
            "publication_date": "2021-03-04",
            "resource_type": {"title": "Preprint", "type": "publication"},
        },
    }


def csl() -> Json:
    return {
        "id": "vandish2021",
        "type": "article-journal",
        "title": TITLE,
        "abstract": ABSTRACT,
        "author": [{"family": "Vandish", "given": "Ann"}, {"literal": "Ministry of Fields, Mespa"}],
        "issued": {"date-parts": [["2021", 3, 4]]},
        "container-title": "Field Notes",
        "DOI": DOI,
    }


def doaj() -> Json:
    return {
        "id": "abc",
        "created_date": "2022-01-01",
        "bibjson": {
            "title": TITLE,
            "abstract": ABSTRACT,
            "year": "2021",
            "month": "3",
            "author": [{"name": "Ann Vandish", "affiliation": "Uni"}],
            "identifier": [{"type": "eissn", "id": "1234-5678"}, {"type": "doi", "id": DOI}],
            "journal": {"title": "Field Notes", "language": ["EN"]},
        },
    }


def hal() -> Json:
    return {
        "halId_s": "hal-1",
        "title_s": [TITLE],
        "abstract_s": [ABSTRACT],
        "authFullName_s": ["Ann Vandish", "Bo Torrow"],
        "doiId_s": DOI,
        "producedDate_s": "2021-03-04",
    }


def ieee() -> Json:
    return {
        "title": TITLE,
        "abstract": ABSTRACT,
        "authors": {"authors": [{"full_name": "Ann Vandish", "author_order": 1}]},
        "doi": DOI,
        "publication_title": "Field Notes",
        "publication_date": "4 March 2021",
        "index_terms": {"author_terms": {"terms": ["Quorrel"]}},
    }


def wrapped_in(*names: str) -> Callable[[list[Json]], object]:
    """An answer that holds the records under these names, after what services say about themselves."""

    def answer(records: list[Json]) -> object:
        value: object = records
        for name in reversed(names):
            value = {"meta": {"count": len(records), "page": 1}, "links": [{"rel": "self", "href": "u"}], name: value}
        return value

    return answer


FAMILIES: dict[str, tuple[Json, Callable[[list[Json]], object]]] = {
    "openalex": (openalex(), wrapped_in("results")),
    "crossref": (crossref(), wrapped_in("message", "items")),
    "semantic_scholar": (semantic_scholar(), wrapped_in("data")),
    "openreview 1": (openreview(lambda value: value), wrapped_in("notes")),
    "openreview 2": (openreview(lambda value: {"value": value}), wrapped_in("notes")),
    "biorxiv": (biorxiv(), wrapped_in("collection")),
    "europe_pmc": (europe_pmc(), wrapped_in("resultList", "result")),
    "zotero": (zotero(), wrapped_in("items")),
    "datacite": (datacite(), wrapped_in("data")),
    "inspire": (inspire(), wrapped_in("hits", "hits")),
    "ads": (ads(), wrapped_in("response", "docs")),
    "scopus": (scopus(), wrapped_in("search-results", "entry")),
    "springer": (springer(), wrapped_in("records")),
    "lens": (lens(), wrapped_in("data")),
    "dimensions": (dimensions(), wrapped_in("publications")),
    "core": (core(), wrapped_in("results")),
    "zenodo": (zenodo(), wrapped_in("hits", "hits")),
    "csl": (csl(), wrapped_in("items")),
    "doaj": (doaj(), wrapped_in("results")),
    "hal": (hal(), wrapped_in("response", "docs")),
    "ieee": (ieee(), wrapped_in("articles")),
}


def read_text(path: Path, text: str) -> list[Item]:
    path.write_text(text, encoding="utf-8")
    return list(read([path]))


def renamed(record: Json, number: int) -> Json:
    """The record of another paper."""
    other: Json = json.loads(json.dumps(record).replace(TITLE, f"{TITLE} {number}").replace(DOI, f"{DOI}{number}"))
    return other


@pytest.mark.parametrize("family", FAMILIES)
def test_record_comes_back_however_it_is_stored(tmp_path: Path, family: str) -> None:
    record, answer = FAMILIES[family]
    pair = [renamed(record, 1), renamed(record, 2)]
    stored = {
        "answer.json": json.dumps(answer(pair)),
        "indented.json": json.dumps(answer(pair), indent=2),
        "bare.json": json.dumps(pair),
        "lines.jsonl": "\n".join(json.dumps(one) for one in pair),
        "pages.jsonl": "\n".join(json.dumps(answer([one])) for one in pair),
        "pages.json": json.dumps([answer([one]) for one in pair]),
        "keyed.json": json.dumps({f"id{n}": one for n, one in enumerate(pair)}, indent=1),
        "elastic.jsonl": "\n".join(json.dumps({"_index": "x", "_score": 1, "_source": one}) for one in pair),
    }
    for name, text in stored.items():
        found = read_text(tmp_path / name, text)
        assert [item for item in found if not isinstance(item, Paper)] == [], name
        papers = [item for item in found if isinstance(item, Paper)]
        assert [p.title for p in papers] == [f"{TITLE} 1", f"{TITLE} 2"], name
        assert [p.doi for p in papers] == [f"{DOI}1", f"{DOI}2"], name
        for paper in papers:
            assert paper.abstract.removeprefix("Abstract ") == ABSTRACT, name
            assert paper.year == 2021, name
            assert paper.authors, name
            assert "Vandish" in paper.authors[0], name
            assert "," not in paper.authors[0], name


@pytest.mark.parametrize("family", FAMILIES)
def test_single_answer_and_broken_neighbour(tmp_path: Path, family: str) -> None:
    record, answer = FAMILIES[family]
    (alone,) = read_text(tmp_path / "one.json", json.dumps(record, indent=1))
    assert isinstance(alone, Paper)
    trio = json.dumps(answer([renamed(record, n) for n in (1, 2, 3)]), indent=2)
    broken = trio.replace(f"{TITLE} 2", f'{TITLE} " 2')
    found = read_text(tmp_path / "three.json", broken)
    assert [i.title for i in found if isinstance(i, Paper)] == [f"{TITLE} 1", f"{TITLE} 3"]
    assert len([i for i in found if isinstance(i, Failure)]) == 1


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("F16.json", [("Tiny models for tiny tasks", ("Hugo Face", "Ada Emo"), "arxiv:2410.00005", None)]),
        ("F17.json", [("Bees and street lamps", ("Bea Lamp",), "t:6c3a158ac6a3", "10.0000/oa.1")]),
        ("F18.json", [("Ripples in toy brains", ("Rita Pell",), None, "10.0000/cr.1")]),
        ("F20.json", [("Yeast on Mars soil", ("Y. Yeast", "M. A. Mars"), None, "10.1101/2024.01.01.000001")] * 2),
        ("F23.json", [("Sorting socks with a robot", ("Sock Son",), "arxiv:2403.00004", "10.48550/arXiv.2403.00004")]),
    ],
)
def test_shared_cases(name: str, expected: list[tuple[str, tuple[str, ...], str | None, str | None]]) -> None:
    papers = [item for item in read([CASES / name]) if isinstance(item, Paper)]
    titles = [re.sub(r"</?i>", "", p.title) for p in papers]  # markup is another matter
    assert [(t, p.authors, p.doi) for t, p in zip(titles, papers, strict=True)] == [
        (t, a, d) for t, a, _, d in expected
    ]
    assert all(p.paper_id == i for p, (_, _, i, _) in zip(papers, expected, strict=True) if i)
    assert [p.version for p in papers] == ([1, 2] if name == "F20.json" else [None])


def only(path: Path, record: Json) -> Paper:
    (paper,) = read_text(path, json.dumps(record))
    assert isinstance(paper, Paper)
    return paper


def test_what_each_service_alone_says(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    item = only(path, zotero())
    assert item.authors == ("Ann Vandish", "Ministry of Fields, Mespa")
    assert (item.zotero, item.citekey, item.pmid) == (
        "zotero://select/groups/99/items/QUORREL1",
        "vandish2021",
        "30112233",
    )
    assert (item.keywords, item.collections) == (("Quorrel", "to read"), ("COLL0001",))
    assert only(path, europe_pmc()).editorial_status == "retracted"
    assert only(path, openalex() | {"is_retracted": True}).editorial_status == "retracted"
    assert (
        only(path, crossref() | {"updated-by": [{"type": "retraction", "DOI": "10.1/r"}]}).editorial_status
        == "retracted"
    )
    notice = crossref() | {"update-to": [{"type": "retraction", "DOI": "10.1/p"}]}
    assert only(path, notice).editorial_status == "retraction notice"
    assert only(path, csl()).citekey == "vandish2021"
    assert only(path, csl()).authors == ("Ann Vandish", "Ministry of Fields, Mespa")
    assert only(path, scopus()).authors[0] == "Ann Vandish"
    assert only(path, scopus()).keywords == ("Quorrel", "mespa")
    assert only(path, biorxiv()).version == 2
    assert only(path, inspire()).citekey == "Vandish:2021abc"
    assert only(path, openreview(lambda v: {"value": v})).url == "https://openreview.net/forum?id=aBcDe"


def test_machine_summaries_are_no_abstracts_and_notes_no_papers(tmp_path: Path) -> None:
    (failure,) = read_text(tmp_path / "a.json", json.dumps(semantic_scholar() | {"abstract": None}))
    assert isinstance(failure, Failure)
    assert failure.error == "no abstract"
    note = {"key": "N1", "library": {"type": "user", "id": 1}, "data": {"itemType": "note", "note": "<p>x</p>"}}
    found = read_text(tmp_path / "b.json", json.dumps([zotero(), note]))
    assert [type(item) for item in found] == [Paper]


def test_pandas_and_keyed_and_mongo_dumps(tmp_path: Path) -> None:
    columns = ["title", "abstract", "year"]
    table = [[f"{TITLE} {n}", ABSTRACT, 2020 + n] for n in range(3)]
    stored = {
        "columns": {name: {str(n): row[i] for n, row in enumerate(table)} for i, name in enumerate(columns)},
        "list": {name: [row[i] for row in table] for i, name in enumerate(columns)},
        "split": {"columns": columns, "index": [0, 1, 2], "data": table},
        "index": {str(n): dict(zip(columns, row, strict=True)) for n, row in enumerate(table)},
        "table": {
            "schema": {"fields": [{"name": name, "type": "string"} for name in columns], "pandas_version": "1.4.0"},
            "data": [dict(zip(columns, row, strict=True)) for row in table],
        },
        "records": [dict(zip(columns, row, strict=True)) for row in table],
        "grouped": {str(row[2]): [dict(zip(columns, row, strict=True))] for row in table},
    }
    for name, value in stored.items():
        for indent in (None, 2):
            found = read_text(tmp_path / f"{name}.json", json.dumps(value, indent=indent))
            assert [(p.title, p.year) for p in found if isinstance(p, Paper)] == [(r[0], r[2]) for r in table], name
            assert len(found) == 3, name
    keyed = {
        "2301.00001": {"title": TITLE, "abstract": ABSTRACT},
        "10.5555/x": {"title": "Other", "abstract": ABSTRACT},
    }
    first, second = read_text(tmp_path / "keyed.json", json.dumps(keyed))
    assert isinstance(first, Paper)
    assert isinstance(second, Paper)
    assert (first.paper_id, second.doi) == ("arxiv:2301.00001", "10.5555/x")
    mongo = {
        "_id": {"$oid": "5f"},
        "title": TITLE,
        "abstract": ABSTRACT,
        "published": {"$date": {"$numberLong": "1614816000000"}},
    }
    assert only(tmp_path / "mongo.json", mongo | {"year": {"$numberInt": "2021"}}).date == "2021-03-04"


def test_answer_says_nothing_about_what_is_no_paper(tmp_path: Path) -> None:
    answer = {"results": [openalex()], "group_by": [{"key": "2021", "key_display_name": "2021", "count": 5}]}
    assert [type(item) for item in read_text(tmp_path / "a.json", json.dumps(answer))] == [Paper]
    listed = {"title": "My reading list", "description": "For the lab", "author": "A", "papers": [csl()]}
    assert [getattr(i, "title", i) for i in read_text(tmp_path / "b.json", json.dumps(listed))] == [TITLE]
    with_references = {"title": TITLE, "abstract": ABSTRACT, "references": [csl() | {"title": "Cited"}]}
    assert [getattr(i, "title", i) for i in read_text(tmp_path / "c.json", json.dumps(with_references))] == [TITLE]


def in_older_graph() -> Json:
    index = {"IndexLength": 3, "InvertedIndex": {"fell": [1], "Quorrels": [0], "fast.": [2]}}
    return {
        "id": 1,
        "title": TITLE,
        "authors": [{"name": "Ann Vandish", "org": "U"}],
        "year": 2001,
        "indexed_abstract": index,
    }


def better_bibtex() -> Json:
    item = zotero()["data"] | {"citationKey": "vandish", "select": "zotero://select/library/items/K1"}
    collections = {"AB": {"key": "AB", "name": "Thesis", "items": [1], "collections": []}}
    return {
        "config": {"id": "x"},
        "collections": collections,
        "items": [item, {"itemType": "attachment", "title": "PDF"}],
    }


def preprint_with_its_article() -> Json:
    names = {
        "title": TITLE,
        "authors": "Vandish, A.",
        "date": "2020-01-01",
        "abstract": ABSTRACT,
        "platform": "bioRxiv",
    }
    preprint = {f"preprint_{name}": value for name, value in names.items()} | {"published_journal": "Field Notes"}
    return {"messages": [{"status": "ok"}], "collection": [preprint | {"biorxiv_doi": DOI}]}


def corpus_of_full_texts() -> Json:
    authors = [{"first": "Ann", "middle": ["B"], "last": "Vandish", "suffix": ""}]
    text = {"text": ABSTRACT, "cite_spans": [], "section": "Abstract"}
    return {"paper_id": "a", "metadata": {"title": TITLE, "authors": authors}, "abstract": [text], "body_text": [text]}


def parsed_feed() -> Json:
    entry = {
        "id": "http://arxiv.org/abs/2101.00001v3",
        "title": TITLE,
        "summary": ABSTRACT,
        "authors": [{"name": "Ann Vandish"}],
    }
    return {
        "feed": {"title": "arXiv"},
        "entries": [entry | {"tags": [{"term": "cs.LG"}], "published": "2021-01-01T00:00:00Z"}],
    }


def abstract_of_scopus() -> Json:
    person = {"ce:indexed-name": "Vandish A.", "preferred-name": {"ce:given-name": "Ann", "ce:surname": "Vandish"}}
    core = {"dc:title": TITLE, "dc:description": ABSTRACT, "prism:doi": DOI}
    return {"abstracts-retrieval-response": {"coredata": core, "authors": {"author": [person]}}}


def crossref_alone() -> Json:
    return {
        "status": "ok",
        "message-type": "work",
        "message": crossref() | {"relation": {}, "issued": {"date-parts": [[None]]}},
    }


@pytest.mark.parametrize(
    "make",
    [
        in_older_graph,
        better_bibtex,
        preprint_with_its_article,
        corpus_of_full_texts,
        parsed_feed,
        abstract_of_scopus,
        crossref_alone,
        lambda: {"data": [{"isInfluential": False, "citingPaper": semantic_scholar()}]},
        lambda: {
            "data": {
                "search": {"edges": [{"node": {"title": TITLE, "abstract": ABSTRACT, "authors": ["Ann Vandish"]}}]}
            }
        },
        lambda: {"hits": {"hits": [zenodo()]}, "aggregations": {"x": {"buckets": [{"key": "a", "label": "b"}]}}},
    ],
)
def test_other_answers(tmp_path: Path, make: Callable[[], Json]) -> None:
    for indent in (None, 1):
        (paper,) = read_text(tmp_path / "a.json", json.dumps(make(), indent=indent))
        assert isinstance(paper, Paper)
        assert paper.title == TITLE
        assert paper.abstract in (ABSTRACT, "Quorrels fell fast.")
        assert paper.authors
        assert paper.authors[0].endswith("Vandish")
        assert paper.citekey in (None, "vandish")


def test_answer_that_is_cut_off_costs_its_last_record(tmp_path: Path) -> None:
    for family, (record, answer) in FAMILIES.items():
        for indent in (None, 2):
            text = json.dumps(answer([renamed(record, n) for n in (1, 2)]), indent=indent)
            cut = text[: text.rindex(DOI) + 3 if text.rindex(DOI) > text.rindex(TITLE) else text.rindex(TITLE) + 3]
            found = read_text(tmp_path / "a.json", cut)
            assert [i.title for i in found if isinstance(i, Paper)] == [f"{TITLE} 1"], family
            assert any(isinstance(i, Failure) for i in found), family


def test_paragraphs_with_headings(tmp_path: Path) -> None:
    sections = [{"label": "METHODS", "text": "We count."}, {"label": "RESULTS", "text": "They fell."}]
    assert (
        only(tmp_path / "a.json", {"title": TITLE, "abstract": sections}).abstract
        == "METHODS: We count. RESULTS: They fell."
    )
    (failure,) = read_text(tmp_path / "b.jsonl", '{"title": "' + TITLE + '", "abstract": NaN}')
    assert isinstance(failure, Failure)
    assert failure.error == "no abstract"


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (
            [{"given": "Ann", "family": "Vandish", "suffix": "Jr"}, {"literal": "Mespa Group"}],
            ("Ann Vandish Jr", "Mespa Group"),
        ),
        (
            [{"firstName": "Ann", "lastName": "Vandish"}, {"firstName": "", "lastName": "Mespa"}],
            ("Ann Vandish", "Mespa"),
        ),
        ([{"first": "Ann", "middle": "B.", "last": "Vandish"}], ("Ann B. Vandish",)),
        (
            [{"name": "Vandish, Ann"}, {"name": "Ministry of Fields, Mespa"}],
            ("Ann Vandish", "Ministry of Fields, Mespa"),
        ),
        ([{"full_name": "Ann Vandish"}, {"display_name": "Bo Torrow"}, {"name": None}], ("Ann Vandish", "Bo Torrow")),
        (["Vandish, null", "Torrow, B., III", "et al."], ("Vandish", "B. Torrow III")),
        (
            "family=Vandish, given=Ann, suffix=Jr and family=Berg, given=Jo, prefix=van den",
            ("Ann Vandish Jr", "Jo van den Berg"),
        ),
        ("Vandish, A.; Torrow, B. C.", ("A. Vandish", "B. C. Torrow")),
    ],
)
def test_shapes_of_names(tmp_path: Path, stored: object, expected: tuple[str, ...]) -> None:
    assert only(tmp_path / "a.json", {"title": TITLE, "abstract": ABSTRACT, "authors": stored}).authors == expected
