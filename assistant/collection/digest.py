"""What came into the library since a day or since the last run of `index`, by topic, with one finding of each paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from assistant.collection.watch import Found, Watch
from assistant.errors import SettingsError
from assistant.injections.screening import are_planted
from assistant.library import topic_map
from assistant.library.library import Library
from assistant.text import sentences
from assistant.types import Filters, Paper, Span, Step

LAST_RUN = "last run"
_SINCE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2}(?:T[\d:]+Z?)?)?)?")
_FIGURE = re.compile(r"\d+(?:\.\d+)?\s*(?:\\?%|x\b|×|times|points?\b|percent)|\d+\.\d+")
_RESULT = re.compile(
    r"(?i)\b(?:outperform|surpass|improv|achiev|reach|reduc|lower|rais|beat|exceed|show|demonstrat|find|found|result|prove|"
    r"reveal|gain|better|faster|yield)\w*"
)
"""How abstracts begin to say what came out."""


@dataclass(frozen=True, slots=True)
class DigestPaper:
    """A paper that came in, and the sentence of its abstract that says most about what came out."""

    paper_id: str
    title: str
    year: int | None
    added: str
    """ISO 8601, UTC; empty where an earlier release stored it."""
    finding: Found | None
    """None where the abstract has no sentence of its own."""

    def to_dict(self) -> dict[str, Any]:
        """The row of a topic in `assistant digest --json`."""
        return {**asdict(self), "finding": self.finding and self.finding.to_dict()}


@dataclass(frozen=True, slots=True)
class DigestTopic:
    """Papers that came in about one topic of the library, under the terms that set it apart."""

    terms: tuple[str, ...]
    papers: tuple[DigestPaper, ...]


@dataclass(frozen=True, slots=True)
class TouchedWatch:
    """A standing question, and what came in that its answer rests on."""

    watch_id: str
    question: str
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What came in since a time, by topic, the largest first, and what of it touches a standing question."""

    since: str
    """ISO 8601; empty where all papers are told of."""
    count: int
    of: int
    """Papers in the library."""
    topics: tuple[DigestTopic, ...]
    watches: tuple[TouchedWatch, ...]

    def to_dict(self) -> dict[str, Any]:
        """The document of `assistant digest --json`."""
        topics = [{"terms": list(t.terms), "papers": [p.to_dict() for p in t.papers]} for t in self.topics]
        watches = [{**asdict(w), "found": [f.to_dict() for f in w.found]} for w in self.watches]
        return {**asdict(self), "topics": topics, "watches": watches}


def digest(
    library: Library,
    watches: Sequence[Watch],
    since: str,
    filters: Filters | None = None,
    step: Step | None = None,
) -> Digest:
    """What came in since an ISO date or time, or since the `last run` of `index` that added papers.

    `step` receives the papers read and their total. Raises SettingsError for any other `since`.
    """
    time = library.last_run if since == LAST_RUN else _checked(since)
    filters = filters or Filters()
    later = max(time, filters.added_from or "")
    chosen = set(library.store.select(replace(filters, added_from=later or None)))
    topics = _by_topic(library, chosen, step)
    touched = [(w, tuple(f for f in w.found if f.paper_id in chosen)) for w in watches]
    return Digest(
        since=time,
        count=len(chosen),
        of=library.store.count(),
        topics=topics,
        watches=tuple(TouchedWatch(w.watch_id, w.question, found) for w, found in touched if found),
    )


def _by_topic(library: Library, chosen: set[str], step: Step | None) -> tuple[DigestTopic, ...]:
    if not chosen:
        return ()
    added = library.store.arrivals.of(sorted(chosen))
    topics, papers = topic_map.group(library, sorted(chosen), step)
    found: dict[int, list[DigestPaper]] = {}
    for paper, label in papers:
        row = DigestPaper(paper.paper_id, paper.shown_title, paper.year, added.get(paper.paper_id, ""), finding(paper))
        found.setdefault(label, []).append(row)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(DigestTopic(topics[label].terms, _by_title(rows)) for label, rows in ordered)


def _by_title(papers: Sequence[DigestPaper]) -> tuple[DigestPaper, ...]:
    return tuple(sorted(papers, key=lambda p: (p.title.casefold(), p.paper_id)))


def finding(paper: Paper) -> Found | None:
    """The sentence that says most about what came out: with figures before without, later ones before earlier ones."""
    spans = sentences.split(paper.abstract)

    def weight(item: tuple[int, Span]) -> tuple[int, int]:
        quote = paper.abstract[item[1].start : item[1].end]
        asks = quote.endswith("?")
        return 2 * bool(_RESULT.search(quote)) + bool(_FIGURE.search(quote)) - 4 * asks, item[0]

    for _, best in sorted(enumerate(spans), key=weight, reverse=True):
        quote = paper.abstract[best.start : best.end]
        if not are_planted([quote])[0]:
            return Found(paper.paper_id, paper.shown_title, quote, best.start, best.end)
    return None


def _checked(since: str) -> str:
    text = since.strip()
    try:
        if _SINCE.fullmatch(text):
            date.fromisoformat((text + "-01-01")[:10])
            return text
    except ValueError:
        pass
    raise SettingsError(f"since {since!r}: use a date such as 2026-11-01, or `{LAST_RUN}`")
