"""A follow-up put into words that stand alone by a language model; where it fails, the rule's words stand."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence

from assistant.errors import ModelError
from assistant.llm import LanguageModel
from assistant.query.rewriting_prompt import accepted, build_standalone
from assistant.types import Answer, Heartbeat, Usage

_LOG = logging.getLogger(__name__)
_SECONDS = 30.0
"""That a model may take for it; the reader waits for the answer, not for this."""


class Rewording:
    """Follow-ups in one model's words."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def stream(self, question: str, history: Sequence[str | Answer]) -> Iterator[str | Usage | Heartbeat]:
        """The question as it stands alone, if the model finds it; `Heartbeat` while nothing comes, its `Usage` last."""
        deadline = min(self._model.deadline(), time.monotonic() + _SECONDS)
        reply: list[str] = []
        try:
            yield from self._model.prepare(deadline)
            prompt = build_standalone(question, history, self._model.fits)
            for piece in self._model.stream(prompt.system, prompt.user, deadline=deadline):
                if isinstance(piece, str):
                    reply.append(piece)
                    yield Heartbeat()
                else:
                    yield piece
        except ModelError as error:
            _LOG.info("the follow-up stands in the rule's words: %s", error)
            return
        said = accepted("".join(reply), question, history)
        if said is not None:
            yield said
