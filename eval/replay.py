"""Records the calls of a language model once and replays them offline, as a proxy between the product and the model.

It speaks the OpenAI protocol on both sides. A hash of everything that is sent identifies a call; no key, address or
header is ever written to disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant import AssistantError
from eval.chat_server import Reply, serve

_OPENAI = "https://api.openai.com/v1"
_OLLAMA = "http://127.0.0.1:11434/v1"
_SECONDS = 300.0
_FILE = "gguf:"
_CONTEXT = 8192


class ReplayError(AssistantError):
    """A call that was not recorded, a cassette that cannot be read, or a model that cannot be recorded."""


@dataclass
class Cassette:
    """Recorded replies by the hash of their request, in a file of JSON lines; safe to use from several threads."""

    path: Path
    recording: bool = False
    """Ask the model for what is not recorded yet, and record it."""
    missed: list[str] = field(default_factory=list)
    """Requests without a recorded reply, abbreviated."""
    _replies: dict[str, Reply] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Raises ReplayError when the file is missing (unless recording) or damaged."""
        if not self.path.exists() and not self.recording:
            raise ReplayError(f"no recorded calls in {self.path}; record them with --record {self.path}")
        for number, line in enumerate(self.path.read_text("utf-8").splitlines() if self.path.exists() else (), 1):
            try:
                row = json.loads(line)
                key = row.pop("key")
                self._replies[key] = Reply(**row)
            except (ValueError, KeyError, TypeError) as error:
                raise ReplayError(
                    f"{self.path}:{number}: not a recorded call ({error}); record it again with --record"
                ) from None

    def get(self, key: str) -> Reply | None:
        """The recorded reply to a request; None when there is none."""
        return self._replies.get(key)

    def put(self, key: str, reply: Reply) -> None:
        """Appends one call to the file at once, so that nothing is lost when a run breaks off."""
        with self._guard:
            self._replies[key] = reply
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"key": key, **asdict(reply)}, ensure_ascii=False) + "\n")

    def check(self) -> None:
        """Raises ReplayError when any call had no recorded reply, even if the product recovered from it."""
        if self.missed:
            raise ReplayError(
                f"{len(self.missed)} calls are not in {self.path}, the first one: {self.missed[0]}; the prompts, the corpus "
                "or the settings have changed since the recording; record again with --record"
            )


@contextmanager
def through(cassette: Cassette, spec: str) -> Iterator[str]:
    """Yields the spec under which the product reaches the same model through the cassette.

    A model file is loaded with the first call that is not recorded. Raises ReplayError for a spec that names neither a file
    nor a server of the OpenAI protocol.
    """
    name = _model_name(spec)
    server = _Server(spec)

    def respond(body: dict[str, Any], authorization: str) -> Reply:
        key = key_of(body)
        reply = cassette.get(key)
        if reply is not None:
            return reply
        if not cassette.recording:
            cassette.missed.append(_abbreviated(body))
            return Reply("this call was not recorded", status=404)
        reply = _forward(server.base_url(), body, authorization)
        if reply.status == 200:
            cassette.put(key, reply)
        return reply

    with serve(respond) as url:
        yield f"{url}#{name}"


class _Server:
    """The server of the model; that of a file starts when it is first asked."""

    def __init__(self, spec: str) -> None:
        self._spec = spec
        self._guard = threading.Lock()
        self._running: Any = None

    def base_url(self) -> str:
        """The root of the protocol. Raises ReplayError when the file cannot be loaded."""
        if not self._spec.startswith(_FILE):
            return address(self._spec)[0]
        with self._guard:
            self._running = self._running or run_file(Path(self._spec.removeprefix(_FILE)))
            return f"{self._running.listening_address}/v1"


def run_file(path: Path) -> Any:
    """A llama.cpp server for the file on loopback; it ends with the last reference to it."""
    import xllamacpp

    if not path.is_file():
        raise ReplayError(f"no model file {path}; name it as gguf:PATH")
    p = xllamacpp.CommonParams()
    p.model.path = str(path)
    p.hostnames, p.port, p.n_ctx, p.n_parallel = ["127.0.0.1"], 0, _CONTEXT, 1
    p.ui, p.endpoint_slots, p.verbosity = False, False, -1
    return xllamacpp.Server(p)


def _model_name(spec: str) -> str:
    return Path(spec.removeprefix(_FILE)).stem if spec.startswith(_FILE) else address(spec)[1]


def key_of(body: dict[str, Any]) -> str:
    """The sha256 of model, messages and every parameter except those that say how the reply is delivered."""
    asked = {name: value for name, value in body.items() if name not in ("stream", "stream_options")}
    return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def address(spec: str) -> tuple[str, str]:
    """The base URL and the model of a spec. Raises ReplayError for a spec that names no server."""
    kind, _, name = spec.partition(":")
    if kind == "openai":
        return os.environ.get("OPENAI_BASE_URL") or _OPENAI, name
    if kind == "ollama":
        return _OLLAMA, name
    base, _, model = spec.partition("#")
    if not base.startswith(("http://", "https://")) or not model:
        raise ReplayError(f"model {spec!r} cannot be recorded; serve it and name it as http://host:port/v1#MODEL")
    return base.rstrip("/"), model


def _abbreviated(body: dict[str, Any]) -> str:
    """The question in a request, or the beginning of its last message."""
    asked = str(body.get("messages", [{}])[-1].get("content", ""))
    question = re.search(r"^Question: .+$", asked, re.M)
    return " ".join((question[0] if question else asked).split())[:160]


def key_for(spec: str) -> str | None:
    """The key for the model's server: OpenAI's for OpenAI alone, ASSISTANT_LLM_API_KEY for all others."""
    own = os.environ.get("ASSISTANT_LLM_API_KEY")
    return own or (os.environ.get("OPENAI_API_KEY") if spec.startswith("openai:") else None)


def _forward(base: str, body: dict[str, Any], authorization: str) -> Reply:
    import httpx

    asked = {name: value for name, value in body.items() if name not in ("stream", "stream_options")}
    try:
        answer = httpx.post(
            f"{base}/chat/completions", json=asked, headers={"Authorization": authorization}, timeout=_SECONDS
        )
        document = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        return Reply(f"{type(error).__name__} while recording", status=502)
    if answer.status_code != 200:
        return Reply("the model refused the call that was to be recorded", status=answer.status_code)
    usage = document.get("usage") or {}
    return Reply(
        document["choices"][0]["message"].get("content") or "",
        int(usage.get("prompt_tokens") or 0),
        int(usage.get("completion_tokens") or 0),
    )
