"""What requests about the whole library return, as types: the JSON documents of the command line.

`start` and `end` are characters of the paper's abstract or, where a span says `"in": "title"`, of its title.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12


class Hit(TypedDict):
    """A paper and its sentence that is closest to the question."""

    paper_id: str
    title: str
    score: float
    quote: str


class Hits(TypedDict):
    """The closest papers, best first."""

    hits: list[Hit]


ListedPaper = TypedDict(
    "ListedPaper",
    {
        "paper_id": str,
        "title": str,
        "quote": str,
        "start": int,
        "end": int,
        "in": NotRequired[Literal["title"]],
    },
)


class Listing(TypedDict):
    """`count` papers of `of` state the criterion; `read` were judged. `unclear` ones come near it."""

    criterion: str
    count: int
    read: int
    of: int
    papers: list[ListedPaper]
    unclear: list[ListedPaper]


CellSpan = TypedDict(
    "CellSpan",
    {"value": str, "quote": str, "start": int, "end": int, "in": NotRequired[Literal["title"]]},
)
Cell = TypedDict(
    "Cell",
    {
        "value": str,
        "quote": str,
        "start": int,
        "end": int,
        "in": NotRequired[Literal["title"]],
        "all": NotRequired[list[CellSpan]],
    },
)


class Row(TypedDict):
    """One paper; a cell is null where it states nothing."""

    paper_id: str
    title: str
    cells: dict[str, Cell | None]


class Table(TypedDict):
    """The first of `of` papers, by columns."""

    columns: list[str]
    rows: list[Row]
    of: int


Fact = TypedDict(
    "Fact",
    {
        "kind": str,
        "value": str,
        "quote": str,
        "start": int,
        "end": int,
        "in": NotRequired[Literal["title"]],
        "details": NotRequired[dict[str, str]],
    },
)


class PaperFacts(TypedDict):
    """What one paper states."""

    paper_id: str
    title: str
    facts: list[Fact]


class Facts(TypedDict):
    """What each paper states."""

    papers: list[PaperFacts]


class RelatedPaper(TypedDict):
    """A paper near the seeds, with its sentence that shares most of their rare words."""

    paper_id: str
    title: str
    score: float
    quote: str
    start: int
    end: int
    shared: list[str]


class Related(TypedDict):
    """The nearest of `read` papers, best first."""

    seeds: list[str]
    away_from: list[str]
    read: int
    papers: list[RelatedPaper]


class TrendYear(TypedDict):
    """`count` of the year's `of` papers; `low` to `high` is the 95 % interval of the share."""

    year: int
    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None
    few: bool


class Trend(TypedDict):
    """The shares of a topic over the years; `summary` says whether they rise or fall beyond chance."""

    topic: str
    count: int
    read: int
    of: int
    years: list[TrendYear]
    undated_count: int
    undated_of: int
    summary: str


class DigestPaper(TypedDict):
    """A paper that came in, with the sentence that says most about what came out."""

    paper_id: str
    title: str
    year: int | None
    added: str
    finding: ListedPaper | None


class DigestTopic(TypedDict):
    """Papers that came in about one topic."""

    terms: list[str]
    papers: list[DigestPaper]


class TouchedWatch(TypedDict):
    """A standing question whose answer rests on papers that came in."""

    watch_id: str
    question: str
    found: list[ListedPaper]


class Digest(TypedDict):
    """`count` of the library's `of` papers came in since then."""

    since: str
    count: int
    of: int
    topics: list[DigestTopic]
    watches: list[TouchedWatch]


class Watch(TypedDict):
    """A standing question, and the spans that its answer rests on."""

    watch_id: str
    created: str
    question: str
    kind: Literal["list", "answer"]
    filters: dict[str, Any]
    llm: str
    found: list[ListedPaper]


class Watches(TypedDict):
    """The standing questions, oldest first."""

    watches: list[Watch]


class Cause(TypedDict):
    """A paper, and what happened to it."""

    paper_id: str
    what: Literal["new", "changed", "deleted"]


class WatchChange(TypedDict):
    """How the answer to a standing question changed in one run, and because of which papers."""

    number: int
    watch_id: str
    question: str
    created: str
    added: list[ListedPaper]
    removed: list[ListedPaper]
    because: list[Cause]
    summary: str


class WatchChanges(TypedDict):
    """All changes, newest first."""

    changes: list[WatchChange]
