"""What the page says about the library: how many papers, example questions, and filling it when it is empty.

Knows nothing about conversations.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

from assistant import Assistant, AssistantError, IndexProgress, Paper
from assistant.ui.text import clean, shortened

_FRESH = 60.0
"""Seconds for which the library is not counted again; another program may add to it at any time."""
_HANDLE = re.compile(r"[A-Za-z0-9][\w+\-.]{1,23}(?: [\w+\-.]{1,16}){0,2}")
_PATTERNS = ("What does {} propose?", "What results does {} report?", "Which problem does {} address?")


class Shelf:
    """The library as every visitor sees it; safe to use from several threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._counted = float("-inf")
        self._worker: threading.Thread | None = None
        self._failure: Exception | None = None
        self._progress = ""
        self.count = 0
        self.examples: list[str] = []

    def refresh(self) -> int:
        """Counts again when the last count is old; returns how many papers there are."""
        if self.count == 0 or time.monotonic() - self._counted > _FRESH:
            papers = self._assistant.papers()
            self.count, self.examples = len(papers), examples(papers)
            self._counted = time.monotonic()
        return self.count

    def fill(self) -> Iterator[str]:
        """Indexes the bundled sample and says how far it is; whoever calls meanwhile follows the same run.

        Raises AssistantError as `Assistant.add` does.
        """
        with self._lock:
            if self._worker is None or not self._worker.is_alive():
                self._failure, self._progress = None, "Indexing the bundled sample…"
                # A thread of its own: a visitor who leaves must not end what the others wait for.
                self._worker = threading.Thread(target=self._index, name="index-sample", daemon=True)
                self._worker.start()
            worker = self._worker
        while worker.is_alive():
            yield self._progress
            worker.join(0.4)
        if self._failure is not None:
            raise self._failure
        self.refresh()

    def _index(self) -> None:
        try:
            self._assistant.add(progress=self._follow)
        except AssistantError as error:
            self._failure = error
        except Exception as error:
            self._failure = AssistantError(f"the bundled sample could not be indexed: {error}")

    def _follow(self, progress: IndexProgress) -> None:
        self._progress = f"Indexing the bundled sample: {progress.stored} papers so far ({progress.stage})…"


def examples(papers: list[Paper], count: int = 4) -> list[str]:
    """Questions that the library should be able to answer, spread over it, from what papers call themselves."""
    handles = list(dict.fromkeys(h for p in papers if (h := _handle(p.title)) is not None))
    if not handles:
        handles = [f"“{shortened(clean(p.title), 60)}”" for p in papers]
    step = max(1, len(handles) // count)
    chosen = handles[step // 2 :: step][:count]
    return [_PATTERNS[i % len(_PATTERNS)].format(handle) for i, handle in enumerate(chosen)]


def _handle(title: str) -> str | None:
    """`CREAM` of “CREAM: Consistency …”: short, before a colon, and written like a name."""
    head, colon, _ = clean(title).partition(":")
    head = head.strip()
    if not colon or not _HANDLE.fullmatch(head) or not re.search(r"[A-Z].*[A-Z0-9]", head):
        return None
    return head
