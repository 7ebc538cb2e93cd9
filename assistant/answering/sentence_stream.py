"""One request of a draft: a prompt goes out, whole sentences and the tokens used come back.

Knows nothing about what is asked or what becomes of the sentences.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answering.prompts import Prompt
from assistant.citations import Marked, MarkerParser
from assistant.llm import LanguageModel
from assistant.types import Heartbeat, Removed, Usage
from assistant.verification.grounding import GroundedSentence

_ENDS = (".", "!", "?", ":", "”", '"', ")")


Drafted = GroundedSentence | Removed | Usage | Heartbeat
"""What drafting gives out."""


def sentences_of(
    model: LanguageModel, prompt: Prompt, deadline: float, most: int | None = None
) -> Iterator[Marked | Usage | Heartbeat]:
    """The reply's sentences as they come. Raises ModelError.

    The half one at which a stream broke off, or a reply reached its limit of tokens (`most`, else the model's usual one),
    is no draft.
    """
    parser = MarkerParser()
    for piece in model.stream(prompt.system, prompt.user, deadline=deadline, most=most):
        if isinstance(piece, Usage):
            yield piece
            rest = parser.close()
            at_limit = piece.completion_tokens >= min(most or model.reply_tokens, model.reply_tokens)
            yield from rest[:-1] if at_limit and rest and not rest[-1].text.endswith(_ENDS) else rest
        elif isinstance(piece, Heartbeat):
            yield piece
        else:
            yield from parser.feed(piece)
