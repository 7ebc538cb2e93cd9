"""Times answers of a model file against bare llama.cpp: `python -m eval.model_time --llm gguf:PATH --corpus FOLDER`.

The bare completion reads as many tokens as the answer read anew and writes as many; the two take turns, so that what else
runs on the machine slows both.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer

from assistant import Answer, Assistant
from eval import questions
from eval.replay import run_file
from eval.scratch import scratch_library
from eval.writers import select

_TYPES = ("figure", "method", "multi", "comparison")
_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds to the first sentence and to the end; None where no sentence was shown."""

    first: float | None
    whole: float


def main(
    llm: Annotated[str, typer.Option(help="A model file, as gguf:PATH.")],
    corpus: Annotated[Path | None, typer.Option(help="Files to ask; none: the bundled sample.")] = None,
    count: Annotated[int, typer.Option("--questions", help="Questions to time.")] = 20,
    papers: Annotated[int, typer.Option(help="Papers that an answer may draw on (k).")] = 4,
    citing: Annotated[str, typer.Option(help="inline or select.")] = "inline",
) -> None:
    """Print the medians as JSON."""
    firsts: list[float] = []
    wholes: list[float] = []
    seconds: list[float] = []
    with scratch_library(corpus) as assistant:
        bare = _Bare(Path(llm.removeprefix("gguf:")), " ".join(p.abstract for p in assistant.papers()))
        view = assistant.using(llm=llm, llm_citing=citing, k=papers)
        view.ask("What loads the model, and what does it cost?")
        for question in select(questions.load(), 10 * count, _TYPES):
            answer, took = _timed(view, question.question)
            if not answer.usage.completion_tokens or took.first is None:
                continue
            first, whole = bare.seconds(answer)
            firsts.append(took.first / first)
            wholes.append(took.whole / whole)
            seconds.append(took.whole)
            if len(wholes) == count:
                break
    figures = {
        "answers": len(wholes),
        "first sentence, times bare": round(median(firsts), 3),
        "whole answer, times bare": round(median(wholes), 3),
        "seconds": round(median(seconds), 1),
    }
    typer.echo(json.dumps(figures))


def _timed(assistant: Assistant, question: str) -> tuple[Answer, Times]:
    started, first = time.perf_counter(), None
    answer: Answer | None = None
    for event in assistant.stream(question):
        if event.sentence is not None and first is None:
            first = time.perf_counter() - started
        answer = event.answer or answer
    assert answer is not None  # noqa: S101 - the last event holds it
    return answer, Times(first, time.perf_counter() - started)


class _Bare:
    """A llama.cpp server of its own, asked for plain completions of other stretches of text each time."""

    def __init__(self, file: Path, text: str) -> None:
        self._server = run_file(file)
        self._tokens: list[int] = self._post("tokenize", content=text)["tokens"]
        self._at = 0

    def seconds(self, answer: Answer) -> tuple[float, float]:
        """Seconds to as many tokens as the answer's first sentence has, and to as many as the model wrote."""
        read = answer.usage.prompt_tokens - answer.usage.cached_tokens
        prompt = self._tokens[self._at : self._at + read]
        self._at = (self._at + read) % (len(self._tokens) // 2)
        first = len(self._post("tokenize", content=str(answer.sentences[0]))["tokens"])
        started, taken = time.perf_counter(), []
        for _ in self._written(prompt, max(first, answer.usage.completion_tokens)):
            taken.append(time.perf_counter() - started)
        return taken[min(first, len(taken)) - 1], taken[-1]

    def _written(self, prompt: list[int], tokens: int) -> Iterator[str]:
        import httpx

        body = {"prompt": prompt, "n_predict": tokens, "ignore_eos": True, "cache_prompt": False, "stream": True}
        url = f"{self._server.listening_address}/completion"
        with httpx.stream("POST", url, json=body, timeout=_SECONDS) as reply:
            for line in reply.iter_lines():
                if line.startswith("data:") and not json.loads(line[5:]).get("stop"):
                    yield line

    def _post(self, path: str, **body: object) -> Any:
        import httpx

        return httpx.post(f"{self._server.listening_address}/{path}", json=body, timeout=_SECONDS).json()


if __name__ == "__main__":
    typer.run(main)
