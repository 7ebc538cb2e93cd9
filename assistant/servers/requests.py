"""What other programs may ask of a library: one class for each request, the same for every protocol."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant import LAST_RUN, Assistant, Filters, Step
from assistant.servers import results
from assistant.servers.filters import FilterFields

_LONGEST = 4000
_Topic = Annotated[str, Field(description="What the papers state, such as: diffusion models.", max_length=_LONGEST)]
_TopicOrNone = Annotated[
    str,
    Field(description="What the papers state; leave it out to take all that pass the filters.", max_length=_LONGEST),
]
_Question = Annotated[str, Field(description="A complete question that names its subject.", max_length=_LONGEST)]
_Papers = Annotated[list[str], Field(description="Ids of papers, as results name them.", max_length=100)]
_Limit = Annotated[int | None, Field(description="Most papers to list, the best first; counts count all.", ge=1)]


class LibraryRequest(BaseModel):
    """A request with filters. A field that is misspelt is refused: a filter would otherwise let every paper through."""

    model_config = ConfigDict(extra="forbid", strict=True)
    limit_for_models: ClassVar[int | None] = None
    """The `limit` of a language model that names none: what it reads should be short."""

    filters: Annotated[FilterFields | None, Field(description="Which papers count.")] = None

    @property
    def chosen(self) -> Filters | None:
        """The filters, or None where none is set. Raises SettingsError for a value that no paper can have."""
        found = self.filters.filters() if self.filters else Filters()
        return None if found == Filters() else found

    def answer(self, assistant: Assistant, step: Step) -> dict[str, Any]:
        """The result as JSON; `step` is told how far it is, and may raise to stop it. Raises AssistantError."""
        raise NotImplementedError


class Ask(LibraryRequest):
    """Answer a question from the abstracts, each sentence with the exact span that it cites, or say that they do not state it.
    Also counts, lists and describes papers where the question asks for that; `query` says how it was understood."""

    question: _Question

    def answer(self, assistant: Assistant, step: Step) -> dict[str, Any]:
        """The document of `assistant ask --json`."""
        with closing(assistant.stream(self.question, filters=self.chosen)) as events:  # type: ignore[type-var]  # it is a generator
            answer = None
            for event in events:
                step(0, 0)
                answer = event.answer
        assert answer is not None  # noqa: S101 - the last event always holds the answer
        return answer.to_dict()


class Search(LibraryRequest):
    """Rank the papers closest to a question, each with its closest sentence. For "all papers that …" use `find`."""

    question: _Question
    k: Annotated[int, Field(description="Number of papers to search for.", ge=1, le=20)] = 8

    def answer(self, assistant: Assistant, step: Step) -> dict[str, Any]:
        """The document of `assistant search --json`."""
        return {"hits": [asdict(hit) for hit in assistant.search(self.question, self.k, self.chosen)]}


class Find(LibraryRequest):
    """List and count all papers that state something: every paper is judged, and each comes with the span that shows it.
    Use it for "how many" and "which papers"; `unclear` papers come near without a sentence that says so."""

    limit_for_models = 25
    topic: _TopicOrNone = ""
    limit: _Limit = None

    def answer(self, assistant: Assistant, step: Step) -> dict[str, Any]:
        """The document of `assistant find --json`."""
        found = assistant.find(self.topic, self.chosen, step).to_dict()
        return {**found, **{pile: found[pile][: self.limit] for pile in ("papers", "unclear")}}


class Table(LibraryRequest):
    """Compare papers by columns, each cell with the span that states it, or null where the paper does not state it.
    Name a topic, or papers by their ids."""

    limit_for_models = 10
    topic: _TopicOrNone = ""
    paper_ids: Annotated[list[str], Field(description="Ids of papers, in place of a topic.", max_length=1000)] = []
    columns: Annotated[
        list[str] | None,
        Field(
            description="Default: task, method, data, result, compared with, limitation, code. Any other column, such as "
            "`number of parameters`, is a question to each paper.",
            max_length=20,
        ),
    ] = None
    limit: _Limit = None

    def answer(self, assistant: Assistant, step: Step) -> dict[str, Any]:
        """The document of `assistant table --json`."""
        papers = self.paper_ids or None
        return assistant.table(self.topic, self.columns, papers, self.chosen, self.limit, step).to_dict()


class Facts(LibraryRequest):
    """What named papers state: task, method, data, results, comparisons, limitations, code and more, each with its span."""

    paper_ids: Annotated[_Papers, Field(min_length=1)]

    def answer(self, assistant: Assistant, step: Step) -> dict[str, Any]:
        """The document of `assistant facts --json`."""
        return {"papers": [one.to_dict() for one in assistant.facts(self.paper_ids, self.chosen, step)]}


class Related(LibraryRequest):
    """Papers near one or several papers, each with the sentence that shows why."""

    paper_ids: Annotated[_Papers, Field(min_length=1)]
    away_from: Annotated[list[str], Field(description="Leave out what is nearer to these papers.", max_length=100)] = []
    k: Annotated[int, Field(description="Number of papers.", ge=1, le=100)] = 10

    def answer(self, assistant: Assistant, step: Step) -> dict[str, Any]:
        """The document of `assistant related --json`."""
        return assistant.related(self.paper_ids, self.away_from, self.k, self.chosen, step).to_dict()


class Trend(LibraryRequest):
    """The share of each year's papers that state a topic, with its 95 % interval, and whether it rises or falls."""

    topic: _Topic

    def answer(self, assistant: Assistant, step: Step) -> dict[str, Any]:
        """The document of `assistant trend --json`."""
        return assistant.trend(self.topic, self.chosen, step).to_dict()


class Digest(LibraryRequest):
    """What came into the library since a date, by topic, with one finding of each paper and the standing questions it touches."""

    limit_for_models = 5
    since: Annotated[str, Field(description=f"A date such as 2026-11-01, or `{LAST_RUN}`, the newest papers.")] = (
        LAST_RUN
    )
    limit: Annotated[int | None, Field(description="Most papers of each topic; `count` counts all.", ge=1)] = None

    def answer(self, assistant: Assistant, step: Step) -> dict[str, Any]:
        """The document of `assistant digest --json`."""
        found = assistant.digest(self.since, self.chosen, step).to_dict()
        topics = [{**topic, "papers": topic["papers"][: self.limit]} for topic in found["topics"]]
        return {**found, "topics": topics}


@dataclass(frozen=True, slots=True)
class Operation:
    """A request with the type of its result."""

    request: type[LibraryRequest]
    result: Any


QUESTIONS = {"ask": Operation(Ask, dict[str, Any]), "search": Operation(Search, results.Hits)}
LIBRARY = {
    "find": Operation(Find, results.Listing),
    "table": Operation(Table, results.Table),
    "facts": Operation(Facts, results.Facts),
    "related": Operation(Related, results.Related),
    "trend": Operation(Trend, results.Trend),
    "digest": Operation(Digest, results.Digest),
}
"""What is asked of the whole library, by the name of its command."""


def described(request: type[BaseModel]) -> str:
    """What the request does, on one line."""
    return " ".join((request.__doc__ or "").split())


def complaint(error: ValidationError, fields: Mapping[str, Any]) -> str:
    """What is wrong with a request, on one line: the field, the reason and, for an unknown field, the `fields` there are."""
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    known = f"; it has {', '.join(fields)}" if first["type"] == "extra_forbidden" else ""
    return " ".join(f"{where}: {first['msg']}{known}".removeprefix(": ").split())
