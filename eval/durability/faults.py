"""What a reader sees when a language model fails, and how long it takes, as a Markdown table.

Also measured: what we add to the time to the first token of a model that takes a fixed time, and how soon a stopped answer
frees the server. The sample is asked throughout.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any

from assistant import Answer, Assistant
from eval.fake_server import FakeServer, serve

FAULTS: dict[str, dict[str, Any]] = {
    "too many requests": {"status": 429, "retry_after": "0"},
    "too many requests for long": {"status": 429, "retry_after": "3600"},
    "server error": {"status": 500, "retry_after": "0"},
    "hang before the first token": {"hang": "start"},
    "cut before anything": {"raw": b""},
    "broken JSON": {"raw": b'data: {"choices": [\n\n'},
    "not the protocol": {"raw": b"data: [1, 2]\n\n"},
    "error in the stream": {"raw": b'data: {"error": {"message": "out of memory"}}\n\n'},
    "error as plain text in the stream": {"raw": b'data: {"error": "out of memory"}\n\n'},
    "end mark without a reason to finish": {"raw": b"data: [DONE]\n\n"},
    "error in place of a stream": {
        "raw": b'{"error": {"message": "out of memory"}}',
        "content_type": "application/json",
    },
    "web page in place of a stream": {"raw": b"<html>", "content_type": "application/json"},
    "empty answer": {},
    "wrong key": {"status": 401},
    "unknown model": {"status": 404},
    "prompt too long": {
        "status": 400,
        "message": "request (9000 tokens) exceeds the available context size",
    },
}
"""How a `FakeServer` fails before it has sent anything of use."""
_QUESTION = "How many trainable parameters were enough to bring RoBERTa to 90% of its full performance on MRPC?"
_REPLY = "Optimizing just 200 trainable parameters lets RoBERTa reach 90% of its fully tuned performance on MRPC [1]. "
_LATER_FAULTS: dict[str, dict[str, Any]] = {
    "stall in the middle": {"hang": "middle"},
    "stream cut in the middle": {"cut_after": len(_REPLY) + 20},
}
_DELAY, _REPEATS = 0.3, 20
_LIMITS: dict[str, Any] = {"llm_first_token": 2.0, "llm_silence": 2.0, "cache": False, "llm_api_key": "canary-key-4711"}


def report(assistant: Assistant) -> Iterator[str]:
    """The lines of all three measurements; the assistant's library holds the sample."""
    assistant.ask(_QUESTION)  # loads the models, so that no measurement does
    yield from (_time_to_first_token(assistant), "")
    yield from ("| fault | seconds | requests | shown | note |", "|---|---|---|---|---|", *_rows(assistant), "")
    yield from (_stopping(assistant, hang) for hang in ("start", "middle"))


def _rows(assistant: Assistant) -> Iterator[str]:
    for name, values in {**FAULTS, **_LATER_FAULTS}.items():
        with serve(_REPLY * 2 if name in _LATER_FAULTS else "", **values) as server:
            yield _row(name, assistant, server.spec, server)
    yield _row("no server", assistant, "http://127.0.0.1:9/v1#gone", None)


def _row(name: str, assistant: Assistant, spec: str, server: FakeServer | None) -> str:
    started = time.perf_counter()
    answer = assistant.using(llm=spec, **_LIMITS).ask(_QUESTION)
    seconds = time.perf_counter() - started
    note = answer.notes[0].replace(spec, "MODEL").replace(spec.split("#")[0], "ADDRESS") if answer.notes else ""
    return f"| {name} | {seconds:.1f} | {len(server.requests) if server else '–'} | {_shown(answer)} | {note} |"


def _shown(answer: Answer) -> str:
    quotes = sum(any(s.text in c.quote for c in answer.citations) for s in answer.sentences)
    if quotes == len(answer.sentences):
        return f"{quotes} quotes"
    return answer.tally or f"{len(answer.sentences)} verified sentences"


def _time_to_first_token(assistant: Assistant) -> str:
    assessing, before, after = [], [], []
    with serve(_REPLY, size=1000, delay=_DELAY) as server:
        view = assistant.using(llm=server.spec, **_LIMITS)
        view.ask(_QUESTION)
        for _ in range(_REPEATS):
            shown, timings = 0.0, dict[str, float]()
            started = time.perf_counter()
            for event in view.stream(_QUESTION):
                shown = shown or (time.perf_counter() if event.sentence else 0.0)
                timings = event.answer.timings_ms if event.answer else timings
            stages = sum(timings[stage] for stage in ("contextualize", "retrieve", "read") if stage in timings)
            assessing.append(timings["read"])
            before.append(1000 * (server.arrived[-1] - started) - stages)
            after.append(1000 * (shown - server.arrived[-1] - _DELAY))
    return (
        f"Over a model that takes {1000 * _DELAY:.0f} ms to its first token, beyond retrieval, median (and minimum) of "
        f"{_REPEATS}: {_median(assessing)} ms in which the answerability model decides whether there is an answer, "
        f"{_median(before)} ms until the request reaches the model, "
        f"{_median(after)} ms from its first token to the first verified sentence."
    )


def _median(values: list[float]) -> str:
    return f"{statistics.median(values):.0f} ({min(values):.0f})"


def _stopping(assistant: Assistant, hang: str) -> str:
    with serve(_REPLY * 2, hang=hang) as server:
        events = assistant.using(llm=server.spec, cache=False).stream(_QUESTION)
        for event in events:
            if event.waiting is not None and server.silent.is_set():
                break
        started = time.perf_counter()
        events.close()  # type: ignore[attr-defined]  # it is a generator
        server.left.wait(10)
    milliseconds = 1000 * (time.perf_counter() - started)
    return f"Stopped while the server is silent ({hang}): it is free after {milliseconds:.0f} ms."
