"""From a question and the conversation before it to one `Query`."""

from __future__ import annotations

from collections.abc import Generator

from assistant.llm.client import LanguageModel
from assistant.query.contextualize import Contextualizer
from assistant.query.courtesy import is_courtesy
from assistant.query.model_contextualize import reword
from assistant.query.query import Query
from assistant.query.scope import scope_of
from assistant.types import Filters, Heartbeat, History, Usage


def understand(
    question: str,
    history: History,
    filters: Filters | None,
    contextualizer: Contextualizer,
    model: LanguageModel | None,
    deadline: float,
) -> Generator[Heartbeat, None, Query]:
    """Contextualizes the question, in the model's words where there is a model, and classifies it.

    `question` is checked already. Raises LibraryError and EmbeddingError from the search for what a follow-up means.
    """
    standalone, usage = contextualizer.contextualize(question, history, filters), Usage()
    if model is not None and standalone != question:
        wording, usage = yield from reword(model, question, history, deadline)
        standalone = wording or standalone
    return Query(question, standalone, is_courtesy(question), scope_of(question), filters, usage)
