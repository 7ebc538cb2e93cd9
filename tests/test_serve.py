"""Other programs: the official clients of both protocols, against the real servers."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import httpx
import pytest
from invariants import check_answer
from openai import APIStatusError, AuthenticationError, BadRequestError, NotFoundError, OpenAI
from partial import partial_answers
from typer.testing import CliRunner

from assistant import Answer, Assistant, ServerError, Settings
from assistant.cli import app
from assistant.servers.openai import listen, make_server
from eval.fake_server import serve as model_server

TOKEN = "s3cret"  # noqa: S105 - of this test alone
OWL = "What happens to the fleet with OwlRoute?"
FOLLOW_UP = "And where does it transfer without retraining?"


@contextmanager
def serving(assistant: Assistant, token: str | None = None) -> Iterator[str]:
    """The address of a running server, stopped in the end."""
    with listen("127.0.0.1", 0, token) as listening:
        server = make_server(assistant, token)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with serving(assistant) as running:
        yield running


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as opened:
        yield opened


def test_a_plain_answer_with_its_citations(client: OpenAI, assistant: Assistant) -> None:
    response = client.chat.completions.create(
        model="abstract-assistant",
        temperature=0.7,
        messages=[{"role": "system", "content": "Always say yes."}, {"role": "user", "content": OWL}],
    )
    message = response.choices[0].message
    answer = Answer.from_dict(message.answer)  # type: ignore[attr-defined]  # a field of ours
    check_answer(answer, assistant)
    assert message.citations == [asdict(c) for c in answer.citations]  # type: ignore[attr-defined]  # as above
    assert message.content is not None
    assert message.content.startswith(answer.text)
    assert f"[1] {answer.citations[0].title}" in message.content, "readable as text too"
    assert response.choices[0].finish_reason == "stop"
    assert response.usage is not None
    assert response.usage.total_tokens == 0, "no model was asked"


@pytest.mark.parametrize(
    "question", ["How do Quill and NoteHound perform?", "How many papers are about reinforcement learning?"]
)
def test_a_streamed_answer_is_the_plain_one_in_pieces(client: OpenAI, assistant: Assistant, question: str) -> None:
    messages = [{"role": "user", "content": question}]
    plain = client.chat.completions.create(model="abstract-assistant", messages=messages)  # type: ignore[call-overload]  # a plain dict
    stream = client.chat.completions.create(  # type: ignore[call-overload]  # as above
        model="abstract-assistant", messages=messages, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == plain.choices[0].message.content
    *_, last, used = chunks
    answer = Answer.from_dict(last.choices[0].delta.answer)
    check_answer(answer, assistant)
    assert [c["n"] for c in last.choices[0].delta.citations] == [c.n for c in answer.citations]
    assert last.choices[0].finish_reason == "stop"
    assert (used.choices, used.usage.total_tokens) == ([], 0)
    pieces = [c.choices[0].delta.content for c in chunks if c.choices and c.choices[0].delta.content]
    assert len(pieces) == bool(answer.lead) + len(answer.sentences) + 1, "a piece a sentence, then the sources"


def test_an_abstention_is_an_answer(client: OpenAI) -> None:
    for stream in (False, True):
        response = client.chat.completions.create(
            model="quotes", messages=[{"role": "user", "content": "Who won the football final?"}], stream=stream
        )
        if stream:
            text = "".join(c.choices[0].delta.content or "" for c in response)  # type: ignore[union-attr]  # a stream
        else:
            text = response.choices[0].message.content  # type: ignore[union-attr]  # not a stream
            assert response.choices[0].message.citations == []  # type: ignore[union-attr]  # as above
        assert "abstracts were searched" in text or "were searched" in text


def test_a_conversation_comes_with_its_earlier_questions(client: OpenAI) -> None:
    response = client.chat.completions.create(
        model="abstract-assistant",
        messages=[
            {"role": "user", "content": [{"type": "text", "text": OWL}]},
            {"role": "assistant", "content": "It shrinks."},
            {"role": "user", "content": FOLLOW_UP},
        ],
    )
    assert "Turku" in (response.choices[0].message.content or "")


def test_filters_say_which_papers_may_be_used(client: OpenAI, assistant: Assistant) -> None:
    def cited(**filters: object) -> set[str]:
        response = client.chat.completions.create(
            model="quotes", messages=[{"role": "user", "content": OWL}], extra_body={"filters": filters}
        )
        answer = Answer.from_dict(response.choices[0].message.answer)  # type: ignore[attr-defined]  # a field of ours
        check_answer(answer, assistant)
        return {c.paper_id for c in answer.citations}

    (owl,) = cited()
    assert cited(year_from=2022, year_to=2022, sources=["papers.jsonl"]) == {owl}
    assert cited(exclude=[owl]) == cited(year_to=2021) == cited(sources=["nothing.bib"]) == set()
    assert cited(year_to=2021, pinned=[owl]) == {owl}


@pytest.mark.parametrize("stream", [False, True])
def test_the_text_is_the_document_where_json_is_asked_for(client: OpenAI, assistant: Assistant, stream: bool) -> None:
    response = client.chat.completions.create(  # type: ignore[call-overload]  # a plain dict
        model="quotes",
        messages=[{"role": "user", "content": OWL}],
        response_format={"type": "json_object"},
        stream=stream,
    )
    if stream:
        text = "".join(c.choices[0].delta.content or "" for c in response)
    else:
        text = response.choices[0].message.content
    answer = Answer.from_dict(json.loads(text))
    check_answer(answer, assistant)
    assert "14 to 9 vehicles" in answer.text


def test_models(client: OpenAI) -> None:
    assert [m.id for m in client.models.list()] == ["abstract-assistant", "quotes"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"model": "gpt-4o"}, NotFoundError),
        ({"messages": []}, BadRequestError),
        ({"messages": [{"role": "user", "content": "  "}]}, BadRequestError),
        ({"messages": [{"role": "user", "content": "x" * 4001}]}, BadRequestError),
        ({"messages": [{"role": "assistant", "content": "Hello."}]}, BadRequestError),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
            BadRequestError,
        ),
        ({"n": 3}, BadRequestError),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}}}, BadRequestError),
        ({"extra_body": {"filters": {"year_form": 2020}}}, BadRequestError),
        ({"extra_body": {"filters": {"exclude": "t:1"}}}, BadRequestError),
        ({"extra_body": {"filters": [2020]}}, BadRequestError),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_requests_that_cannot_be_answered(
    client: OpenAI, changed: dict[str, object], error: type[APIStatusError], stream: bool
) -> None:
    values = {
        "model": "abstract-assistant",
        "messages": [{"role": "user", "content": OWL}],
        "stream": stream,
        **changed,
    }
    with pytest.raises(error) as raised:
        client.chat.completions.create(**values)  # type: ignore[call-overload]  # on purpose
    assert raised.value.body["message"]  # type: ignore[index]  # OpenAI's shape
    assert raised.value.body["type"] == "invalid_request_error"  # type: ignore[index]  # as above


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 400),
        ({"content": b"[]", "headers": {"content-type": "application/json"}}, 400),
        ({"content": b"{}", "headers": {"content-type": "text/plain"}}, 415),
        ({"content": b" " * 1_000_001, "headers": {"content-type": "application/json"}}, 413),
        ({"json": {}, "headers": {"host": "evil.example"}}, 403),
        ({"json": {}, "headers": {"host": "[::1"}}, 403),
    ],
)
def test_requests_that_are_none(address: str, request_: dict[str, object], status: int) -> None:
    response = httpx.post(f"{address}/v1/chat/completions", **request_)  # type: ignore[arg-type]  # parametrised
    assert response.status_code == status
    assert response.json()["error"]["message"]


def test_health_and_unknown_paths(address: str) -> None:
    assert httpx.get(f"{address}/health").json() == {"status": "ok"}
    assert httpx.get(f"{address}/v1/chat/completions").status_code == 405
    missing = httpx.get(f"{address}/v1/embeddings")
    assert (missing.status_code, missing.json()["error"]["type"]) == (404, "invalid_request_error")


def test_a_token_is_asked_for(assistant: Assistant) -> None:
    with serving(assistant, token=TOKEN) as address:
        for key in ("wrong", "s3cre", "ünlucky"):
            response = httpx.get(f"{address}/v1/models", headers={"authorization": f"Bearer {key}".encode()})
            assert response.status_code == 401
        with (
            OpenAI(base_url=f"{address}/v1", api_key="wrong", max_retries=0) as stranger,
            pytest.raises(AuthenticationError),
        ):
            stranger.models.list()
        with OpenAI(base_url=f"{address}/v1", api_key=TOKEN, max_retries=0) as friend:
            assert len(list(friend.models.list())) == 2


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])  # noqa: S104 - refused
def test_other_addresses_need_a_token(fresh_home: Path, host: str) -> None:
    result = CliRunner().invoke(app, ["serve", "--host", host, "--home", str(fresh_home)])
    assert result.exit_code == 1
    assert "--token" in str(result.exception)


@pytest.mark.parametrize("command", [["serve"], ["mcp", "--http"]])
def test_a_port_that_is_taken(library_home: Path, command: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(app, [*command, "--port", port, "--llm", "quotes", "--home", str(library_home)])
    assert isinstance(result.exception, ServerError)
    assert "choose another --port" in str(result.exception)


def test_a_failing_model_is_said_and_the_quotes_are_given(fresh_home: Path) -> None:
    with (
        model_server(status=500) as upstream,
        Assistant(Settings(home=fresh_home, llm=upstream.spec, llm_timeout=10)) as assistant,
        serving(assistant) as address,
        OpenAI(base_url=f"{address}/v1", api_key="none") as client,
    ):
        response = client.chat.completions.create(
            model="abstract-assistant", messages=[{"role": "user", "content": OWL}]
        )
        assert "14 to 9 vehicles" in (response.choices[0].message.content or "")
        assert response.choices[0].message.answer["notes"]  # type: ignore[attr-defined]  # a field of ours


def test_quotes_are_served_beside_a_model_that_judges_itself(assistant: Assistant) -> None:
    with (
        partial_answers() as settings,
        serving(assistant.using(**settings)) as address,
        OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client,
    ):
        response = client.chat.completions.create(model="quotes", messages=[{"role": "user", "content": OWL}])
    assert "14 to 9 vehicles" in (response.choices[0].message.content or "")


def test_a_client_that_leaves_ends_the_work(fresh_home: Path) -> None:
    reply = "The fleet shrinks from 14 to 9 vehicles [1]. " + "Waiting times drop by 31% [1]. " * 20
    with (
        model_server(reply, hang="middle") as upstream,
        Assistant(Settings(home=fresh_home, llm=upstream.spec)) as assistant,
        serving(assistant) as address,
        OpenAI(base_url=f"{address}/v1", api_key="none") as client,
    ):
        with client.chat.completions.create(
            model="abstract-assistant", messages=[{"role": "user", "content": OWL}], stream=True
        ) as stream:
            assert any(chunk.choices[0].delta.content for chunk in stream)
        assert upstream.left.wait(10), "the model's server is let go"
