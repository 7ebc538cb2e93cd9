"""A question as the rest of the pipeline sees it: checked, classified and, where it leaned on others, contextualized."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import QuestionError
from assistant.query.scope import Scope
from assistant.types import Filters, Usage

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


def checked(question: str) -> str:
    """The question on one line. Raises QuestionError when it is empty or too long."""
    question = " ".join(question.split())
    if not question:
        raise QuestionError("the question is empty; write what you want to know")
    if len(question) > _MOST_CHARACTERS:
        raise QuestionError(f"the question has {len(question)} characters; shorten it to {_MOST_CHARACTERS}")
    return question
