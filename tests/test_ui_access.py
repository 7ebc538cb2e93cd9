"""Who may reach the page, and who waits how long: addresses, passwords, refused events, the queue."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Generator
from pathlib import Path

import pytest

from assistant import (
    Assistant,
    AssistantError,
    ServerError,
    SettingsError,
)
from assistant.ui import launch, read_auth
from assistant.ui.page import owner
from assistant.ui.security import SecurityMiddleware
from assistant.ui.wait_queue import WaitQueue

# -- the queue -------------------------------------------------------------------------------------------------------------


def test_the_queue_is_fair_and_reports_how_many_are_before() -> None:
    queue, log = WaitQueue(1, 3), []

    def work(name: str) -> Generator[str]:
        yield f"{name} starts"
        yield f"{name} ends"

    async def visit(name: str) -> None:
        async for step in queue.serve(lambda: work(name), lambda before: f"{name} waits behind {before}"):
            log.append(step)

    async def three_and_one_too_many() -> None:
        visitors = [asyncio.create_task(visit(name)) for name in "abc"]
        await asyncio.sleep(0)
        with pytest.raises(AssistantError, match="waiting"):
            await visit("d")
        await asyncio.gather(*visitors)

    asyncio.run(three_and_one_too_many())
    assert log.index("a ends") < log.index("b starts") < log.index("b ends") < log.index("c starts")
    assert "b waits behind 1" in log
    assert "c waits behind 2" in log
    assert len(queue) == 0


def test_a_visitor_who_leaves_frees_the_place() -> None:
    queue, closed = WaitQueue(1, 3), []

    def endless() -> Generator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    async def visit() -> None:
        steps = queue.serve(endless, lambda before: -before)
        assert await anext(steps) == 1
        task = asyncio.ensure_future(anext(steps))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await steps.aclose()
        while len(queue):
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(visit(), 20))
    assert closed == [True]


# -- who may enter --------------------------------------------------------------------------------------------------------


def test_a_public_address_needs_a_password(assistant: Assistant) -> None:
    with pytest.raises(SettingsError, match="password"):
        launch(assistant, host="0.0.0.0", block=False)  # noqa: S104 - it is refused


def test_a_taken_port_is_named(assistant: Assistant) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=f"port {port}"):
            launch(assistant, port=port, block=False)


def test_passwords_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text("# who\nann:pass:word\n\nbob:x\n", encoding="utf-8")
    assert read_auth("eve:1", file) == [("eve", "1"), ("ann", "pass:word"), ("bob", "x")]
    file.write_text("secretwithoutname\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="line 1") as error:
        read_auth(None, file)
    assert "secretwithoutname" not in str(error.value)


def test_a_visitor_cannot_pass_as_a_user() -> None:
    assert owner("ann", "0" * 32) == "user:ann"
    assert owner(None, "0" * 32) == "browser:" + "0" * 32
    assert owner(None, "user:ann") == owner(None, "") == ""


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ({"data": ["What is http://x?", None], "session_hash": "a"}, True),
        (
            {
                "data": [
                    [
                        {
                            "path": "/uploads/a/b.bib",
                            "url": "http://127.0.0.1/b.bib",
                            "meta": {"_type": "gradio.FileData"},
                        }
                    ]
                ]
            },
            True,
        ),
        ({"data": ["q", {"path": "http://evil.test/x", "meta": {"_type": "gradio.FileData"}}]}, False),
        ({"data": [{"deep": [{"path": " HTTPS://evil.test/x", "meta": {}}]}]}, False),
        ({"data": ["x" * 3_000_000]}, False),
        ("not { json", False),
    ],
)
def test_events_that_would_make_the_server_fetch_are_refused(body: object, passes: bool) -> None:
    sent, given = [], body if isinstance(body, str) else json.dumps(body)

    async def app(scope, receive, send):  # type: ignore[no-untyped-def]  # as ASGI
        sent.append((await receive())["body"])

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": given.encode()}

    async def send(message: object) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/gradio_api/queue/join",
        "headers": [(b"content-type", b"text/plain")],
    }
    asyncio.run(SecurityMiddleware(app)(scope, receive, send))
    assert (sent == [given.encode()]) is passes
