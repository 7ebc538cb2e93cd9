"""What a question was understood to ask: its intent, its topic, and the papers that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

Intent = Literal[
    "lookup",
    "compare",
    "list",
    "count",
    "trend",
    "table",
    "overview",
    "about",
    "metadata",
    "smalltalk",
    "no question",
    "unclear",
]
"""What a question asks for: what some abstracts state (`lookup`, `compare`); all papers of a kind, their number, their
share over the years, or a table of them; what is in the library, or what one paper is about; what records say; nothing;
what was said before, where nothing was (`unclear`)."""


OF_THESE = ", of these: "
"""Joins the topics of a question and of the one that narrows its list: a paper has to state both."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which papers an answer may use. Both ends of a range belong to it; None, or no value, leaves a side open.

    A paper passes where it has one of the values of each field. One whose record leaves a field empty passes no filter by it.
    """

    year_from: int | None = None
    year_to: int | None = None
    sources: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Ids of papers that must not be used."""
    pinned: tuple[str, ...] = ()
    """Ids of papers that are always read, whatever else is filtered out; excluded papers stay out."""
    authors: tuple[str, ...] = ()
    """Names, whole or in part: "Ann Beek", "A. Beek" and "Beek" find the same author."""
    venues: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    date_from: str | None = None
    """ISO dates, or the beginning of one: `2024-03` as the last day means the end of March."""
    date_to: str | None = None
    added_from: str | None = None
    """ISO dates or times (UTC) of when the library first stored a paper."""
    added_to: str | None = None
    authors_from: int | None = None
    """Number of authors."""
    authors_to: int | None = None
    keywords: tuple[str, ...] = ()
    """Whole keywords or words of them."""
    collections: tuple[str, ...] = ()
    """The reader's collections, each with those in it: `Thesis` has the papers of `Thesis/Chapter 2`."""
    languages: tuple[str, ...] = ()
    """Codes or names: `de` and `German` are the same."""
    publication_types: tuple[str, ...] = ()
    """Words of the type that the source states, such as `review` or `conference paper`."""
    kinds: tuple[str, ...] = ()
    """Kinds of paper: `survey`, `trial`, `benchmark`, `dataset`, `theory`, `method`, `study`."""
    no_retracted: bool = False
    """Leaves out papers that were retracted or withdrawn, and notices of it."""

    @property
    def restrict(self) -> bool:
        """Whether the filters rule any paper out; pinning papers rules out none."""
        return replace(self, pinned=()) != Filters()

    @property
    def conditions(self) -> Filters:
        """What the filters ask of a paper's record; papers that are named by their ids are left to the caller."""
        return replace(self, exclude=(), pinned=())

    def given(self) -> dict[str, Any]:
        """The fields that are set, as lists, numbers and strings."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value not in (None, ()) and value is not False
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Filters:
        """The inverse of `given`."""
        values: dict[str, Any] = {f.name: document[f.name] for f in fields(cls) if f.name in document}
        values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a question was understood; it is shown beside the answer, so that a reader can correct it."""

    intent: Intent
    topic: str
    """What listed or counted papers are about, in the question's words; empty where the filters alone decide."""
    filters: Filters
    """Those of the user, with those that the question names."""
    standalone: str
    """The question as it was understood, without the conversation before it."""

    def to_dict(self) -> dict[str, Any]:
        """The `query` of `ask --json`."""
        return {
            "intent": self.intent,
            "topic": self.topic,
            "filters": self.filters.given(),
            "standalone": self.standalone,
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Plan:
        """The inverse of `to_dict`."""
        filters = Filters.from_dict(document["filters"])
        return cls(document["intent"], document["topic"], filters, document["standalone"])
