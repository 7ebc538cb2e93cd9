"""From a question and the conversation before it to one `Query`: checked, contextualized and classified."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from assistant.documents.clean import clean
from assistant.errors import QuestionError
from assistant.llm.client import LanguageModel
from assistant.query.contextualize import Contextualizer, Standalone
from assistant.query.cues import asks_for_more, without_titles
from assistant.query.follow_up import FollowUp, follow_up
from assistant.query.intents import Grammar, Understood
from assistant.query.metadata import Asked, asked_of_one
from assistant.query.model_contextualize import reword
from assistant.query.parts import on_same_subject
from assistant.query.pointing import Turn
from assistant.query.scope import Scope, scope_of
from assistant.query.shorthand import spelled_out
from assistant.query.standing import without_retracted
from assistant.types import Answer, Filters, Heartbeat, History, Intent, Plan, Usage

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
    asked: Asked | None
    """What it asks of the records of papers instead of their abstracts, such as the authors."""
    filters: Filters | None
    """Those of the user and those that the question names, with the papers that are pointed at pinned, and those shown
    before left out of further ones."""
    usage: Usage
    """Tokens that a language model took to contextualize the question."""
    columns: tuple[str, ...] = ()
    """What it compares papers by, as it names it; empty for the usual columns."""
    relative: bool = False
    """Whether its filters depend on the day on which it is asked."""
    untranslated: str | None = None
    """The language that it is in, where that is not English and nothing translated it."""

    @property
    def plan(self) -> Plan:
        """How the question was understood, as it is shown beside the answer."""
        return Plan(self.intent, self.topic, self.filters or Filters(), self.standalone)


def checked(question: str, what: str = "question") -> str:
    """The question (or `what` it is) on one line. Raises QuestionError when it is empty or too long."""
    question = clean(question)
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
    grammar: Grammar,
    model: LanguageModel | None,
    deadline: float,
) -> Generator[Heartbeat, None, Query]:
    """Contextualizes a checked question, in the model's words where there is a model, and finds out what it asks for.

    `said` holds the answers to the earlier parts of the same message, `to_come` its later parts. What points at a paper is resolved without the
    model, which has not seen what was shown. A question about the whole library leans on nothing that was said before.
    Raises LibraryError and EmbeddingError from the search for what is meant.
    """
    if history and isinstance(latest := history[-1], Answer) and not said:
        goes_on = follow_up(spelled_out(question), latest, grammar, filters)
        if goes_on is not None:
            return _going_on(question, goes_on)
    typed = question
    bare, left_out = without_retracted(question)
    if left_out:
        filters = replace(filters or Filters(), no_retracted=True)
    question = spelled_out(bare)
    begins = not (said or _showed_papers(history))
    wanted, usage = (
        grammar.understand(question, filters, learned=not history, begins=begins),
        Usage(),
    )
    alone = (wanted.of_library and not asks_for_more(question)) or wanted.papers or wanted.intent == "no question"
    found = Standalone(question) if alone else contextualizer.contextualize(question, history, filters, said)
    standalone = found.question
    large = model is not None and not model.may_be_small  # a small one loses what the question is about
    if model is not None and large and standalone != question and not (found.about or found.shown or said):
        wording, usage = yield from reword(model, question, history, deadline)
        standalone = wording or standalone
    if standalone == question and history and not alone and not (found.about or found.shown):
        wanted = grammar.understand(question, filters, begins=begins)  # it leans on nothing that was said
    if standalone != question and not (wanted.intent == "about" and found.about):
        again = grammar.understand(standalone, filters)
        wanted = replace(again, filters=wanted.filters)
        if found.shown:  # further papers are searched for by their likeness to one, not listed by a criterion
            wanted = Understood("lookup", filters=wanted.filters)
    if found.about or found.shown:
        before = wanted.filters
        kept = replace(before, pinned=(*before.pinned, *found.about), exclude=(*before.exclude, *found.shown))
        wanted = replace(wanted, filters=kept)
    asked = wanted.asked or asked_of_one(without_titles(found.question))
    if asked is not None and asked.operation == "record" and found.about:
        wanted = replace(wanted, intent="metadata")
    return Query(
        question=typed,
        standalone=standalone,
        searched=" ".join([standalone, *on_same_subject(to_come)]),
        intent=wanted.intent,
        topic=wanted.topic,
        scope=scope_of(standalone if found.shown else question),
        about=found.about or wanted.papers,
        unknown_citation=found.unknown_citation,
        asked=asked,
        filters=wanted.filters if filters is not None or wanted.filters != Filters() else None,
        usage=usage,
        columns=wanted.columns,
        relative=wanted.relative,
    )


def _showed_papers(history: History) -> bool:
    """Whether something was said before that a question can lean on; a greeting and a refusal without quotes are not."""
    return any(not isinstance(turn, Answer) or Turn.of(turn).papers for turn in history)


def _going_on(question: str, found: FollowUp) -> Query:
    """The query of a question that goes on with the list before it."""
    wanted = found.wanted
    return Query(
        question=question,
        standalone=found.standalone,
        searched=found.standalone,
        intent=wanted.intent,
        topic=wanted.topic,
        scope="list",
        about=(),
        unknown_citation=None,
        asked=wanted.asked,
        filters=wanted.filters,
        usage=Usage(),
        relative=wanted.relative,
        columns=wanted.columns,
    )


def corrected(query: Query, plan: Plan) -> Query:
    """The query with the reader's plan in place of what its wording was taken to mean; papers pinned or left out stay so."""
    before = query.filters or Filters()
    kept = query.intent == plan.intent or {query.intent, plan.intent} <= {"list", "count"}
    return replace(
        query,
        intent=plan.intent,
        topic=plan.topic,
        asked=query.asked if kept else None,
        filters=replace(plan.filters, pinned=before.pinned, exclude=before.exclude),
    )
