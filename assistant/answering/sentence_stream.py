"""One request for prose: a prompt goes out, whole sentences with their citation numbers come back."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.citations import Marked, MarkerParser
from assistant.llm.client import LanguageModel
from assistant.llm.prompt import Prompt
from assistant.types import Heartbeat, Usage

_ENDS = (".", "!", "?", ":", "”", '"', ")")


def stream_sentences(
    model: LanguageModel, prompt: Prompt, deadline: float, most: int | None = None, heard: list[str] | None = None
) -> Iterator[Marked | Usage | Heartbeat]:
    """The sentences of the reply as they are complete; its pieces, as they came, are added to `heard`. Raises ModelError.

    An incomplete sentence, left where the stream broke off or the reply reached its limit of tokens (`most`, else the model's
    usual one), is dropped.
    """
    parser = MarkerParser()
    for piece in model.stream(prompt.system, prompt.user, deadline=deadline, most=most):
        if isinstance(piece, str):
            if heard is not None:
                heard.append(piece)
            yield from parser.feed(piece)
        elif isinstance(piece, Usage):
            yield piece
            rest = parser.close()
            at_limit = piece.completion_tokens >= min(most or model.reply_tokens, model.reply_tokens)
            yield from rest[:-1] if at_limit and rest and not rest[-1].text.endswith(_ENDS) else rest
        else:
            yield piece
