"""What a reader sees when a model fails, and how long it takes: `python tests/fault_table.py` prints both as Markdown.

The faults are those of `test_models_faults`, on the bundled sample. Also measured: what we add to the time to the first
token of a model that takes a fixed time, and how soon a stopped answer frees the server.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fake_server import FakeServer, serve
from test_models_faults import FAULTS

from assistant import Answer, Assistant, Settings

QUESTION = "How many trainable parameters were enough to bring RoBERTa to 90% of its full performance on MRPC?"
REPLY = "Optimizing just 200 trainable parameters lets RoBERTa reach 90% of its fully tuned performance on MRPC [1]. "
DELAY = 0.3
REPEATS = 20
LIMITS: dict[str, Any] = {"llm_first_token": 2.0, "llm_silence": 2.0, "cache": False, "llm_api_key": "canary-key-4711"}
MORE = {
    "stall in the middle": {"hang": "middle"},
    "stream cut in the middle": {"cut_after": len(REPLY) + 20},
}


def main() -> None:
    """Prints the three measurements."""
    with tempfile.TemporaryDirectory() as home, Assistant(Settings(home=Path(home), llm="quotes")) as assistant:
        assistant.add()
        assistant.ask(QUESTION)
        print(_first_token(assistant), "", sep="\n")
        print(
            "| fault | seconds | requests | shown | note |", "|---|---|---|---|---|", *_faults(assistant), "", sep="\n"
        )
        for hang in ("start", "middle"):
            print(_stopping(assistant, hang))


def _faults(assistant: Assistant) -> Iterator[str]:
    for name, values in {**{n: v for n, (v, _) in FAULTS.items()}, **MORE}.items():
        with serve(REPLY * 2 if name in MORE else "", **values) as server:
            yield _row(name, assistant, server.spec, server)
    yield _row("no server", assistant, "http://127.0.0.1:9/v1#gone", None)


def _row(name: str, assistant: Assistant, spec: str, server: FakeServer | None) -> str:
    started = time.perf_counter()
    answer = assistant.using(llm=spec, **LIMITS).ask(QUESTION)
    seconds = time.perf_counter() - started
    note = answer.notes[0].replace(spec, "MODEL").replace(spec.split("#")[0], "ADDRESS") if answer.notes else ""
    return f"| {name} | {seconds:.1f} | {len(server.requests) if server else '–'} | {_shown(answer)} | {note} |"


def _shown(answer: Answer) -> str:
    quotes = sum(any(s.text in c.quote for c in answer.citations) for s in answer.sentences)
    return f"{quotes} quotes" if quotes == len(answer.sentences) else f"{len(answer.sentences)} proven sentences"


def _first_token(assistant: Assistant) -> str:
    read, before, after = [], [], []
    with serve(REPLY, size=1000, delay=DELAY) as server:
        view = assistant.using(llm=server.spec, **LIMITS)
        view.ask(QUESTION)
        for _ in range(REPEATS):
            shown = 0.0
            started = time.perf_counter()
            for event in view.stream(QUESTION):
                shown = shown or (time.perf_counter() if event.sentence else 0.0)
                timings: dict[str, Any] = event.answer.timings_ms if event.answer else {}
            read.append(timings["read"])
            before.append(
                server.arrived[-1] - started - sum(timings[s] for s in ("rewrite", "retrieve", "read")) / 1000
            )
            after.append(shown - server.arrived[-1] - DELAY)
    return (
        f"Over a model that takes {DELAY * 1000:.0f} ms to its first token, beyond retrieval, median (and least) of {REPEATS}: "
        f"{statistics.median(read):.0f} ({min(read):.0f}) ms in which the reader decides whether there is an answer, "
        f"{1000 * statistics.median(before):.0f} ({1000 * min(before):.0f}) ms until the request reaches the model, "
        f"{1000 * statistics.median(after):.0f} ({1000 * min(after):.0f}) ms from its first token to the first verified sentence."
    )


def _stopping(assistant: Assistant, hang: str) -> str:
    with serve(REPLY * 2, hang=hang) as server:
        events = assistant.using(llm=server.spec, cache=False).stream(QUESTION)
        for event in events:
            if event.waiting is not None and server.silent.is_set():
                break
        started = time.perf_counter()
        events.close()  # type: ignore[attr-defined]  # it is a generator
        server.left.wait(10)
    return f"Stopped while the server is silent ({hang}): it is free after {1000 * (time.perf_counter() - started):.0f} ms."


if __name__ == "__main__":
    main()
