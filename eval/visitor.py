"""A visitor of the chat page who speaks the page's own protocol, as its scripts in a browser do, and needs no browser."""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from eval.bench.processes import environment

_ANSWERS_WITHIN = 120.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class ServedPage:
    """A page that another process serves."""

    url: str
    process: subprocess.Popen[bytes]

    def memory(self) -> dict[str, float]:
        """Resident (`rss`) and proportional (`pss`) memory of the process in MB (1,000,000 bytes)."""
        rows = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        values = {name: int(size) for name, size, *_ in (row.split() for row in rows[1:])}
        return {"rss": values["Rss:"] * 1024 / 1e6, "pss": values["Pss:"] * 1024 / 1e6}


@contextmanager
def serving(home: Path, llm: str = "quotes") -> Iterator[ServedPage]:
    """`assistant ui` over the library, as a process of its own, on a free port. Raises RuntimeError if it does not start."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "assistant", "ui", "--port", str(port), "--home", str(home), "--llm", llm]
    process = subprocess.Popen(command, env=environment())  # noqa: S603 - our own
    url = f"http://127.0.0.1:{port}"
    try:
        while not _answers(url):
            if process.poll() is not None:
                raise RuntimeError(f"the page ended with status {process.returncode} before it was served")
            time.sleep(0.1)
        yield ServedPage(url, process)
    finally:
        process.terminate()
        process.wait()


@dataclass
class Visitor:
    """One browser tab: opened when the block is entered, and closed at its end, whatever is being answered then."""

    url: str
    browser: str = field(default_factory=lambda: secrets.token_hex(16))
    """What the page keeps in the browser's storage: the owner of the conversations."""

    def __enter__(self) -> Visitor:
        import httpx

        self._session = secrets.token_hex(6)
        self._open = ExitStack()
        self._client = self._open.enter_context(httpx.Client(base_url=self.url, timeout=_ANSWERS_WITHIN))
        self._client.get("/").raise_for_status()
        self._events: list[dict[str, Any]] = self._client.get("/config").json()["dependencies"]
        alive = self._client.stream("GET", f"/gradio_api/heartbeat/{self._session}")
        next(self._open.enter_context(alive).iter_raw())
        load = next(e for e in self._events if any(on == "load" for _, on in e["targets"]))
        self._post("run/predict", load["id"], [self.browser, "", ""])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def steps(self, question: str) -> Iterator[str]:
        """The HTML of the answer after each step; one who stops reading has left the page."""
        ask = next(e for e in self._events if e["api_name"] == "ask")
        event = self._post("queue/join", ask["id"], [question])["event_id"]
        shown = ""
        with self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self._session}) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
                if message.get("event_id") != event:
                    continue
                output = message.get("output") or {}
                if message["msg"] == "process_completed":
                    if not message["success"]:
                        raise RuntimeError(f"the page failed: {output}")
                    return
                if message["msg"] == "process_generating" and output.get("data"):
                    shown = _changed(shown, output["data"][0])
                    yield shown

    def ask(self, question: str) -> str:
        """The HTML of the whole answer."""
        *_, last = self.steps(question)
        return last

    def _post(self, path: str, event: int, data: list[Any]) -> dict[str, Any]:
        body = {"data": data, "fn_index": event, "session_hash": self._session, "event_data": None, "trigger_id": None}
        reply = self._client.post(f"/gradio_api/{path}", json=body).raise_for_status()
        return dict(reply.json())


def _changed(shown: str, step: Any) -> str:
    """The first step is the whole value, each later one a list of changes to it: here always of the whole string."""
    if isinstance(step, str):
        return step
    for action, path, value in step:
        if not path and action in ("replace", "append"):
            shown = shown + value if action == "append" else value
    return shown


def _answers(url: str) -> bool:
    import httpx

    try:
        return httpx.get(url).is_success
    except httpx.ConnectError:
        return False
