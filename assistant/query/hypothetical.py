"""Has a language model write a sentence as the abstract might have it that answers a question, to search for that as well.

Nothing else is done with the sentence, which may be wrong in every detail: it brings in the terms of the field. After Gao et
al., arXiv 2212.10496.
"""

from __future__ import annotations

from collections.abc import Generator

from assistant.llm.client import LanguageModel
from assistant.llm.prompt import fill, visible
from assistant.llm.short_reply import short_reply
from assistant.types import Heartbeat, Usage

_TOKENS = 64


def hypothetical_sentence(
    model: LanguageModel, question: str, deadline: float
) -> Generator[Heartbeat, None, tuple[str, Usage]]:
    """The sentence, empty where the model fails, and the tokens used. Raises TemplateError."""
    prompt = fill("hypothetical.md", question=visible(question))
    reply, usage = yield from short_reply(model, prompt, deadline, most=_TOKENS)
    return visible(reply), usage
