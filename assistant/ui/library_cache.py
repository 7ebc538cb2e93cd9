"""Caches the papers of the library in memory for all visitors, and derives years, sources and example questions."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Sequence

from assistant import Assistant, Filters, Paper
from assistant.ui.text import shortened, strip_invisible

_MAX_AGE = 60.0
"""Seconds until the library is read again, because another program may add to it at any time."""
_HANDLE = re.compile(r"[A-Za-z0-9][\w+\-.]{1,23}(?: [\w+\-.]{1,16}){0,2}")
_PATTERNS = ("What does {} propose?", "What results does {} report?", "Which problem does {} address?")


class LibraryCache:
    """The library as every visitor sees it; safe to use from several threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._read = float("-inf")
        self._papers: dict[str, Paper] = {}
        self._examples: list[str] = []

    @property
    def papers(self) -> dict[str, Paper]:
        """All papers by their id, ordered by title."""
        with self._lock:
            if not self._papers or time.monotonic() - self._read > _MAX_AGE:
                self._papers = {p.paper_id: p for p in self._assistant.papers()}
                self._examples = examples(list(self._papers.values()))
                self._read = time.monotonic()
            return self._papers

    @property
    def examples(self) -> list[str]:
        """Questions that the library should be able to answer."""
        return self._examples if self.papers else []

    @property
    def count(self) -> int:
        """Number of papers."""
        return len(self.papers)

    def invalidate(self) -> None:
        """Makes the next access read the library again."""
        with self._lock:
            self._read = float("-inf")

    @property
    def years(self) -> dict[int | None, int]:
        """Number of papers per year, ascending; those without a year last."""
        counted = Counter(p.year for p in self.papers.values())
        return {year: counted[year] for year in sorted(counted, key=lambda y: (y is None, y or 0))}

    @property
    def sources(self) -> list[str]:
        """Names of the files that the papers come from."""
        return sorted({source for p in self.papers.values() for source in p.sources})

    def count_passing(self, filters: Filters) -> int:
        """Number of papers that these filters let through."""
        return sum(_passes(p, filters) for p in self.papers.values())


def _passes(paper: Paper, filters: Filters) -> bool:
    low, high = filters.year_from, filters.year_to
    in_time = (low is None and high is None) or (
        paper.year is not None and (low is None or paper.year >= low) and (high is None or paper.year <= high)
    )
    in_source = not filters.sources or bool(set(filters.sources) & set(paper.sources))
    return in_time and in_source and paper.paper_id not in filters.exclude


def examples(papers: Sequence[Paper], count: int = 4) -> list[str]:
    """Questions that the library should be able to answer, spread over it, made of the names in its titles."""
    handles = list(dict.fromkeys(h for p in papers if (h := _handle(p.title)) is not None))
    if not handles:
        handles = [f"“{shortened(strip_invisible(p.title), 60)}”" for p in papers]
    step = max(1, len(handles) // count)
    chosen = handles[step // 2 :: step][:count]
    return [_PATTERNS[i % len(_PATTERNS)].format(handle) for i, handle in enumerate(chosen)]


def question_about(paper: Paper) -> str:
    """The question that a click on a paper asks."""
    return f"What does {_handle(paper.title) or f'“{shortened(strip_invisible(paper.title), 160)}”'} propose?"


def _handle(title: str) -> str | None:
    """`CREAM` of “CREAM: Consistency …”: short, before a colon, and written like a name."""
    head, colon, _ = strip_invisible(title).partition(":")
    head = head.strip()
    if not colon or not _HANDLE.fullmatch(head) or not re.search(r"[A-Z].*[A-Z0-9]", head):
        return None
    return head
