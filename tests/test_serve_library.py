"""Questions about the whole library over HTTP: the documents of the command line, from the real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import write_papers
from jsonschema import Draft202012Validator
from openai import OpenAI
from test_serve import serving

from assistant import Answer, Assistant, Filters, Settings

TOPIC = "reinforcement learning"
NEW = {
    "title": "Ferries That Learn Their Timetable",
    "year": 2024,
    "abstract": "We plan ferry departures with reinforcement learning on two fjords. Queues shrink by 12%.",
}


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with serving(assistant) as running:
        yield running


@pytest.fixture(scope="module")
def document(address: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{address}/openapi.json").json()
    return found


def post(address: str, path: str, **fields: object) -> httpx.Response:
    return httpx.post(f"{address}{path}", json=fields, timeout=60)


def fits(document: dict[str, Any], operation: dict[str, Any], response: httpx.Response) -> Any:
    """The body, if it is what the OpenAPI document says."""
    assert response.status_code == 200, response.text
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": document["components"]}).validate(response.json())
    return response.json()


def papers(assistant: Assistant, *titles: str) -> list[str]:
    return [p.paper_id for title in titles for p in assistant.papers() if p.title.startswith(title)]


REQUESTS: dict[str, tuple[Callable[[list[str]], dict[str, Any]], Callable[[Assistant, list[str]], Any]]] = {
    "/v1/find": (lambda ids: {"topic": TOPIC}, lambda a, ids: a.find(TOPIC)),
    "/v1/table": (
        lambda ids: {"paper_ids": ids, "columns": ["data", "error rate"]},
        lambda a, ids: a.table(paper_ids=ids, columns=["data", "error rate"]),
    ),
    "/v1/related": (
        lambda ids: {"paper_ids": ids[:1], "away_from": ids[1:], "k": 3},
        lambda a, ids: a.related(ids[:1], ids[1:], 3),
    ),
    "/v1/trend": (lambda ids: {"topic": TOPIC}, lambda a, ids: a.trend(TOPIC)),
    "/v1/digest": (lambda ids: {"since": "2020"}, lambda a, ids: a.digest("2020")),
}


@pytest.mark.parametrize("path", REQUESTS)
def test_results_are_those_of_the_methods(
    path: str, address: str, document: dict[str, Any], assistant: Assistant
) -> None:
    ids = papers(assistant, "A Benchmark", "Quill")
    fields, method = REQUESTS[path]
    sent = fits(document, document["paths"][path]["post"], post(address, path, **fields(ids)))
    wanted = json.loads(json.dumps(method(assistant, ids).to_dict()))
    assert sent.keys() == wanted.keys()
    if path == "/v1/related":
        assert [p["paper_id"] for p in sent["papers"]] == [p["paper_id"] for p in wanted["papers"]]
    else:
        assert sent == wanted


def test_facts_of_some_papers_and_of_all(address: str, document: dict[str, Any], assistant: Assistant) -> None:
    ids = papers(assistant, "Quill", "TideNet")
    some = fits(document, document["paths"]["/v1/facts"]["post"], post(address, "/v1/facts", paper_ids=ids))
    assert some == {"papers": [one.to_dict() for one in assistant.facts(ids)]}
    every = fits(document, document["paths"]["/v1/facts/all"]["post"], post(address, "/v1/facts/all"))
    assert every == {"papers": [one.to_dict() for one in assistant.facts()]}
    recent = post(address, "/v1/facts/all", filters={"year_from": 2023}).json()
    assert [p["title"].split(":")[0] for p in recent["papers"]] == ["Quill"]
    assert post(address, "/v1/facts/all", filters={"year_from": 2999}).json() == {"papers": []}


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/v1/find", {"topic": TOPIC}),
        ("/v1/find", {}),
        ("/v1/table", {}),
        ("/v1/trend", {"topic": TOPIC}),
        ("/v1/digest", {"since": "2020"}),
    ],
)
def test_every_request_takes_filters(path: str, fields: dict[str, object], address: str, assistant: Assistant) -> None:
    passing = {p.paper_id for p in assistant.papers() if p.year and 2021 <= p.year <= 2022}
    found = post(address, path, **fields, filters={"date_from": "2021", "year_to": 2022})
    assert found.status_code == 200
    named = {p.paper_id for p in assistant.papers() if p.paper_id in found.text}
    assert named <= passing
    assert path == "/v1/trend" or named
    assert found.json()["of"] == (6 if path == "/v1/digest" else len(passing))


def test_a_limit_cuts_lists_and_no_count(address: str) -> None:
    listing = post(address, "/v1/find", filters={"year_from": 2019}, limit=2).json()
    assert (len(listing["papers"]), listing["count"]) == (2, 5)
    table = post(address, "/v1/table", filters={"year_from": 2019}, limit=2).json()
    assert (len(table["rows"]), table["of"]) == (2, 5)


@pytest.mark.parametrize(
    ("path", "fields", "told"),
    [
        ("/v1/find", {}, "the topic is empty"),
        ("/v1/find", {"topic": 3}, "topic: "),
        ("/v1/find", {"topic": "x" * 4001}, "topic: "),
        ("/v1/find", {"topics": "x"}, "topics: Extra inputs are not permitted; it has filters, topic, limit"),
        ("/v1/find", {"topic": "x", "limit": 0}, "limit: "),
        ("/v1/find", {"topic": "x", "filters": {"year_form": 2020}}, "filters.year_form: "),
        ("/v1/find", {"topic": "x", "filters": {"year_from": 10**18}}, "use a number from 0 to 9999"),
        ("/v1/find", {"topic": "x", "filters": {"date_from": "spring"}}, "use a date such as 2024"),
        ("/v1/find", {"topic": "x", "filters": {"kinds": ["novel"]}}, "there is no kind of paper 'novel'"),
        ("/v1/find", {"topic": "x", "filters": {"authors": ["x"] * 101}}, "filters.authors: "),
        ("/v1/table", {"topic": "x", "paper_ids": ["t:1"]}, "either a topic or papers"),
        ("/v1/table", {"topic": "x", "columns": []}, "name at least one column"),
        ("/v1/facts", {}, "paper_ids: Field required"),
        ("/v1/facts", {"paper_ids": ["t:nothing"]}, "no paper t:nothing"),
        ("/v1/facts/all", {"paper_ids": ["t:nothing"]}, "paper_ids: "),
        ("/v1/related", {"paper_ids": []}, "paper_ids: "),
        ("/v1/related", {"paper_ids": ["t:nothing"]}, "no paper t:nothing"),
        ("/v1/related", {"paper_ids": ["t:nothing"], "k": 101}, "k: "),
        ("/v1/trend", {"topic": "  "}, "the topic is empty"),
        ("/v1/digest", {"since": "soon"}, "use a date such as"),
        ("/v1/chat/completions", {"model": "quotes", "filters": {"kinds": ["novel"]}}, "messages"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(path: str, fields: dict[str, object], told: str, address: str) -> None:
    response = post(address, path, **fields)
    error = response.json()["error"]
    assert (response.status_code, error["type"]) == (400, "invalid_request_error")
    assert told in error["message"]
    assert "\n" not in error["message"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"topic": "x", "filters": {"authors": ["\\ud800"]}}',
        b'{"topic": ' + b"[" * 100_000 + b"}",
        b'{"topic": "x", "limit": 1' + b"0" * 30 + b"}",
        b'{"topic": "x", "limit": NaN}',
    ],
    ids=["half a character", "endless brackets", "a number without end", "no number"],
)
def test_json_that_hides_something(body: bytes, address: str) -> None:
    response = httpx.post(f"{address}/v1/find", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert "\n" not in response.json()["error"]["message"]


def test_every_path_asks_for_the_token_and_for_this_machines_name(assistant: Assistant, address: str) -> None:
    with serving(assistant, token="s3cret") as guarded:  # noqa: S106 - of this test alone
        bearer = {"authorization": "Bearer s3cret"}
        paths = httpx.get(f"{guarded}/openapi.json", headers=bearer).json()["paths"]
        for path, methods in [*paths.items(), ("/openapi.json", {"get": {}})]:
            for method in methods:
                refused = httpx.request(method, guarded + path, json={})
                assert refused.status_code == (200 if path == "/health" else 401), path
                elsewhere = httpx.request(method, address + path, json={}, headers={"host": "evil.example"})
                assert elsewhere.status_code == (200 if path == "/health" else 403), path
        assert httpx.get(f"{guarded}/v1/watches", headers=bearer).json() == {"watches": []}
    large = httpx.post(f"{address}/v1/find", content=b" " * 1_000_001, headers={"content-type": "application/json"})
    assert large.status_code == 413


def test_standing_questions_and_their_changes(fresh_home: Path, tmp_path: Path, document: dict[str, Any]) -> None:
    with Assistant(Settings(home=fresh_home, llm="quotes")) as library, serving(library) as address:
        watch = library.watches.add(TOPIC, filters=Filters(year_from=2020))
        library.add([write_papers(tmp_path / "more.jsonl", [NEW])])
        library.watches.run()
        paths = document["paths"]
        listed = fits(document, paths["/v1/watches"]["get"], httpx.get(f"{address}/v1/watches"))
        assert listed == {"watches": [w.to_dict() for w in library.watches.all()]}
        assert listed["watches"][0]["filters"] == {"year_from": 2020}
        told = fits(document, paths["/v1/watches/changes"]["get"], httpx.get(f"{address}/v1/watches/changes"))
        [change] = told["changes"]
        assert (change["watch_id"], [s["title"] for s in change["added"]]) == (watch.watch_id, [NEW["title"]])


def test_work_ends_when_the_client_leaves(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(topic: str, filters: Filters | None, step: Callable[[int, int], None]) -> None:
        begun.set()
        try:
            while not ended.wait(0.01):
                step(1, 2)
        finally:
            ended.set()

    monkeypatch.setattr(assistant, "trend", endless)
    with serving(assistant) as address, httpx.Client() as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post(f"{address}/v1/trend", json={"topic": TOPIC}, timeout=1)
        assert begun.is_set()
        assert ended.wait(20)


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_holds_its_plan_and_its_listing(address: str, assistant: Assistant, stream: bool) -> None:
    question = f"Which papers since 2021 are about {TOPIC}?"
    with OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client:
        response = client.chat.completions.create(  # type: ignore[call-overload]  # a plain dict
            model="quotes",
            messages=[{"role": "user", "content": question}],
            stream=stream,
            extra_body={"filters": {"sources": ["papers.jsonl"], "year_to": 2025}},
        )
        sent = [*response][-1].choices[0].delta.answer if stream else response.choices[0].message.answer
    answer = Answer.from_dict(sent)
    assert sent["query"]["intent"] == "list"
    assert sent["query"]["filters"] == {"year_from": 2021, "year_to": 2025, "sources": ["papers.jsonl"]}
    assert answer.listing is not None
    assert sent["listing"] == answer.listing.to_dict()
    assert answer.listing == assistant.find(TOPIC, answer.query.filters if answer.query else None)
