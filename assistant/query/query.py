"""From a question and the conversation before it to one `Query`: checked, contextualized and classified."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from assistant.errors import QuestionError
from assistant.llm.client import LanguageModel
from assistant.query.contextualize import Contextualizer
from assistant.query.courtesy import is_courtesy
from assistant.query.model_contextualize import reword
from assistant.query.scope import Scope, scope_of
from assistant.types import Filters, Heartbeat, History, Usage

_MOST_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Query:
    """One understood question."""

    question: str
    """As it was asked."""
    standalone: str
    """The wording that is searched for; it needs no conversation to be understood."""
    is_courtesy: bool
    """True for greetings, thanks and questions about the assistant itself, which no abstract answers."""
    scope: Scope
    """How many papers the question is about, judged by its wording."""
    filters: Filters | None
    usage: Usage
    """Tokens that a language model took to contextualize the question."""


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
    filters: Filters | None,
    contextualizer: Contextualizer,
    model: LanguageModel | None,
    deadline: float,
) -> Generator[Heartbeat, None, Query]:
    """Contextualizes a checked question, in the model's words where there is a model, and classifies it.

    Raises LibraryError and EmbeddingError from the search for what a follow-up means.
    """
    standalone, usage = contextualizer.contextualize(question, history, filters), Usage()
    if model is not None and standalone != question:
        wording, usage = yield from reword(model, question, history, deadline)
        standalone = wording or standalone
    return Query(question, standalone, is_courtesy(question), scope_of(question), filters, usage)
