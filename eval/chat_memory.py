"""Measures the memory of the chat page while many visitors come and go.

`python -m eval.chat_memory --home FOLDER` serves a copy of that library as `assistant ui` does, holds conversations of two
questions each, and prints memory and times as JSON. Some visitors close their tab after the first question, some in the
middle of an answer, and some leave it open to the end.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from assistant import Assistant, Settings
from eval.visitor import ServedPage, Visitor, serving

_VISITORS = 4
"""Visitors at the same time."""
_EVERY = 50
"""Conversations between two looks at the memory."""
_OPEN_TABS = 20
_SECOND = (
    "On which data is it tested?",
    "How does it compare with earlier work?",
    "Which papers are close to this one?",
    "What are its limits?",
    "And how many parameters does it need?",
)


def questions(home: Path) -> Iterator[tuple[str, str]]:
    """The two questions of each conversation; the first one names another paper each time while there are any."""
    with Assistant(Settings(home=home, llm="quotes")) as assistant:
        papers = assistant.papers()
    number = 0
    while True:
        paper = papers[number * 7 % len(papers)]
        yield f"What does “{paper.title}” propose?", _SECOND[number % len(_SECOND)]
        number += 1


@dataclass
class Visits:
    """Holds conversations, and remembers how long the answers took."""

    page: ServedPage
    seconds: list[float] = field(default_factory=list)
    first_sentence: list[float] = field(default_factory=list)
    kept: ExitStack = field(default_factory=ExitStack)
    """Tabs that stay open to the end."""

    def hold(self, number: int, first: str, second: str) -> None:
        """One conversation: of 25, one stays open, two are abandoned after a question, two in the middle of an answer."""
        kind = number % 25
        with ExitStack() as closing:
            stack = self.kept if kind == 0 else closing
            visitor = stack.enter_context(Visitor(self.page.url))
            self._ask(visitor, first)
            if kind in (5, 15):
                return
            if kind in (10, 20):
                next(visitor.steps(second))
                return
            self._ask(visitor, second)

    def _ask(self, visitor: Visitor, question: str) -> None:
        started, shown = time.perf_counter(), 0.0
        for step in visitor.steps(question):
            if not shown and 'class="sentence' in step:
                shown = time.perf_counter() - started
        self.seconds.append(time.perf_counter() - started)
        if shown:
            self.first_sentence.append(shown)


def measure(page: ServedPage, asked: Iterator[tuple[str, str]], conversations: int, warm_up: int) -> dict[str, Any]:
    """Memory by conversations, its slope after the warm-up in MB per 100 of them, and the times of the answers."""
    visits = Visits(page)
    started = time.perf_counter()
    samples = [(0, page.memory())]
    with visits.kept, ThreadPoolExecutor(_VISITORS) as pool:
        for begin in range(0, conversations, _EVERY):
            numbers = range(begin, min(begin + _EVERY, conversations))
            for held in [pool.submit(visits.hold, number, *next(asked)) for number in numbers]:
                held.result()
            samples.append((numbers.stop, page.memory()))
            typer.echo(f"{numbers.stop}: {samples[-1][1]}", err=True)
    settled = [(count, memory["rss"]) for count, memory in samples if count >= warm_up]
    counts, sizes = np.array(settled, dtype=np.float64).T
    slope = np.polyfit(counts, sizes, 1)[0] if len(settled) > 1 else float("nan")
    return {
        "conversations": conversations,
        "questions": len(visits.seconds),
        "minutes": round((time.perf_counter() - started) / 60, 1),
        "rss_mb": {str(count): round(memory["rss"]) for count, memory in samples},
        "pss_mb": round(samples[-1][1]["pss"]),
        "rss_slope_mb_per_100": round(100 * float(slope), 2),
        "first_answer_s": round(visits.seconds[0], 2),
        "first_sentence_median_s": round(statistics.median(visits.first_sentence), 3),
        "answer_median_s": round(statistics.median(visits.seconds), 3),
    }


def main(
    home: Annotated[Path, typer.Option(help="A library; a copy of it is used.")],
    conversations: Annotated[int, typer.Option(help="Of two questions each.")] = 500,
    warm_up: Annotated[int, typer.Option(help="Conversations before the slope is measured.")] = 200,
) -> None:
    """Serve the page over a copy of the library, and print what the visitors cost."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(home, Path(folder) / "home"))
        asked = questions(copy)
        with serving(copy) as page:
            typer.echo(json.dumps(measure(page, asked, conversations, warm_up), indent=1))


if __name__ == "__main__":
    typer.run(main)
