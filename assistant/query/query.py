"""From a question and the conversation before it to one `Query`: checked, contextualized and classified."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from assistant.errors import QuestionError
from assistant.llm.client import LanguageModel
from assistant.query.contextualize import Contextualizer
from assistant.query.courtesy import is_courtesy
from assistant.query.cues import without_titles
from assistant.query.listing import listing_intent
from assistant.query.model_contextualize import reword
from assistant.query.parts import on_same_subject
from assistant.query.record import RecordField, record_field
from assistant.query.scope import Scope, scope_of
from assistant.types import Filters, Heartbeat, History, Intent, Plan, Usage

_MOST_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Query:
    """One understood question."""

    question: str
    """As it was asked."""
    standalone: str
    """The wording that is answered; it needs no conversation to be understood."""
    searched: str
    """What is searched for: the same, with what later questions of the message say about the same subject."""
    intent: Intent
    """What it asks for; `smalltalk` for greetings, thanks and questions about the assistant itself."""
    topic: str
    """What the papers that it lists or counts are about; empty where filters alone decide, and for other intents."""
    scope: Scope
    """How many papers the question is about, judged by its wording."""
    about: tuple[str, ...]
    """Ids of the papers that it points at, such as that of "[2]"; empty where retrieval has to find what it is about."""
    unknown_citation: int | None
    """A number in brackets in it under which the conversation showed nothing."""
    record: RecordField | None
    """What it asks of the record of a paper instead of its abstract, such as the authors."""
    filters: Filters | None
    """Those of the user and those that the question names, with the papers that are pointed at pinned, and those shown
    before left out of further ones."""
    usage: Usage
    """Tokens that a language model took to contextualize the question."""
    untranslated: str | None = None
    """The language that it is in, where that is not English and nothing translated it."""

    @property
    def plan(self) -> Plan:
        """How the question was understood, as it is shown beside the answer."""
        return Plan(self.intent, self.topic, self.filters or Filters(), self.standalone)


def checked(question: str, what: str = "question") -> str:
    """The question (or `what` it is) on one line. Raises QuestionError when it is empty or too long."""
    question = " ".join(question.split())
    if not question:
        raise QuestionError(f"the {what} is empty; write one")
    if len(question) > _MOST_CHARACTERS:
        raise QuestionError(f"the {what} has {len(question)} characters; shorten it to {_MOST_CHARACTERS}")
    return question


def understand(
    question: str,
    history: History,
    said: History,
    to_come: Sequence[str],
    filters: Filters | None,
    contextualizer: Contextualizer,
    model: LanguageModel | None,
    deadline: float,
) -> Generator[Heartbeat, None, Query]:
    """Contextualizes a checked question, in the model's words where there is a model, and classifies it.

    `said` holds the answers to the earlier parts of the same message, `to_come` its later parts. What points at a paper is resolved without the
    model, which has not seen what was shown. Raises LibraryError and EmbeddingError from the search for what is meant.
    """
    found, usage = contextualizer.contextualize(question, history, filters, said), Usage()
    standalone = found.question
    if model is not None and standalone != question and not (found.about or found.shown or said):
        wording, usage = yield from reword(model, question, history, deadline)
        standalone = wording or standalone
    if found.about or found.shown:
        filters = filters if filters is not None else Filters()
        filters = replace(filters, pinned=(*filters.pinned, *found.about), exclude=(*filters.exclude, *found.shown))
    return Query(
        question=question,
        standalone=standalone,
        searched=" ".join([standalone, *on_same_subject(to_come)]),
        intent="smalltalk" if is_courtesy(question) else listing_intent(standalone) or "lookup",
        topic="",
        scope=scope_of(standalone if found.shown else question),
        about=found.about,
        unknown_citation=found.unknown_citation,
        record=record_field(without_titles(found.question)),
        filters=filters,
        usage=usage,
    )
